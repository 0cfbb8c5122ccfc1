import {beforeAll, describe, expect, it} from "vitest";
import {scorecard} from "../evaluation/scorecard.ts";
import {ANCHOR_FEATURES, catalogue, selectCatalogue} from "../features/catalogue.ts";
import {computeFeatures} from "../features/computeFeatures.ts";
import {isDerived} from "../features/feature.ts";
import {column, createFrame} from "../frame.ts";
import {type Market, truncateMarket} from "../market/align.ts";
import type {Bars} from "../market/bars.ts";
import {simulateMarket} from "../market/sample.ts";
import {catalogueEntry} from "../models/catalogue.ts";
import type {Model} from "../models/model.ts";
import type {LakeReader} from "../store/lakeFolder.ts";
import {isoDate, sessionDate} from "../units.ts";
import {addFeature} from "./addFeature.ts";
import {cumulativeLosses} from "./cumulativeLosses.ts";
import {explainWalkForward} from "./explainWalkForward.ts";
import {createLabTable, type LabTable} from "./labTable.ts";
import {attributeWalk, importanceOf} from "./ownAttribution.ts";
import {joinOwn, rankForecasts, scoreOwn} from "./rankForecasts.ts";
import {type WalkForward, type WalkProgress, walkForward} from "./walkForward.ts";
import {walkOptions} from "./walkOptions.ts";

const {bars} = simulateMarket({seed: 3, first: sessionDate("2012-01-03"), last: sessionDate("2018-12-31")});
const named = (symbol: string) => bars.find((one) => one.symbol === symbol)!;
const others = {vix: named("^VIX"), vix3m: named("^VIX3M"), tlt: named("TLT"), hyg: named("HYG")};
const table: LabTable = createLabTable({target: named("SPY"), others});

const outcome = table.variance[5]!.map((value) => (Number.isNaN(value) ? 0 : value));
const range = ({close, high, low}: Market): Float64Array =>
  close.map((price, t) => (high[t]! > low[t]! ? (high[t]! - price) / (high[t]! - low[t]!) : Number.NaN));
const below = {
  name: "close_below_high",
  lookback: 1,
  formula: "(high - close) / (high - low)",
  compute: range,
};

describe("createLabTable()", () => {
  it("has the catalogue's features to the bit, and each horizon's outcomes", () => {
    const {columns} = computeFeatures(table.market, selectCatalogue({enableOptionalCorrelations: true}));
    expect(table.features.columns).toEqual(columns);
    expect(Object.keys(table.variance)).toEqual(["1", "5", "22"]);
    expect(table.variance[5]!.at(-6)).not.toBeNaN();
    expect(table.variance[5]!.at(-5)).toBeNaN();
  });

  it("leaves out the features of series that are not there", () => {
    const {features} = createLabTable({target: named("TLT")});
    expect(Object.keys(features.columns)).toContain("log_range_var_22d");
    expect(Object.keys(features.columns).filter((name) => /vix|hyg|corr/.test(name))).toEqual([]);
  });
});

