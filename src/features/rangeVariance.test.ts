import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {
  garmanKlass,
  overnightGaps,
  type Prices,
  rangeVariance,
  rogersSatchell,
  yangZhang,
} from "./rangeVariance.ts";

// Log prices by session: open, high, low, close. Every estimate below follows from them on paper.
const logs = [
  [0, 0.02, -0.01, 0.01],
  [0.02, 0.05, 0.02, 0.03], // gap .01, move .01
  [0, 0.03, -0.01, 0.02], // gap -.03, move .02
];
const prices = pricesOf(logs);

function pricesOf(rows: readonly (readonly number[])[]): Prices {
  const column = (j: number) => Float64Array.from(rows, (row) => 100 * Math.exp(row[j]!));
  return {open: column(0), high: column(1), low: column(2), close: column(3)};
}

describe("range estimators by hand", () => {
  it("garmanKlass() is half the squared range less .3863 of the squared move", () => {
    const values = garmanKlass(prices);
    expect(values[0]).toBeCloseTo(0.0009 / 2 - 0.3862943611 * 0.0001, 12);
    expect(values[2]).toBeCloseTo(0.0016 / 2 - 0.3862943611 * 0.0004, 12);
  });

  it("rogersSatchell() is the high's and the low's products", () => {
    const values = rogersSatchell(prices);
    expect(values[0]).toBeCloseTo(0.01 * 0.02 + 0.02 * 0.01, 12);
    expect(values[1]).toBeCloseTo(0.02 * 0.03 + 0.01 * 0, 12);
    expect(values[2]).toBeCloseTo(0.01 * 0.03 + 0.03 * 0.01, 12);
  });

  it("overnightGaps() compares with the previous close", () => {
    const gaps = overnightGaps(prices);
    expect(gaps[0]).toBeNaN();
    expect(gaps[1]).toBeCloseTo(0.01, 12);
    expect(gaps[2]).toBeCloseTo(-0.03, 12);
  });

  it("rangeVariance() adds the squared gap to Garman-Klass", () => {
    const values = rangeVariance(prices);
    expect(values[0]).toBeNaN();
    expect(values[2]).toBeCloseTo(0.0008 - 0.3862943611 * 0.0004 + 0.0009, 12);
  });

  it("yangZhang() weighs gaps, moves and ranges", () => {
    const overnight = 2 * 0.02 ** 2; // .01 and -.03 about their mean
    const moves = 2 * 0.005 ** 2; // .01 and .02 about theirs
    const range = (0.0006 + 0.0006) / 2;
    const k = 0.34 / (1.34 + 3);
    const values = yangZhang(prices, 2);
    expect(Array.from(values.subarray(0, 2))).toEqual([Number.NaN, Number.NaN]);
    expect(values[2]).toBeCloseTo(overnight + k * moves + (1 - k) * range, 12);
  });
});

describe("range estimators on simulated sessions", () => {
  // 78 five-minute steps a session and a gap; the extremes between steps are missed, hence the tolerance.
  const random = createRandom(1);
  const sigma = 0.01;
  const gap = 0.006;
  const drift = 0.004;
  const simulated = pricesOf(simulate(4000));

  function simulate(sessions: number): number[][] {
    const rows: number[][] = [];
    let level = 0;
    for (let t = 0; t < sessions; t++) {
      level += gap * random.normal();
      const row = [level, level, level, level];
      for (let i = 0; i < 78; i++) {
        level += drift / 78 + (sigma / Math.sqrt(78)) * random.normal();
        row[1] = Math.max(row[1]!, level);
        row[2] = Math.min(row[2]!, level);
      }
      row[3] = level;
      rows.push(row);
    }
    return rows;
  }

  const mean = (values: Float64Array) => {
    const known = values.filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  };

  it("rogersSatchell() finds the variance of the session under drift", () => {
    expect(mean(rogersSatchell(simulated)) / sigma ** 2).toBeGreaterThan(0.75);
    expect(mean(rogersSatchell(simulated)) / sigma ** 2).toBeLessThan(1);
  });

  it("yangZhang() finds the variance from close to close, gap included, under drift", () => {
    const truth = sigma ** 2 + gap ** 2;
    expect(mean(yangZhang(simulated, 22)) / truth).toBeGreaterThan(0.8);
    expect(mean(yangZhang(simulated, 22)) / truth).toBeLessThan(1.02);
  });

  it("no estimate of a valid session is negative", () => {
    for (const values of [garmanKlass(simulated), rogersSatchell(simulated), rangeVariance(simulated)]) {
      expect(values.some((value) => value < 0)).toBe(false);
    }
  });
});
