// What qualifies a record? Its tests in figures, the regressions, the search behind it, the rules, what was said live.

import {dataTable} from "./dataTable.js";
import {el} from "./element.js";
import {count, finePercent, fixed, instant, shortDate, wholePercent} from "./format.js";
import {sessionsName} from "./periods.js";
import {gatesTable, notice, swatch} from "./tables.js";

/** tests: of one model, both ways round. */
export function testsTable(tests, {model, style, file, query}) {
  return dataTable(tests, {
    name: `${model} against every other model`,
    columns: [
      {
        name: "other",
        title: `${model} against`,
        head: true,
        cell: ({other}) => [swatch(style(other)), other],
      },
      {name: "difference", title: "QLIKE less its", text: (value) => fixed(value, 4)},
      {
        name: "difference_lo",
        title: "95 % interval",
        text: (lo, {difference_hi: hi}) => `${fixed(lo, 4)} to ${fixed(hi, 4)}`,
      },
      {name: "dm_t", title: "DM t", unit: "below 0: better", text: (value) => fixed(value, 2)},
      {name: "dm_p", title: "p", text: probability},
    ],
    sortBy: "difference",
    file,
    receipt: "record/comparisons",
    query,
    empty: "Nothing is tested here.",
  });
}

/** rows: of the dataset calibration; order: models from the lowest loss. */
export function calibrationTable(rows, {style, champion, order, file, query}) {
  const place = new Map(order.map((model, i) => [model, i]));
  const small = rows[0]?.scale === "variance"; // intercepts of variance are of the size of 0.0001
  const withError = (name, {factor = 1, digits = 3, unit = ""} = {}) => ({
    name,
    title: name,
    unit: `${unit}standard error`,
    text: (value) => fixed(value * factor, digits),
    cell: (row) => [
      fixed(row[name] * factor, digits),
      el("small", {class: "interval"}, fixed(row[`${name}_se`] * factor, digits)),
    ],
  });
  return dataTable(
    rows.toSorted((a, b) => place.get(a.model) - place.get(b.model)),
    {
      name: "Mincer-Zarnowitz regressions",
      columns: [
        {
          name: "model",
          title: "Model",
          head: true,
          cell: ({model}) => [swatch(style(model)), model],
        },
        withError("intercept", small ? {factor: 1e4, digits: 2, unit: "10⁻⁴, "} : {digits: 4}),
        withError("slope"),
        {name: "score_p", title: "p of (0, 1)", unit: "score", text: probability},
        {name: "wald_p", title: "p of (0, 1)", unit: "Wald", text: probability},
        {
          name: "r2",
          title: "R²",
          unit: "of the regression",
          text: (value) => fixed(value, 3),
          best: "highest",
        },
        {name: "n", title: "n", unit: "days", text: count},
        {name: "n_effective", title: "effective n", text: count},
      ],
      rowClass: ({model}) => (model === champion ? "champion" : undefined),
      file,
      receipt: "record/calibration",
      query,
      empty: "The regression needs 100 independent outcomes: choose a longer period or a shorter horizon.",
    },
  );
}

// No p-value is 0.
function probability(p) {
  return p < 0.001 ? "< 0.001" : fixed(p, 3);
}

/** search: of record.json: what was tried, and what a choice by past losses alone would have had. */
export function searchCards(search) {
  const card = (title, figure, words, quiet, main) =>
    el(
      "section",
      {class: main ? "card main" : "card"},
      el("h3", {}, title),
      el("p", {class: "figure"}, figure),
      el("p", {}, words),
      el("p", {class: "quiet"}, quiet),
    );
  const qlike = (scored) => (scored ? fixed(scored.qlike, 4) : "–");
  const {champion, byPastLosses, menu, lowest, lowestTrial, period, n} = search;
  const where = `QLIKE, five sessions, ${period}, n = ${count(n)}`;
  return el(
    "div",
    {class: "cards"},
    card("In use", qlike(champion), champion?.model ?? "not scored there", where, true),
    card(
      "By past losses alone",
      qlike(byPastLosses),
      byPastLosses
        ? `${byPastLosses.model}: the least loss so far of ${count(menu)} models and combinations, whose forms were found on these years`
        : "this run has no such combination",
      where,
    ),
    card(
      "Lowest, with hindsight",
      qlike(lowest),
      lowest?.model ?? "–",
      lowestTrial ? `of all configurations in this lake ${qlike(lowestTrial)} (${lowestTrial.model})` : where,
    ),
    card(
      "Configurations tried",
      `at least ${count(search.total)}`,
      `${count(search.lake)} scored in this lake, ${count(search.committed)} in searches before`,
      "all horizons",
    ),
  );
}