describe("addFeature()", () => {
  it("adds the values of a formula that looks at no later row, and leaves the table as it was", () => {
    const before = Object.keys(table.features.columns);
    const added = addFeature(table, below);
    expect(column(added.features, "close_below_high")).toEqual(range(table.market));
    expect(Object.keys(table.features.columns)).toEqual(before);
  });

  it("adds a feature made of the row's other columns, own ones included", () => {
    const of = (fraction: number, vix: number): number => fraction * vix;
    const twice = addFeature(addFeature(table, below), {
      name: "weighed",
      lookback: 1,
      formula: "close_below_high × vix",
      inputs: ["close_below_high", "vix"],
      of,
    });
    const t = 700;
    expect(column(twice.features, "weighed")[t]).toBe(range(table.market)[t]! * table.market.vix[t]!);
  });

  it("refuses one that knows tomorrow, naming days, values and what was done", () => {
    const compute = ({close}: Market): Float64Array =>
      close.map((price, t) => Math.log((close[t + 1] ?? price) / price));
    expect(() => addFeature(table, {...below, name: "leak", compute})).toThrow(
      /^Cannot add leak: it looks ahead\. Its value of \d{4}-\d\d-\d\d changes from \S+ to \S+ when the sessions after \d{4}-\d\d-\d\d are \w+/,
    );
  });

  it("refuses one scaled by its mean over all sessions", () => {
    const compute = ({vix}: Market): Float64Array => {
      const mean = vix.reduce((sum, value) => sum + value, 0) / vix.length;
      return vix.map((value) => value / mean);
    };
    expect(() => addFeature(table, {...below, name: "scaled_vix", compute})).toThrow("it looks ahead");
  });

  it("refuses a look-back that is shorter than what the formula reads", () => {
    const compute = ({close}: Market): Float64Array =>
      close.map((price, t) => (t < 9 ? Number.NaN : Math.log(price / close[t - 9]!)));
    const own = {name: "ret_9d", formula: "ln(close / close 9 sessions before)", compute};
    expect(() => addFeature(table, {...own, lookback: 9})).toThrow(
      "Cannot add ret_9d: it looks back further than its 9 sessions",
    );
    expect(() => addFeature(table, {...own, lookback: 10})).not.toThrow();
    expect(() => addFeature(table, {...own, lookback: null})).not.toThrow();
  });

  it("lets every formula of the catalogue in, as it says of itself", () => {
    const short = createLabTable({target: sliceBars(named("SPY"), 150), others});
    const bare = {...short, features: createFrame(short.features.sessions, {})};
    const added = catalogue.flatMap((entry) => (isDerived(entry) ? [] : [addFeature(bare, entry)]));
    expect(added.length).toBeGreaterThan(30);
  });

  it.each<[string, number | null, (market: Market) => Float64Array]>([
    ["the outcome itself", 1, ({close}) => close.map((_, t) => Math.log(Math.max(outcome[t]!, 1e-9)))],
    ["the outcome, as a recursion", null, ({close}) => close.map((_, t) => outcome[t]!)],
    ["the outcome beside the market", 1, ({vix}) => vix.map((level, t) => level * (1 + outcome[t]!))],
    ["the outcome, as a date", 0, ({close}) => close.map((_, t) => outcome[t]!)],
    ["a column of the table whatever the market", 5, () => outcome.slice()],
  ])("refuses %s, closed over", (_, lookback, compute) => {
    expect(() => addFeature(table, {name: "clo", formula: "?", lookback, compute})).toThrow(
      /^Cannot add clo: (it does not read the market it is given|it looks back further than its \d sessions, looks ahead, or reads what is not in the market)/,
    );
  });

  it("refuses a leak of the rarest days, which no row of the default need be", () => {
    const {vix} = table.market;
    const rare = Float64Array.from(vix).toSorted().at(-40)!;
    const leak = (beyond: number) => (of: Market) =>
      of.close.map((price, t) => (of.vix[t] === beyond ? (of.close[t + 1] ?? price) : price));
    const own = {name: "rare", formula: "?"};
    for (const lookback of [1, null]) {
      expect(() => addFeature(table, {...own, lookback, compute: leak(rare)})).toThrow("looks ahead");
    }
    const extreme = leak(Math.max(...vix.subarray(0, -1)));
    expect(() => addFeature(table, {...own, lookback: 1, compute: extreme})).toThrow(
      /^Cannot add rare: it looks ahead\. Its value of .* when the sessions after/,
    );
  });

  it("takes any rows, the last one too, or all", () => {
    const short = createLabTable({target: sliceBars(named("SPY"), 80)});
    const rows = [...short.features.sessions.keys()];
    for (const given of [rows, "all"] as const) {
      expect(() => addFeature(short, below, {rows: given})).not.toThrow();
      const compute = ({close}: Market) => close.map((price, t) => (t === 50 ? close[51]! : price));
      expect(() => addFeature(short, {...below, compute}, {rows: given})).toThrow("it looks ahead");
    }
    expect(() => addFeature(table, below, {rows: [9999]})).toThrow("row 9999 of");
  });

  it.each([
    [{...below, name: "vix"}, "Cannot add vix: the table has a column of that name"],
    [
      {...below, compute: ({close}: Market) => close.map(() => Number.NaN)},
      "Cannot add close_below_high: it is NaN on every session",
    ],
    [
      {...below, compute: ({close}: Market) => close.map((price, t) => price / (t - 5))},
      "a value is finite, or NaN where unknown",
    ],
    [
      {...below, compute: ({close}: Market) => close.slice(1)},
      "Cannot add close_below_high: compute gives 1759 values for 1760 sessions",
    ],
    [
      {...below, compute: ({close}: Market) => [...close] as unknown as Float64Array},
      "Cannot add close_below_high: compute gives a plain array; give a Float64Array",
    ],
    [
      {...below, compute: ({close}: Market) => close.map(() => Math.random())},
      "Cannot add close_below_high: it is not the same when computed twice",
    ],
    [{...below, lookback: 0}, "a lookback of 0 says that the date is all it needs"],
    [{...below, lookback: 1.5}, "lookback must be a whole number of sessions"],
    [
      {name: "sum", lookback: 1, formula: "?", inputs: ["nothing"], of: (x: number) => x},
      "Cannot find column nothing",
    ],
  ])("says what is wrong with %o", (feature, message) => {
    expect(() => addFeature(table, feature)).toThrow(message);
  });
});

