// What holds, how much does a choice move, and what was tried? The multiverse and the ledger in figures.

import {dataTable} from "./dataTable.js";
import {dotRows} from "./dotRows.js";
import {el} from "./element.js";
import {count, fixed, shortDate, signedPercent} from "./format.js";
import {gainTint, swatch} from "./tables.js";

/** claims: of the dataset multiverse_claims. */
export function claimsTable(claims, {file} = {}) {
  return dataTable(claims, {
    name: "Claims and the share of cells in which they hold",
    columns: [
      {name: "words", title: "Claim", wrap: true, text: String},
      {name: "share", title: "holds in", unit: "% of cells", text: (value) => fixed(100 * value, 1)},
      {name: "holding", title: "cells", text: (holding, {cells}) => `${count(holding)} of ${count(cells)}`},
      {name: "robust", title: "robust", text: (robust) => (robust === 1 ? "yes" : "no")},
      {name: "worst_value", title: "worst", text: (value) => fixed(value, 3)},
      {
        name: "worst_cell",
        title: "in the cell",
        wrap: true,
        text: cellInWords,
      },
    ],
    sortBy: "share",
    descending: true,
    rowClass: ({robust}) => (robust === 1 ? "champion" : undefined),
    file,
    receipt: "robustness/claims",
    limit: 20,
    empty: "No claim was tested: the multiverse has not been run on this lake.",
  });
}

// The key of a cell: horizon, model and reference, then its choices.
function cellInWords(key) {
  const [from, window, refit, purge, features, proxy, loss, back] = key.split(" | ").slice(3);
  const span = window === "expanding" ? `since ${from}` : `on the last ${window} sessions`;
  return `trained ${span}, refit every ${refit}, purge ${purge}, features ${features}, outcomes by ${proxy}, loss ${loss}, back from logs by ${back}`;
}

/** effects: of one model: what each option does to its loss, every other choice held. */
export function effectsChart(effects, {width = 640, document} = {}) {
  const name = ({choice, option}) => `${choice}: ${option}`;
  return dotRows(
    effects.map((effect) => ({
      name: name(effect),
      value: effect.median,
      lo: effect.least,
      hi: effect.most,
      title: `${name(effect)}, against ${effect.against}\nmedian ${signedPercent(effect.median, 2)}\nfrom ${signedPercent(effect.least, 2)} to ${signedPercent(effect.most, 2)}\n${count(effect.pairs)} pairs of cells`,
    })),
    {
      width,
      label: "change of the loss, % (right is worse) →",
      tickFormat: (value) => fixed(100 * value, 0),
      domain: effectDomain(effects),
      ariaLabel: "Effect of each option on the loss",
      document,
    },
  );
}

// An option that ruins a model would leave the others no room.
function effectDomain(effects) {
  const ends = effects.flatMap(({least, most}) => [least, most]);
  return [Math.max(-0.3, Math.min(-0.02, ...ends)), Math.min(0.3, Math.max(0.02, ...ends))];
}

/** In words, for those who cannot see the chart. */
export function describeEffects(effects) {
  const parts = effects.map(({choice, option, median}) => `${choice} ${option} ${signedPercent(median, 2)}`);
  return `Median change of the loss against the first option: ${parts.join("; ")}.`;
}

/** rows: of the dataset targets, one horizon; a line a symbol for one model. */
export function targetsTable(rows, {model, file, query}) {
  return dataTable(
    rows.filter((row) => row.model === model),
    {
      name: `${model} on other symbols`,
      columns: [
        {
          name: "symbol",
          title: "Symbol",
          head: true,
          cell: ({symbol, in_set: inSet}) => [
            symbol,
            inSet === 1 && el("span", {class: "in-set", title: "In the confidence set of that symbol"}, "●"),
          ],
        },
        {name: "qlike", title: "QLIKE", text: (value) => fixed(value, 4)},
        {
          name: "gain_qlike_rv20",
          title: "gain on rv20",
          unit: "%",
          text: (value) => fixed(100 * value, 1),
          tint: ({gain_qlike_rv20: gain}) => gainTint(gain),
        },
        {name: "dm_t_rv20", title: "DM t", unit: "vs rv20", text: (value) => fixed(value, 2)},
        {name: "dm_t_har_vix", title: "DM t", unit: "vs log_har_vix", text: (value) => fixed(value, 2)},
        {name: "mcs_p", title: "set p", text: (value) => fixed(value, 2)},
        {name: "bias", title: "bias", unit: "ratio", text: (value) => fixed(value, 3)},
        {name: "n", title: "n", unit: "days", text: count},
        {name: "n_effective", title: "effective n", text: count},
        {name: "first", title: "from", text: shortDate},
        {name: "last", title: "to", text: shortDate},
      ],
      sortBy: "symbol",
      file,
      receipt: "robustness/targets",
      query,
      empty: "Other symbols have not been run on this lake: `make targets`, then `make report`.",
    },
  );
}

/** rows: of the ledger at one horizon, the lowest loss first. */
export function trialsTable(rows, {style, file, query}) {
  return dataTable(rows, {
    name: "Every configuration scored on the reference period",
    columns: [
      {name: "name", title: "Model", head: true, cell: ({name}) => [swatch(style(name)), name]},
      {name: "qlike", title: "QLIKE", text: (value) => fixed(value, 4), best: "lowest"},
      {name: "n", title: "n", unit: "days", text: count},
      {name: "settings", title: "Settings", wrap: true, text: settingsText},
    ],
    sortBy: "qlike",
    file,
    receipt: "robustness/trials",
    query,
    limit: 15,
    empty: "This lake has scored no configuration on the reference period.",
  });
}

function settingsText(settings) {
  return Object.entries(JSON.parse(settings))
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`)
    .join(", ");
}

/** searches: of docs/trials.csv. */
export function searchesTable(searches) {
  return dataTable(searches, {
    name: "Searches made before",
    columns: [
      {name: "date", title: "Date", head: true, text: shortDate},
      {name: "configurations", title: "configurations", text: count},
      {name: "question", title: "Question", wrap: true, text: String},
      {name: "outcome", title: "Outcome", wrap: true, text: String},
    ],
    limit: 6,
    file: "searches",
    receipt: "robustness/searches",
    empty: "No search outside a lake is on record.",
  });
}
