// Which model is better than which, by how much, and when? The leaderboard's figures as pictures.

import {dotRows} from "./dotRows.js";
import {count, fixed, percent, signedPercent} from "./format.js";
import {heatMap} from "./heatMap.js";
import {isRegime, periodName} from "./periods.js";
import {intervalText} from "./tables.js";

const CLEAR_T = 6; // beyond it a cell is as strong as can be
const BEYOND_CHANCE = 1.96;
const NARROW = 640; // pixels
const STRONG_GAIN = 0.5;
const SHOWN_LOSS = -0.25; // a model that loses by more is drawn at the edge

/** rows: lines of the leaderboard; each model's gain over another with its 95 % interval, the best at the top. */
export function gainsChart(rows, {width = 640, gain = "gain_qlike_har_vix", other, style, document} = {}) {
  return dotRows(gainRows(rows, {gain, other}), {
    width,
    style,
    label: `gain on ${other}, % of its loss →`,
    tickFormat: (value) => fixed(100 * value, 0),
    domain: gainDomain(rows, gain),
    ariaLabel: `Gain on ${other} of each model`,
    document,
  });
}

function gainRows(rows, {gain, other}) {
  return rows
    .filter((row) => Number.isFinite(row[gain]) && row.model !== other)
    .toSorted((a, b) => b[gain] - a[gain])
    .map((row) => {
      const [lo, hi] = [row[`${gain}_lo`], row[`${gain}_hi`]];
      const interval = intervalText(lo, hi);
      const words = interval ? `95 % interval ${interval} %` : "not tested: too few independent outcomes";
      return {
        name: row.model,
        value: row[gain],
        lo: lo ?? Number.NaN,
        hi: hi ?? Number.NaN,
        title: `${row.model}\n${signedPercent(row[gain])} against ${other}\n${words}\nn = ${count(row.n)}, effective ${count(row.n_effective)}`,
      };
    });
}

// A model that loses by far would leave the others no room.
function gainDomain(rows, gain) {
  const ends = rows
    .flatMap((row) => [row[gain], row[`${gain}_lo`], row[`${gain}_hi`]])
    .filter(Number.isFinite);
  return [Math.max(Math.min(-0.05, ...ends), SHOWN_LOSS), Math.min(Math.max(0.05, ...ends), 1)];
}

/** In words, for those who cannot see the chart. */
export function describeGains(rows, {gain = "gain_qlike_har_vix", other} = {}) {
  const parts = gainRows(rows, {gain, other})
    .slice(0, 5)
    .map(({name, value}) => `${name} ${signedPercent(value)}`);
  return `Dots with intervals, a model a row. The largest gains on ${other}: ${parts.join("; ")}.`;
}

/** Both ways round: pairs that are given once, {model, other, difference, dm_t, …}. */
export function bothWays(tests) {
  return tests.flatMap((test) => [
    test,
    {
      ...test,
      model: test.other,
      other: test.model,
      difference: -test.difference,
      difference_lo: -test.difference_hi,
      difference_hi: -test.difference_lo,
      dm_t: -test.dm_t,
    },
  ]);
}

/** tests: both ways round; models in the order of rows and columns. Blue where the row's model is the better one. */
export function testsMatrix(tests, {width = 640, models, document} = {}) {
  const place = new Map(models.map((model, i) => [model, i + 1]));
  const cells = tests
    .filter(({model, other}) => place.has(model) && place.has(other))
    .map(({model, other, dm_t: t, dm_p: p, difference}) => ({
      x: place.get(other),
      y: model,
      value: Number.isFinite(t) ? t : 0,
      text: Math.abs(t) >= BEYOND_CHANCE ? fixed(t, 1) : "",
      title: `${model} against ${other}\nQLIKE ${fixed(difference, 4)}\nDM t ${fixed(t, 2)}, p ${fixed(p, 3)}`,
    }));
  return heatMap(cells, {
    width,
    rows: models.map((model) => ({feature: model, name: `${place.get(model)}  ${model}`})),
    columns: [...place.values()],
    above: false,
    signed: true,
    extent: CLEAR_T,
    scale: chanceScale,
    key: ["row better", "column better"],
    ariaLabel: "Diebold-Mariano t of every pair of models",
    document,
  });
}

// What chance would do is pale.
function chanceScale(share) {
  return share < BEYOND_CHANCE / CLEAR_T ? 0.12 * share : 0.25 + 0.75 * share;
}

/** In words, for those who cannot see the chart. */
export function describeTests(tests, {models}) {
  const beaten = (model) =>
    tests.filter((test) => test.model === model && test.dm_t <= -BEYOND_CHANCE).length;
  const parts = models.slice(0, 5).map((model) => `${model} beats ${beaten(model)}`);
  return `Matrix of ${models.length} models against each other. Beyond chance, ${parts.join("; ")}; the table below has every figure.`;
}

/** rows: lines of the leaderboard of some periods; one cell a model and period, blue for a gain. */
export function gainsByPeriodChart(rows, {width = 640, models, periods, gain, other, document} = {}) {
  const cells = rows
    .filter((row) => models.includes(row.model) && Number.isFinite(row[gain]))
    .map((row) => ({
      x: row.period,
      y: row.model,
      value: -row[gain],
      text: fixed(100 * row[gain], 0),
      title: `${row.model}, ${periodName(row.period)}\n${signedPercent(row[gain])} against ${other}\nQLIKE ${fixed(row.qlike, 4)}, n = ${count(row.n)}`,
    }));
  return heatMap(cells, {
    width,
    rows: models.map((model) => ({feature: model, name: model})),
    columns: periods,
    columnName: width < NARROW ? shortPeriod : regimeName,
    above: false,
    signed: true,
    extent: STRONG_GAIN,
    scale: Math.sqrt,
    key: [`gain ${percent(STRONG_GAIN, 0)}`, `loss ${percent(STRONG_GAIN, 0)}`],
    ariaLabel: `Gain on ${other} by period`,
    document,
  });
}

function regimeName(period) {
  return isRegime(period) ? periodName(period) : period;
}

function shortPeriod(period) {
  return {vix_low: "low", vix_middle: "middle", vix_high: "high", stress: "worst"}[period] ?? period;
}

/** In words, for those who cannot see the chart. */
export function describeGainsByPeriod(rows, {model, gain, other}) {
  const own = rows.filter((row) => row.model === model && Number.isFinite(row[gain]));
  const better = own.filter((row) => row[gain] > 0).length;
  return `Heat map of gains on ${other}, a row a model and a column a period. ${model} gains in ${better} of ${own.length}.`;
}