const constant: Model<{variance: number}> = {
  name: "constant",
  features: [],
  fit({variance, rows}) {
    const known = variance.slice(rows.start, rows.end).filter((value) => !Number.isNaN(value));
    return {variance: known.reduce((sum, value) => sum + value, 0) / known.length};
  },
  forecast({variance}, {rows}) {
    const values = new Float64Array(rows.end - rows.start).fill(variance);
    return {variance: values, volatility: values.map(Math.sqrt)};
  },
};
const walk = {firstOrigin: "2016-01-04", refitEvery: 126};

describe("walkForward()", () => {
  it("fits on what was known and tells how far it is", async () => {
    const said: WalkProgress[] = [];
    const seen: number[] = [];
    const watched: Model<{variance: number}> = {
      ...constant,
      fit(set) {
        seen.push(set.features.sessions.length);
        return constant.fit(set);
      },
    };
    const result = await walkForward(watched, table, {...walk, progress: (state) => said.push(state)});
    const {sessions} = table.features;
    const first = sessions.indexOf(sessionDate("2016-01-04"));
    expect(seen[0]).toBe(first - 5 + 1);
    expect(said.map(({done}) => done)).toEqual(said.map((_, i) => i + 1));
    expect(said[0]).toEqual({model: "constant", done: 1, fits: said.length, refit: "2016-01-04"});
    expect(result.variance[first - 1]).toBeNaN();
    expect(result.variance[first]).toBeGreaterThan(0);
    expect(result.trainedThrough[first]).toBe(sessions[first]);
    expect(result.actual).toBe(table.variance[5]);
  });

  it("refuses a forecast that looks at a later row", async () => {
    const peeking: Model<null> = {
      name: "peeking",
      features: ["sq_ret_mean_5d"],
      fit: () => null,
      forecast(_, {features, rows}) {
        const values = column(features, "sq_ret_mean_5d");
        const next = Float64Array.from({length: rows.end - rows.start}, (_, i) =>
          Math.max(1e-8, 5 * (values[Math.min(rows.start + i + 5, values.length - 1)] ?? 1)),
        );
        return {variance: next, volatility: next.map(Math.sqrt)};
      },
    };
    await expect(walkForward(peeking, table, walk)).rejects.toThrow(
      /^Cannot walk peeking forward: its forecast looks ahead\. That of \d{4}-\d\d-\d\d, .+ bars after \d{4}-\d\d-\d\d/,
    );
  });

  it("says what is wrong for a person at a prompt", async () => {
    const of = (forecast: Float64Array): Model => ({
      ...constant,
      forecast: () => ({variance: forecast, volatility: forecast}),
    });
    await expect(walkForward({...constant, features: ["my_idea"]}, table, walk)).rejects.toThrow(
      "Cannot walk constant forward: the table has no column my_idea; add it with addFeature",
    );
    await expect(walkForward(of(new Float64Array(3)), table, walk)).rejects.toThrow(
      "3 values of variance for 126",
    );
    await expect(walkForward(of(new Float64Array(126).fill(-1)), table, walk)).rejects.toThrow(
      "its variance of 2016-01-04 is -1; a forecast is > 0 and finite, or NaN where unknown",
    );
    await expect(walkForward(constant, table, {horizon: 4})).rejects.toThrow(
      "the table has labels for 1, 5, 22",
    );
    await expect(walkForward(constant, table, {minTrain: 9999})).rejects.toThrow("lower minTrain");
    const last = isoDate(table.features.sessions.at(-126)!);
    await expect(
      walkForward(of(new Float64Array(126).fill(Number.NaN)), table, {...walk, firstOrigin: last}),
    ).rejects.toThrow(
      "Cannot walk constant forward: every forecast is NaN; look at its fit, and whether its inputs are known",
    );
  });

  it.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new TypeError("x is not iterable");
      },
      "its refit of 2016-01-04 failed. x is not iterable",
    ],
    [
      "holds a typed array",
      () => ({weights: {a: [Float64Array.of(1)]}}),
      "its fit of 2016-01-04 is not plain JSON: weights.a.0 is a Float64Array",
    ],
    ["holds NaN", () => ({variance: Number.NaN}), "is not plain JSON: variance is NaN"],
    ["is a function", () => () => 1, "is not plain JSON: it is a function"],
  ])("names the model and the refit whose fit %s", async (_, fit, message) => {
    const model: Model = {...(constant as Model), fit};
    await expect(walkForward(model, table, walk)).rejects.toThrow(message);
  });

  it("ends after the fit in which it is interrupted", async () => {
    const stop = new AbortController();
    let fits = 0;
    const progress = (): void => {
      if (++fits === 2) stop.abort();
    };
    await expect(walkForward(constant, table, {...walk, progress, signal: stop.signal})).rejects.toThrow(
      /^Cannot walk constant forward: interrupted after 2 of \d+ fits$/,
    );
    expect(fits).toBe(2);
  });
});

