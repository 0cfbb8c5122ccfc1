import {existsSync, readFileSync} from "node:fs";
import {quantileSorted} from "simple-statistics";
import {describe, expect, it} from "vitest";
import {column} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import {alignMarket, truncateMarket} from "../market/align.ts";
import type {Bars} from "../market/bars.ts";
import {annualizedVolatility, isoDate, sessionDate} from "../units.ts";
import {catalogue} from "./catalogue.ts";
import {computeFeatures} from "./computeFeatures.ts";

const folder = new URL("../../../shared/market/", import.meta.url);

describe.skipIf(!existsSync(folder))("features of SPY, 1993-2023 (needs ../shared/market)", () => {
  const bars = () => ({
    target: readBars("SPY"),
    others: {vix: readBars("VIX"), vix3m: readBars("VIX3M"), tlt: readBars("TLT"), hyg: readBars("HYG")},
  });

  it("computeLabels() has the known median and maximum of rv_5d", () => {
    const {rv_1d, rv_5d, rv_22d} = computeLabels(readBars("SPY")).columns;
    expect([rv_1d, rv_5d, rv_22d].map((values) => known(values).length)).toEqual([7785, 7781, 7764]);
    const sorted = known(rv_5d);
    expect(quantileSorted(sorted, 0.5)).toBeCloseTo(0.0175, 4);
    expect(annualizedVolatility(quantileSorted(sorted, 0.5), 5)).toBeCloseTo(0.124, 3);
    expect(sorted.at(-1)).toBeCloseTo(0.189, 3);
  });

  it("computeFeatures() knows each series from its first full window on", () => {
    const {sessions, columns} = computeFeatures(alignMarket(bars()));
    const first = (name: string) => columns[name]!.findIndex((value) => !Number.isNaN(value));
    const since = Object.fromEntries(
      ["vix", "vix3m", "drawdown_60d", "corr_spy_tlt_20d", "corr_spy_hyg_20d"].map((name) => [
        name,
        isoDate(sessions[first(name)]!),
      ]),
    );
    expect(since).toEqual({
      vix: "1993-01-29",
      vix3m: "2006-07-17",
      drawdown_60d: "1993-04-26",
      corr_spy_tlt_20d: "2002-08-27",
      corr_spy_hyg_20d: "2007-05-09",
    });
    for (const {name} of catalogue) {
      const gaps = columns[name]!.subarray(first(name)).filter(Number.isNaN).length;
      expect(gaps, name).toBe(0);
    }
  });

  it("computeFeatures() stays within what SPY and VIX have seen", () => {
    const frame = computeFeatures(alignMarket(bars()));
    const extremes = (name: string) => {
      const values = known(column(frame, name));
      return [values[0]!, values.at(-1)!];
    };
    const ranges: Record<string, [number, number]> = {
      spy_ret_1d: [-0.1159, 0.1356], // 2020-03-16 and 2008-10-13
      vix: [9.14, 82.69], // 2017-11-03 and 2020-03-16
      drawdown_60d: [-0.4171, 0],
      spy_vol_20d: [0.0319, 0.9397],
      vix_term: [0.6989, 1.4077],
    };
    for (const [name, [low, high]] of Object.entries(ranges)) {
      expect(extremes(name)[0], name).toBeCloseTo(low, 4);
      expect(extremes(name)[1], name).toBeCloseTo(high, 4);
    }
    expect(quantileSorted(known(column(frame, "vix")), 0.5)).toBeCloseTo(17.86, 2);
  });

  it("no feature of a session changes when later bars arrive", () => {
    const market = alignMarket(bars());
    const whole = computeFeatures(market);
    for (const t of [2000, 4000, 6900]) {
      const then = computeFeatures(truncateMarket(market, t + 1));
      for (const {name} of catalogue) {
        expect(then.columns[name], name).toEqual(whole.columns[name]!.subarray(0, t + 1));
      }
    }
  });
});

function known(values: Float64Array): number[] {
  return Array.from(values.filter((value) => !Number.isNaN(value)).sort());
}

function readBars(symbol: string): Bars {
  const lines = readFileSync(new URL(`${symbol}.csv`, folder), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  const cells = lines.map((line) => line.split(","));
  const numbers = (j: number) => Float64Array.from(cells, (row) => Number(row[j] || Number.NaN));
  return {
    symbol,
    sessions: Int32Array.from(cells, (row) => sessionDate(row[1]!)),
    open: numbers(2),
    high: numbers(3),
    low: numbers(4),
    close: numbers(5),
    adjClose: numbers(6),
    volume: numbers(7),
  };
}
