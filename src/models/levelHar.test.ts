import {existsSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {createFrame, type Frame} from "../frame.ts";
import {createRandom} from "../random.ts";
import {horizon} from "../units.ts";
import {har} from "./har.ts";
import {fitLinear} from "./linear.ts";
import type {TrainingSet} from "./model.ts";
import {shar} from "./shar.ts";
import {harRangeWls, harWls} from "./wlsHar.ts";

const published = new URL("../../../shared/reference/har/published_har.json", import.meta.url);
const realized = new URL("../../../shared/reference/har/HARQ_SP500RM_1997-2013.csv", import.meta.url);

describe("har", () => {
  it.skipIf(!existsSync(published))(
    "reproduces the published coefficients on the S&P 500's realized variances to six digits",
    () => {
      const rv = readRealized();
      const {linear} = har.fit(harSet(rv));
      const {beta0, beta1, beta5, beta22} = JSON.parse(readFileSync(published, "utf8")).in_sample
        .HAR_coef_round7;
      const found = [linear.intercept, ...linear.coefficients];
      [beta0, beta1, beta5, beta22].forEach((value, j) => {
        expect(Math.abs(found[j]! - value)).toBeLessThan(6e-8); // published with seven decimals
      });
    },
  );
});

describe("fitLinear() with weights", () => {
  it("is the fit of rows repeated as often as they weigh", () => {
    const random = createRandom(1);
    const features = createFrame(
      Int32Array.from({length: 60}, (_, i) => i),
      {
        a: Float64Array.from({length: 60}, () => random.normal()),
        b: Float64Array.from({length: 60}, () => random.normal()),
      },
    );
    const rows = Uint32Array.from({length: 60}, (_, i) => i);
    const target = Float64Array.from(rows, () => random.normal());
    const weights = Float64Array.from(rows, () => 1 + random.integer(4));
    const repeated = [...rows].flatMap((t) => Array.from({length: weights[t]!}, () => t));
    const weighted = fitLinear(features, {names: ["a", "b"], rows, target, weights});
    const plain = fitLinear(features, {
      names: ["a", "b"],
      rows: Uint32Array.from(repeated),
      target: Float64Array.from(repeated, (t) => target[t]!),
    });
    expect(weighted.fit.intercept).toBeCloseTo(plain.fit.intercept, 12);
    weighted.fit.coefficients.forEach((value, j) => {
      expect(value).toBeCloseTo(plain.fit.coefficients[j]!, 12);
    });
    const fitted = (t: number): number =>
      weighted.fit.intercept +
      weighted.fit.coefficients[0]! * features.columns.a[t]! +
      weighted.fit.coefficients[1]! * features.columns.b[t]!;
    rows.forEach((t) => {
      expect(weighted.residuals[t]).toBeCloseTo(target[t]! - fitted(t), 12);
    });
  });
});

describe("har_wls and har_range_wls", () => {
  it.each([harWls, harRangeWls])(
    "$name varies less than har from sample to sample where errors grow with the level",
    (weighted) => {
      const spread = (model: typeof har): number => {
        const slopes = Array.from(
          {length: 40},
          (_, seed) => model.fit(levelSet(model.features, {seed})).linear.coefficients[0]!,
        );
        const mean = slopes.reduce((sum, value) => sum + value, 0) / slopes.length;
        expect(mean).toBeCloseTo(0.4, 1);
        return slopes.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      };
      expect(spread(weighted)).toBeLessThan(0.8 * spread(har));
    },
  );
});

describe("shar", () => {
  it("tells falling sessions from rising ones, and is har_range_wls where they are alike", () => {
    const set = levelSet(shar.features, {seed: 3, falling: 0.6, rising: 0.2, noise: 0.2});
    const [up, down] = shar.fit(set).linear.coefficients;
    expect(up).toBeCloseTo(0.2, 1);
    expect(down).toBeCloseTo(0.6, 1);
    const alike = levelSet(shar.features, {seed: 3, falling: 0.4, rising: 0.4, noise: 0});
    const joint = harRangeWls.fit(alike).linear.coefficients;
    const [rising, falling, ...rest] = shar.fit(alike).linear.coefficients;
    expect(rising).toBeCloseTo(joint[0]!, 9);
    expect(falling).toBeCloseTo(joint[0]!, 9);
    rest.forEach((value, j) => {
      expect(value).toBeCloseTo(joint[j + 1]!, 9);
    });
  });

  it("says nothing of a session whose return or range is missing", () => {
    const set = levelSet(shar.features, {seed: 4});
    const fit = shar.fit(set);
    for (const name of shar.features) {
      const gapped = {
        ...set.features,
        columns: {...set.features.columns, [name]: set.features.columns[name]!.with(5, Number.NaN)},
      };
      const {variance} = shar.forecast(fit, {
        features: gapped,
        rows: {start: 4, end: 7},
        horizon: horizon(5),
      });
      expect([...variance].map(Number.isNaN), name).toEqual([false, true, false]);
    }
  });
});

describe.each([har, harWls, harRangeWls, shar])("the insanity filter of $name", (model) => {
  it("keeps forecasts between the calmest month and the worst outcome of the training rows", () => {
    const set = levelSet(model.features, {seed: 1});
    const fit = model.fit(set);
    const month = set.features.columns[model.features.at(-1)!]!;
    const calmest = month.reduce((least, value) => Math.min(least, value));
    expect(fit.greatest).toBe(set.variance.reduce((most, value) => Math.max(most, value)));
    expect(fit.least).toBeCloseTo(5 * calmest, 12);
    const extreme = (value: number): Frame =>
      createFrame(
        Int32Array.of(0),
        Object.fromEntries(model.features.map((name) => [name, Float64Array.of(value)])),
      );
    const of = (value: number): number =>
      model.forecast(fit, {features: extreme(value), rows: {start: 0, end: 1}, horizon: horizon(5)})
        .variance[0]!;
    expect(of(1e6)).toBe(fit.greatest);
    expect(of(-1e6)).toBe(fit.least);
  });

  it("is not undercut by an outcome of an unchanged close", () => {
    const set = levelSet(model.features, {seed: 1});
    const unchanged = {...set, variance: set.variance.with(7, 0)};
    expect(model.fit(unchanged).least).toBeCloseTo(model.fit(set).least, 12);
  });
});

function readRealized(): number[] {
  const [header, ...lines] = readFileSync(realized, "utf8").trim().split(/\r?\n/);
  const at = header!.split(",").findIndex((name) => name.replaceAll('"', "") === "RV");
  return lines.map((line) => Number(line.split(",")[at]));
}

// The published regression: tomorrow's variance on today's, the week's and the month's mean.
function harSet(rv: readonly number[]): TrainingSet {
  const mean = (t: number, k: number): number =>
    rv.slice(t - k + 1, t + 1).reduce((sum, value) => sum + value, 0) / k;
  const sessions = Int32Array.from(rv.keys());
  const of = (k: number): Float64Array =>
    Float64Array.from(sessions, (t) => (t < 21 ? Number.NaN : mean(t, k)));
  const variance = Float64Array.from(sessions, (t) => rv[t + 1] ?? Number.NaN);
  return {
    features: createFrame(sessions, {
      sq_ret_mean_1d: of(1),
      sq_ret_mean_5d: of(5),
      sq_ret_mean_22d: of(22),
    }),
    rows: {start: 0, end: rv.length},
    variance,
    rangeVariance: variance,
    horizon: horizon(1),
    seed: 1,
  };
}

// y = .1 + b x_1 + .3 x_5 + .2 x_22 with errors as large as the level, b by the sign of the session's return.
function levelSet(
  names: readonly string[],
  {
    seed,
    falling = 0.4,
    rising = 0.4,
    noise = 1,
  }: {seed: number; falling?: number; rising?: number; noise?: number},
): TrainingSet {
  const random = createRandom(seed);
  const [session, week, month] = ["1d", "5d", "22d"].map(
    (window) => names.find((name) => /var|sq/.test(name) && name.endsWith(`_${window}`))!,
  ) as [string, string, string];
  const sessions = Int32Array.from({length: 4000}, (_, t) => t);
  const level = Float64Array.from(sessions, () => Math.exp(0.8 * random.normal()));
  const around = (): Float64Array => level.map((value) => value * Math.exp(0.6 * random.normal()));
  const columns: Record<string, Float64Array> = {
    [session]: around(),
    [week]: around(),
    [month]: around(),
    spy_ret_1d: Float64Array.from(sessions, () => random.normal()),
  };
  const variance = Float64Array.from(sessions, (t) => {
    const slope = columns.spy_ret_1d![t]! > 0 ? rising : falling;
    const mean = 0.1 + slope * columns[session]![t]! + 0.3 * columns[week]![t]! + 0.2 * columns[month]![t]!;
    const shock = random.normal() ** 2; // mean 1
    return mean * (1 + noise * (shock - 1));
  });
  return {
    features: createFrame(sessions, columns),
    rows: {start: 0, end: sessions.length},
    variance,
    rangeVariance: variance,
    horizon: horizon(5),
    seed: 1,
  };
}