describe("rankForecasts()", () => {
  let baseline: WalkForward;
  let regression: WalkForward;
  let own: WalkForward;
  beforeAll(async () => {
    baseline = await walkForward(catalogueEntry("rv20").model, table, walk);
    regression = await walkForward(catalogueEntry("log_har_vix").model, table, walk);
    own = await walkForward(constant, table, walk);
  });

  it("gives the scorecard's figures, the least loss first, each tested against one's own", () => {
    const scored = joinOwn(scoreOwn([baseline, regression]), []);
    const ranked = rankForecasts(scored, [own], {first: "2016-01-04", last: "2018-11-30"});
    const period = {
      name: "2016-01-04 to 2018-11-30",
      first: sessionDate("2016-01-04"),
      last: sessionDate("2018-11-30"),
    };
    const plain = scorecard(joinOwn(scored, [own]), {periods: [period], seed: 1});
    for (const {place, dm_t_against, dm_p_against, ...row} of ranked) {
      expect(row).toEqual(plain.find(({model}) => model === row.model));
    }
    expect(ranked.map(({place}) => place)).toEqual([1, 2, 3]);
    expect(ranked.map(({qlike}) => qlike)).toEqual(ranked.map(({qlike}) => qlike).toSorted((a, b) => a - b));
    expect(ranked[0]!.model).toBe("log_har_vix");
    const of = (model: string) => ranked.find((row) => row.model === model)!;
    expect(of("log_har_vix").dm_t_against).toBeCloseTo(-of("constant").dm_t_har_vix, 12);
    expect(of("constant").dm_t_against).toBeNaN();
  });

  it("says what is missing", () => {
    const scored = scoreOwn([baseline, regression]);
    expect(() => rankForecasts(scored, [regression])).toThrow("there are forecasts of that name");
    expect(() => rankForecasts(scoreOwn([regression]))).toThrow(
      'rv20, which gains are measured from, is missing; name it in readScored(lake, {models: ["rv20", …]})',
    );
    expect(() => rankForecasts(scored, [own], {first: "2019-01-02"})).toThrow(
      "no session from 2019-01-02 to",
    );
    expect(() => rankForecasts(scored, [own], {against: "anchored"})).toThrow("Cannot test against anchored");
    expect(() => rankForecasts(scored, [{...own, horizon: 22}])).toThrow(
      "it forecasts 22 sessions ahead, the others 5",
    );
  });

  it("refuses a loss that only the outcome itself could have, beside others or alone", () => {
    const known = outcome.map((value) => 1.02 * Math.max(value, 1e-9));
    const clairvoyant = {...own, model: "clairvoyant", variance: known, volatility: known.map(Math.sqrt)};
    const message =
      /^Cannot rank clairvoyant: its QLIKE is 0\.00\d\d, the best other's 0\.[3-9]\d+\. No forecast/;
    expect(() => rankForecasts(scoreOwn([baseline, regression]), [own, clairvoyant])).toThrow(message);
    expect(() => rankForecasts(scoreOwn([baseline, clairvoyant]), [], {against: "rv20"})).toThrow(message);
  });

  it("importanceOf() and attributeWalk() read an explained walk as the lake's explanations are read", () => {
    const shap = explainWalkForward(regression, table);
    const {overall, byYear} = importanceOf(shap);
    const rows = [...shap.sessions.keys()].filter((t) => !Number.isNaN(regression.variance[t]!));
    for (const {feature, meanAbsolute} of overall) {
      const parts = column(shap, feature);
      const mean = rows.reduce((sum, t) => sum + Math.abs(parts[t]!), 0) / rows.length;
      expect(meanAbsolute).toBeCloseTo(mean, 12);
    }
    expect(overall.map(({feature}) => feature).toSorted()).toEqual([...ANCHOR_FEATURES].toSorted());
    expect(new Set(byYear.map(({year}) => year)).size).toBe(3);
    const day = attributeWalk(shap, table, {date: "2017-03-01"});
    const t = shap.sessions.indexOf(sessionDate("2017-03-01"));
    const total = day.contributions.reduce((sum, one) => sum + one.shap, day.base);
    expect(Math.exp(total)).toBeCloseTo(regression.volatility[t]!, 12);
    expect(day.contributions[0]!.value).toBe(column(table.features, day.contributions[0]!.feature)[t]);
    expect(attributeWalk(shap, table).session).toBe(shap.sessions.at(-1));
    expect(() => attributeWalk(shap, table, {date: "2012-03-01"})).toThrow(
      "Cannot explain the forecast of 2012-03-01: the walk has none",
    );
  });

  it("cumulativeLosses() ends at the difference of the mean losses times their number", () => {
    const scored = scoreOwn([baseline, regression, own]);
    const ranked = rankForecasts(scored);
    const loss = (name: string) => ranked.find(({model}) => model === name)!.qlike;
    const series = cumulativeLosses(scored, {reference: "rv20"});
    expect(series.map(({name}) => name)).toEqual(["log_har_vix", "constant"]);
    for (const {name, values} of series) {
      const last = values[values.length - 1]!;
      expect(last).toBeCloseTo(values.length * (loss(name) - loss("rv20")), 8);
    }
    const span = {first: "2017-01-03", last: "2017-12-29"};
    const [year] = cumulativeLosses(scored, {reference: "rv20", ...span});
    const ranked17 = rankForecasts(scored, [], span);
    const of17 = (name: string) => ranked17.find(({model}) => model === name)!;
    expect(year!.values.at(-1)).toBeCloseTo(
      of17("rv20").n * (of17("log_har_vix").qlike - of17("rv20").qlike),
      8,
    );
    expect(() => cumulativeLosses(scored, {reference: "vix"})).toThrow("Cannot sum losses against vix");
  });

  it("explainWalkForward() sums to every forecast's logarithm, and refuses models that are none of logs", () => {
    const {columns, sessions} = explainWalkForward(regression, table);
    expect(Object.keys(columns).toSorted()).toEqual(["(base)", ...ANCHOR_FEATURES].toSorted());
    let compared = 0;
    for (let t = 0; t < sessions.length; t++) {
      const sum = Object.values(columns).reduce((total, values) => total + values[t]!, 0);
      const expected = Math.log(regression.volatility[t]!);
      if (Number.isNaN(expected)) expect(sum, isoDate(sessions[t]!)).toBeNaN();
      else expect(Math.abs(sum - expected)).toBeLessThan(1e-12);
      compared += Number.isNaN(expected) ? 0 : 1;
    }
    expect(compared).toBeGreaterThan(700);
    expect(() => explainWalkForward(own, table)).toThrow(
      "Cannot explain constant: it is not a model of logs",
    );
  });
});

