// How do models compare, number by number? The leaderboard, the years, the rules of acceptance.

import {dataTable} from "./dataTable.js";
import {el} from "./element.js";
import {count, fixed} from "./format.js";
import {figuresTable, notice, tableBox} from "./tableBox.js";

export {notice};

const LARGEST_SHADE = 0.6; // a gain of 60 % and more has the full shade

/**
 * rows: lines of the leaderboard of one horizon and period, with spa_p where it is known. style: as `modelStyles()`;
 * confidenceSetP: a model is in the set where its p is at least this.
 */
export function leaderboardTable(
  rows,
  {style, champion, confidenceSetP = 0.1, file, sortBy = "qlike", query, note} = {},
) {
  return dataTable(rows, {
    name: "Leaderboard",
    columns: leaderboardColumns({style, confidenceSetP}),
    sortBy,
    file,
    receipt: "record/leaderboard",
    query,
    note,
    rowClass: ({model}) => (model === champion ? "champion" : undefined),
    empty: "No model was scored for this horizon and period.",
  });
}

function leaderboardColumns({style, confidenceSetP}) {
  const gain = (name, other) => ({
    name,
    title: `gain on ${other}`,
    unit: "%, 95 % interval",
    best: "highest",
    text: (value) => fixed(100 * value, 1),
    cell: (row) => [
      fixed(100 * row[name], 1),
      el("small", {class: "interval"}, intervalText(row[`${name}_lo`], row[`${name}_hi`])),
    ],
  });
  const p = (name, title, unit) => ({name, title, unit, text: (value) => fixed(value, 2)});
  return [
    modelColumn({style, confidenceSetP}),
    {name: "qlike", title: "QLIKE", text: (value) => fixed(value, 4), best: "lowest"},
    gain("gain_qlike_rv20", "rv20"),
    gain("gain_qlike_har_vix", "log_har_vix"),
    p("dm_t_har_vix", "DM t", "vs log_har_vix"),
    p("mcs_p", "set p", "T_max"),
    p("mcs_p_range", "set p", "T_R"),
    p("spa_p", "SPA p", "any better?"),
    {name: "rmse_pct", title: "RMSE", unit: "%", text: (value) => fixed(value, 3), best: "lowest"},
    {name: "mae_pct", title: "MAE", unit: "%", text: (value) => fixed(value, 3), best: "lowest"},
    {name: "r2", title: "R²", unit: "of volatility", text: (value) => fixed(value, 3), best: "highest"},
    {name: "bias", title: "bias", unit: "ratio", text: (value) => fixed(value, 3)},
    {name: "n", title: "n", unit: "days", text: count},
    {name: "n_effective", title: "effective n", unit: "n / horizon", text: count},
  ];
}

/** A model's name with its colour, and a mark where it cannot be told from the best. */
export function modelColumn({style, confidenceSetP}) {
  return {
    name: "model",
    title: "Model",
    head: true,
    text: String,
    cell: ({model, mcs_p: p}) => [
      swatch(style(model)),
      model,
      p >= confidenceSetP &&
        el("span", {class: "in-set", title: "Cannot be told from the best: in the confidence set"}, "●"),
    ],
  };
}

/** "16.1 to 23.7", or nothing where there is no interval; fractions as %. */
export function intervalText(lo, hi) {
  return Number.isFinite(lo) && Number.isFinite(hi) ? `${fixed(100 * lo, 1)} to ${fixed(100 * hi, 1)}` : "";
}

/** A cell's ground by a gain: blue for a gain, orange for a loss. */
export function gainTint(gain) {
  if (!Number.isFinite(gain)) return undefined;
  const strength = Math.round(4 + 26 * (Math.min(Math.abs(gain), LARGEST_SHADE) / LARGEST_SHADE));
  const hue = gain < 0 ? "var(--series-orange)" : "var(--series-accent)";
  return `background: color-mix(in srgb, ${hue} ${strength}%, transparent)`;
}

/** gates: {name, claim, value, threshold, judged, passed, blocking}. */
export function gatesTable(gates) {
  if (gates.length === 0) return notice("This run evaluated no acceptance rules.");
  const head = ["Rule", "value", "limit", "outcome"].map((title) =>
    el("th", {scope: "col", class: title === "value" || title === "limit" ? "number" : ""}, title),
  );
  const body = gates.map(({claim, blocking, value, threshold, passed, judged = true}) =>
    el(
      "tr",
      {},
      el(
        "td",
        {class: "wrap"},
        claim.replace(/-(?=\d)/g, "−"),
        blocking && el("small", {}, " (blocks publication)"),
      ),
      el("td", {class: "number"}, fixed(value, 3)),
      el("td", {class: "number"}, fixed(threshold, 3)),
      judged
        ? el("td", {class: passed ? "passed" : "breach"}, passed ? "met" : "not met")
        : el("td", {title: "The history is too short for this figure"}, "not judged"),
    ),
  );
  return tableBox("Acceptance rules", figuresTable(head, body));
}

/** A model's colour as a dot; one without a role has none. */
export function swatch({color, other}) {
  return el("i", {class: "swatch", style: other ? "background: transparent" : `background: ${color}`});
}
