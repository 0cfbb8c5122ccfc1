// What is a model, in short? Its equation, its data and span, its figures by horizon, and what nobody should expect of it.

import {el} from "./element.js";
import {count, fixed, shortDate} from "./format.js";
import {receiptMark} from "./receiptCard.js";
import {figuresTable, notice, tableBox} from "./tableBox.js";

const MANY = 8; // names of features shown at first

export function modelCard(card, {symbol}) {
  const {name, title, equation, source, members, features, limits, champion} = card;
  return el(
    "article",
    {class: champion ? "model-card champion" : "model-card", id: `model-${name}`},
    el("h3", {}, title, el("code", {}, name), champion && el("span", {class: "badge"}, "in use")),
    el("p", {class: "equation"}, equation),
    el(
      "dl",
      {},
      entry("Data", dataText(card, symbol)),
      members.length > 0 && entry("Of", members.join(", ")),
      features.length > 0 && entry("Reads", featureList(features)),
      entry("Span", spanText(card)),
      entry("After", source),
      entry("Limits", limits),
    ),
    metricsTable(card),
    el("p", {class: "exhibit-foot"}, receiptMark(`models/${name}`)),
  );
}

/** Links to the cards: there are many. */
export function modelIndex(cards) {
  const links = cards.map(({name}) => el("li", {}, el("a", {href: `#model-${name}`}, name)));
  return el("nav", {class: "model-index", "aria-label": "Cards"}, el("ul", {}, links));
}

/** The published files by horizon. */
export function servedTable(served) {
  if (served.length === 0) return notice("No model is published.");
  const head = [
    "Sessions ahead",
    "Version",
    "Trained on outcomes",
    "Reads",
    "Parts",
    "SHA-256 of model.json",
  ].map((text) => el("th", {scope: "col"}, text));
  const body = served.map(({horizon, version, trained_from, trained_through, features, trees, sha256}) =>
    el(
      "tr",
      {},
      el("th", {scope: "row"}, String(horizon)),
      el("td", {}, el("code", {}, version)),
      el("td", {}, `${shortDate(trained_from)} to ${shortDate(trained_through)}`),
      el("td", {}, `${features.length} features`),
      el("td", {}, trees ? "regression and trees" : "regression alone"),
      el("td", {class: "wrap"}, el("code", {}, sha256)),
    ),
  );
  return tableBox("Published models", figuresTable(head, body));
}

function metricsTable({metrics, name}) {
  if (metrics.length === 0) return notice("It was not scored.");
  const head = [
    ["Sessions", "ahead"],
    ["QLIKE"],
    ["less than rv20", "%"],
    ["t", "vs log_har_vix"],
    ["RMSE", "%"],
    ["bias", "ratio"],
    ["set p"],
    ["n"],
    ["effective n"],
  ].map(([title, unit], i) =>
    el("th", {scope: "col", class: i === 0 ? "" : "number"}, title, unit && el("small", {}, unit)),
  );
  const body = metrics.map((row) =>
    el(
      "tr",
      {"data-model": name, "data-horizon": String(row.horizon)},
      el("th", {scope: "row"}, String(row.horizon)),
      ...[
        fixed(row.qlike, 4),
        fixed(100 * row.gain_qlike_rv20, 1),
        fixed(row.dm_t_har_vix, 2),
        fixed(row.rmse_pct, 3),
        fixed(row.bias, 3),
        fixed(row.mcs_p, 2),
        count(row.n),
        count(row.n_effective),
      ].map((text) => el("td", {class: "number"}, text)),
    ),
  );
  return tableBox(`Figures of ${name}`, figuresTable(head, body));
}

function dataText({features, members, window}, symbol) {
  const read =
    members.length > 0
      ? "the forecasts of its members"
      : features.length > 0
        ? "daily features"
        : "daily closes";
  return `${symbol}, ${read}, ${window === "expanding" ? "all sessions up to each fit" : window}`;
}

function spanText({fits, firstForecast, lastForecast, trainedThrough, refitEvery}) {
  const every = refitEvery ? `, every ${refitEvery} sessions` : "";
  return `forecasts ${shortDate(firstForecast)} to ${shortDate(lastForecast)}; ${count(fits)} fits${every}, the last on outcomes known by ${shortDate(trainedThrough)}`;
}

function featureList(features) {
  if (features.length <= MANY) return features.join(", ");
  return el("details", {}, el("summary", {}, `${features.length} features`), features.join(", "));
}

function entry(term, value) {
  return [el("dt", {}, term), el("dd", {}, value)];
}