it("truncateMarket() and createLabTable() agree on what was known", () => {
  const rows = 900;
  const early = truncateMarket(table.market, rows);
  const {columns} = computeFeatures(early, selectCatalogue({enableOptionalCorrelations: true}));
  for (const [name, values] of Object.entries(columns)) {
    expect(values).toEqual(column(table.features, name).slice(0, rows));
  }
});

describe("walkOptions()", () => {
  const plan = {
    seed: 7,
    train_from: "1993-06-01",
    first_origin: "1997-12-26",
    minimum_training_sessions: 1000,
    refit_sessions: {rv20: 21, cart: 252},
  };
  const runs: Record<string, object> = {
    "runs/1.json": {stages: [{stage: "walkforward", plan: {...plan, seed: 6}}]},
    "runs/2.json": {stages: [{stage: "ingest"}, {stage: "walkforward", plan}]},
    "runs/3.json": {stages: [{stage: "ingest"}]}, // ended there
  };
  const lakeOf = (files: Record<string, object>): LakeReader => {
    const list = async () => Object.keys(files).map((key) => ({key}));
    const get = async (key: string) => new TextEncoder().encode(JSON.stringify(files[key]));
    return {store: {list, get}} as unknown as LakeReader;
  };

  it("is how the newest run that walked says it did", async () => {
    expect(await walkOptions(lakeOf(runs), {like: "cart", horizon: 22})).toEqual({
      horizon: 22,
      firstOrigin: "1997-12-26",
      trainFrom: "1993-06-01",
      minTrain: 1000,
      refitEvery: 252,
      window: {sessions: 1000},
      seed: 7,
    });
  });

  it("says which models were fitted, or that no run says how", async () => {
    await expect(walkOptions(lakeOf(runs), {like: "selected"})).rejects.toThrow(
      "Cannot walk like selected: the lake fitted rv20, cart; name one of these",
    );
    await expect(walkOptions(lakeOf({"runs/3.json": runs["runs/3.json"]!}))).rejects.toThrow(
      'none of its runs says so; run "make report" again',
    );
  });
});

function sliceBars({symbol, sessions, ...columns}: Bars, count: number): Bars {
  const cut = Object.entries(columns).map(([name, values]) => [name, values.slice(0, count)]);
  return {symbol, sessions: sessions.slice(0, count), ...(Object.fromEntries(cut) as typeof columns)};
}