/** gates: {horizon: rules}. */
export function gatesOfHorizons(gates, horizon) {
  const own = gates[String(horizon)] ?? [];
  return el(
    "div",
    {},
    el("p", {}, `Of the model in use, ${sessionsName(horizon)} ahead, over all sessions.`),
    gatesTable(own.map((gate) => ({...gate, value: gate.value ?? Number.NaN}))),
  );
}

/** live: of record.json. */
export function liveTables({horizons, forecasts}) {
  if (horizons.length === 0) {
    return notice(
      "No forecast has been recorded yet: one is for each run that sees the last closed session before the next one closes.",
    );
  }
  const percentOf = (value) => finePercent(value ?? Number.NaN);
  return el(
    "div",
    {id: "live"},
    dataTable(horizons, {
      name: "Live forecasts by horizon",
      columns: [
        {name: "horizon", title: "Horizon", head: true, text: sessionsName},
        {name: "made", title: "made", text: count},
        {name: "first", title: "first", text: shortDate},
        {name: "last", title: "last", text: shortDate},
        {name: "known", title: "outcome known", text: count},
        {name: "qlike", title: "QLIKE", text: (value) => fixed(value ?? Number.NaN, 4)},
        {
          name: "contained",
          title: "in their interval",
          text: (contained, {bounded}) =>
            bounded > 0
              ? `${count(contained)} of ${count(bounded)} (${wholePercent(contained / bounded)})`
              : "–",
        },
      ],
      file: "live-forecasts",
      receipt: "record/live",
    }),
    dataTable(forecasts, {
      name: "The newest live forecasts",
      columns: [
        {name: "date", title: "Session", head: true, text: shortDate},
        {name: "horizon", title: "horizon", text: count},
        {name: "rv_hat", title: "forecast", text: percentOf},
        {
          name: "lo",
          title: "interval",
          text: (lo, {hi}) => (lo === null || hi === null ? "–" : `${percentOf(lo)} to ${percentOf(hi)}`),
        },
        {
          name: "outcome",
          title: "outcome",
          text: (value) => (value === null ? "not yet known" : percentOf(value)),
        },
        {name: "made_at", title: "recorded", text: instant},
        {name: "hash", title: "record", text: (hash) => hash.slice(0, 12)},
      ],
      limit: 10,
      file: "live-forecasts-newest",
      receipt: "record/live",
    }),
  );
}

/** rows: of the dataset oracle at one horizon: the simulated market's. */
export function oracleTable(rows, {style, champion, file, query}) {
  return dataTable(
    rows.toSorted((a, b) => a.distance - b.distance),
    {
      name: "Distance from the true variance",
      columns: [
        {name: "model", title: "Model", head: true, cell: ({model}) => [swatch(style(model)), model]},
        {
          name: "distance",
          title: "distance",
          unit: "QLIKE on the truth",
          text: (value) => fixed(value, 4),
          best: "lowest",
        },
        {name: "excess", title: "excess loss", unit: "on outcomes", text: (value) => fixed(value, 4)},
        {name: "excess_t", title: "t", text: (value) => fixed(value, 2)},
        {name: "bias", title: "bias", unit: "forecast / truth", text: (value) => fixed(value, 3)},
        {name: "n", title: "n", unit: "days", text: count},
      ],
      rowClass: ({model}) => (model === champion ? "champion" : undefined),
      sortBy: "distance",
      file,
      receipt: "record/oracle",
      query,
    },
  );
}
