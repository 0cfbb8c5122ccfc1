// What came of the reader's choices? A sentence, and the leaderboard under them.

import {dataTable} from "./dataTable.js";
import {el} from "./element.js";
import {count, fixed, percent, shortDate} from "./format.js";
import {periodName, sessionsName} from "./periods.js";
import {intervalText, modelColumn} from "./tables.js";

const LOSSES = {
  qlike: {title: "QLIKE", unit: "on variance", digits: 4, words: "QLIKE on variance"},
  rmse: {title: "RMSE", unit: "%", digits: 3, words: "root mean squared error of volatility"},
  mae: {title: "MAE", unit: "%", digits: 3, words: "mean absolute error of volatility"},
  rmse_variance: {title: "RMSE", unit: "squared %", digits: 2, words: "root mean squared error of variance"},
};
const BEYOND_CHANCE = 1.96;

/** rows: of `breakIt()`. */
export function rescoredTable(rows, {loss, champion, baseline, style, confidenceSetP, choices}) {
  const {title, unit, digits} = LOSSES[loss];
  const p = (name, heading, below) => ({
    name,
    title: heading,
    unit: below,
    text: (value) => fixed(value, 2),
  });
  return dataTable(rows, {
    name: "Leaderboard under these choices",
    columns: [
      modelColumn({style, confidenceSetP}),
      {name: "loss", title, unit, text: (value) => fixed(value, digits), best: "lowest"},
      {
        name: "gain",
        title: `gain on ${baseline}`,
        unit: "%, 95 % interval",
        text: (value) => fixed(100 * value, 1),
        best: "highest",
        cell: ({gain, gain_lo: lo, gain_hi: hi}) => [
          fixed(100 * gain, 1),
          el("small", {class: "interval"}, intervalText(lo, hi)),
        ],
      },
      p("dm_t", "DM t", `vs ${baseline}`),
      {name: "dm_p", title: "p", text: (value) => (value < 0.001 ? "< 0.001" : fixed(value, 3))},
      p("mcs_p", "set p", "T_max"),
      p("mcs_p_range", "set p", "T_R"),
      p("spa_p", "SPA p", "any better?"),
      {name: "bias", title: "bias", unit: "ratio", text: (value) => fixed(value, 3)},
      {name: "n", title: "n", unit: "days", text: count},
      {name: "n_effective", title: "effective n", unit: "n / horizon", text: count},
    ],
    sortBy: "loss",
    rowClass: ({model}) => (model === champion ? "champion" : undefined),
    file: "break-it",
    receipt: "break-it/leaderboard",
    state: choices,
  });
}

/** What the choices make of the model in use, in a sentence. */
export function breakLead(rows, {champion, baseline, confidenceSetP}) {
  const own = rows.find(({model}) => model === champion);
  if (!own) return "";
  const place = 1 + rows.filter(({loss}) => loss < own.loss).length;
  const among = rows.filter(({mcs_p: p}) => p >= confidenceSetP).length;
  const gain =
    champion === baseline ? "it is the baseline" : `its gain on \`${baseline}\` is ${percent(own.gain)}`;
  const test = Number.isFinite(own.dm_t)
    ? ` (t = ${fixed(own.dm_t, 2)}: ${Math.abs(own.dm_t) < BEYOND_CHANCE ? "within chance" : own.dm_t < 0 ? "better beyond chance" : "worse beyond chance"})`
    : "";
  const set = Number.isFinite(own.mcs_p)
    ? ` It is ${own.mcs_p >= confidenceSetP ? "one of" : "not among"} the ${among} that cannot be told from the best.`
    : "";
  return `Under these choices \`${champion}\` comes ${ordinal(place)} of ${rows.length}; ${gain}${test}.${set}`;
}

/** The choices as the measure of a chart. */
export function choicesInWords({horizon, loss, proxy, regime, first, last}, {n, n_effective: effective}) {
  return `${LOSSES[loss].words}, outcomes by ${proxy}, ${sessionsName(horizon)} ahead, ${periodName(regime)} from ${shortDate(first)} to ${shortDate(last)}, n = ${count(n)}, effective ${count(effective)}.`;
}

function ordinal(place) {
  const ending = place % 100 > 10 && place % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}
