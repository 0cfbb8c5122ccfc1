// Do outcomes, forecasts and their intervals agree with one another, wherever one is shown twice?

import {WORST_WINDOW} from "../../evaluation/conformal/coverage.ts";
import {integers, numbers, type Table, texts} from "../../store/table.ts";
import {HORIZONS, isoDate} from "../../units.ts";
import type {Ledger} from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** The realized variance of h sessions is the sum of those of its single sessions: rv_h(t)² = Σ rv_1(t + i)². */
export function checkLabels(labels: Table, ledger: Ledger): void {
  const dates = integers(labels, "date");
  const single = numbers(labels, "rv_1d");
  for (const horizon of HORIZONS) {
    if (horizon === 1) continue;
    const found = numbers(labels, `rv_${horizon}d`);
    for (let t = 0; t + horizon <= labels.rows; t++) {
      let sum = 0;
      for (let i = 0; i < horizon; i++) sum += single[t + i]! ** 2;
      ledger.equal({
        row: isoDate(dates[t]!),
        what: `rv_${horizon}d`,
        found: found[t]!,
        expected: Math.sqrt(sum),
        because: `the root of the sum of ${horizon} squared rv_1d`,
      });
    }
  }
}

/** What is published is the champion's walk-forward forecast, and its interval that of the intervals' dataset. */
export function checkPredictions(
  predictions: Table,
  {
    walkforward,
    intervals,
    champion,
    method,
    ledger,
  }: {
    readonly walkforward: Table;
    readonly intervals: Table;
    readonly champion: string;
    readonly method: string;
    readonly ledger: Ledger;
  },
): void {
  const forecast = forecastsOf(walkforward, champion);
  const bounds = boundsOf(intervals, method);
  const dates = integers(predictions, "date");
  const coverage = numbers(predictions, "interval_coverage");
  for (const horizon of HORIZONS) {
    const [hat, low, high] = ["hat", "lo", "hi"].map((end) => numbers(predictions, `rv_${horizon}d_${end}`));
    for (let t = 0; t < predictions.rows; t++) {
      const row = `${isoDate(dates[t]!)} ${horizon}`;
      const key = `${horizon} ${dates[t]}`;
      ledger.equal({
        row,
        what: `rv_${horizon}d_hat`,
        found: hat![t]!,
        expected: forecast.get(key) ?? Number.NaN,
        because: `${champion}'s walk-forward forecast`,
      });
      ledger.atMost({
        row,
        what: `rv_${horizon}d_lo`,
        found: low![t]!,
        expected: hat![t]!,
        because: "the forecast",
      });
      ledger.atMost({
        row,
        what: "the forecast",
        found: hat![t]!,
        expected: high![t]!,
        because: `rv_${horizon}d_hi`,
      });
      const promised = bounds.get(`${key} ${coverage[t]}`);
      if (!promised) continue;
      ledger.equal({
        row,
        what: `rv_${horizon}d_lo`,
        found: low![t]!,
        expected: promised.low,
        because: "that of intervals_daily",
      });
      ledger.equal({
        row,
        what: `rv_${horizon}d_hi`,
        found: high![t]!,
        expected: promised.high,
        because: "that of intervals_daily",
      });
    }
  }
}

/** Lower ends lie below upper ends, and an interval that promises more holds those that promise less. */
export function checkIntervals(intervals: Table, ledger: Ledger): void {
  const [dates, horizons] = [integers(intervals, "date"), integers(intervals, "horizon")];
  const methods = texts(intervals, "method");
  const [levels, low, high] = ["level", "lo", "hi"].map((name) => numbers(intervals, name));
  const last = new Map<string, number>(); // sorted by key: levels of a date and method follow one another
  for (let row = 0; row < intervals.rows; row++) {
    const key = `${isoDate(dates[row]!)} ${horizons[row]} ${methods[row]}`;
    const name = `${key} ${levels![row]}`;
    ledger.atMost({row: name, what: "lo", found: low![row]!, expected: high![row]!, because: "hi"});
    const inner = last.get(key);
    if (inner !== undefined && levels![inner]! < levels![row]!) {
      ledger.atMost({
        row: name,
        what: "lo",
        found: low![row]!,
        expected: low![inner]!,
        because: `that of ${levels![inner]}`,
      });
      ledger.atMost({
        row: name,
        what: `hi of ${levels![inner]}`,
        found: high![inner]!,
        expected: high![row]!,
        because: "that of the wider interval",
      });
    }
    last.set(key, row);
  }
}

/** A rate follows from its count, what lies below is no more than what was missed, and years add up. */
export function checkCoverage(rows: readonly Row[], ledger: Ledger): void {
  const group = (row: Row): string => `${row.horizon} ${row.model} ${row.method} ${row.level}`;
  for (const row of rows) {
    const name = `${group(row)} ${row.period}`;
    const [n, covered, rate] = [row.n as number, row.covered as number, row.rate as number];
    ledger.equal({row: name, what: "rate", found: rate, expected: covered / n, because: "covered / n"});
    ledger.atMost({
      row: name,
      what: "below",
      found: row.below as number,
      expected: 1 - rate,
      because: "the share not covered",
    });
    const worst = row.worst_rate as number;
    if (!Number.isNaN(worst))
      ledger.equal({
        row: name,
        what: "worst_rate",
        found: worst,
        expected: Math.round(worst * WORST_WINDOW) / WORST_WINDOW,
        because: `the nearest count of ${WORST_WINDOW} sessions`,
      });
  }
  for (const [key, own] of Map.groupBy(rows, group)) {
    const all = own.find(({period}) => period === "all");
    const years = own.filter(({period}) => /^\d{4}$/.test(period as string));
    if (!all || years.length === 0) continue;
    for (const name of ["n", "covered"] as const)
      ledger.equal({
        row: `${key} all`,
        what: name,
        found: all[name] as number,
        expected: years.reduce((sum, year) => sum + (year[name] as number), 0),
        because: "the sum over calendar years",
      });
  }
}

/** Weights of a choice sum to 1. */
export function checkWeights(rows: readonly Row[], ledger: Ledger): void {
  const choices = Map.groupBy(rows, (row) => `${isoDate(row.date as number)} ${row.horizon} ${row.model}`);
  for (const [row, own] of choices)
    ledger.equal({
      row,
      what: "the sum of weights",
      found: own.reduce((sum, {weight}) => sum + (weight as number), 0),
      expected: 1,
      because: "the whole",
    });
}

function forecastsOf(walkforward: Table, champion: string): Map<string, number> {
  const [dates, horizons] = [integers(walkforward, "date"), integers(walkforward, "horizon")];
  const models = texts(walkforward, "model");
  const forecast = numbers(walkforward, "rv_hat");
  const found = new Map<string, number>();
  for (let row = 0; row < walkforward.rows; row++)
    if (models[row] === champion) found.set(`${horizons[row]} ${dates[row]}`, forecast[row]!);
  return found;
}

function boundsOf(intervals: Table, method: string): Map<string, {low: number; high: number}> {
  const [dates, horizons] = [integers(intervals, "date"), integers(intervals, "horizon")];
  const methods = texts(intervals, "method");
  const [levels, low, high] = ["level", "lo", "hi"].map((name) => numbers(intervals, name));
  const found = new Map<string, {low: number; high: number}>();
  for (let row = 0; row < intervals.rows; row++)
    if (methods[row] === method)
      found.set(`${horizons[row]} ${dates[row]} ${levels![row]}`, {low: low![row]!, high: high![row]!});
  return found;
}
