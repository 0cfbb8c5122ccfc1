import {describe, expect, it} from "vitest";
import {catalogue} from "../features/catalogue.ts";
import {createCombination} from "../models/combination.ts";
import {logHarRange, logHarVix} from "../models/logHar.ts";
import type {Model} from "../models/model.ts";
import {rv20} from "../models/rv20.ts";
import {sessionDate} from "../units.ts";
import {sampleTable} from "./marketTable.fixture.ts";
import type {Universe} from "./multiverse.ts";
import {scoreUniverse, type UniverseTask} from "./multiverseCells.ts";
import {LOSSES, PROXIES, RETRANSFORMATIONS} from "./multiverseChoices.ts";
import {combineWalks, restrictFeatures, walkUniverse} from "./multiverseWalk.ts";
import {forecastFold, joinForecasts, planWalkForward} from "./walkForward.ts";

const table = sampleTable({seed: 3, first: "2012-01-03", last: "2020-12-31"});
const universe: Universe = {
  trainFrom: sessionDate("2012-06-01"),
  window: "expanding",
  purge: 10,
  featureSet: {name: "all", features: catalogue.map(({name}) => name)},
  refits: [21, 63, 252],
};
const plan = {horizon: 5, seed: 1, firstOrigin: sessionDate("2016-01-04"), minTrain: 500};
const task: UniverseTask = {
  universe,
  plan,
  period: {name: "span", first: sessionDate("2016-01-04"), last: sessionDate("2020-11-30")},
  proxies: PROXIES,
  losses: LOSSES,
  retransformations: RETRANSFORMATIONS,
};
const ranges = {
  name: "ranges",
  features: catalogue.map(({name}) => name).filter((name) => /range/.test(name)),
};

describe("walkUniverse()", () => {
  it("forecasts every refit interval as a walk of its own would, to the byte", () => {
    const walks = walkUniverse(logHarVix, {universe, table, plan, retransformations: ["smearing"]});
    expect(walks.map(({refit}) => refit)).toEqual([21, 63, 252]);
    for (const {refit, variance, volatility} of walks) {
      const tasks = planWalkForward(table.features.sessions, {
        ...plan,
        ...universe,
        model: logHarVix.name,
        refitEvery: refit,
      });
      const alone = joinForecasts(
        tasks.map((fold) => forecastFold(fold, {model: logHarVix, table})),
        table.features.sessions.length,
      );
      expect(variance).toEqual(alone.variance);
      expect(volatility).toEqual(alone.volatility);
    }
  });

  it("fits each span of rows once, however many refit intervals ask for it", () => {
    let fits = 0;
    const counting: Model = {
      ...rv20,
      fit(set) {
        fits++;
        return rv20.fit(set);
      },
    };
    walkUniverse(counting, {universe, table, plan, retransformations: ["smearing"]});
    const tasks = planWalkForward(table.features.sessions, {
      ...plan,
      ...universe,
      model: "rv20",
      refitEvery: 21,
    });
    expect(fits).toBe(tasks.length);
  });

  it("undoes the logs by the median, by a normal law or by the residuals themselves", () => {
    const walks = walkUniverse(logHarVix, {universe, table, plan, retransformations: RETRANSFORMATIONS});
    const [own, normal, none] = RETRANSFORMATIONS.map(
      (name) => walks.find(({retransformation, refit}) => retransformation === name && refit === 63)!,
    );
    const at = own!.variance.findIndex((value) => !Number.isNaN(value));
    // Residuals of sums of five squared returns lean to the left: a normal law raises the median too far.
    expect(own!.variance[at]! / none!.variance[at]!).toBeGreaterThan(1.1);
    expect(normal!.variance[at]!).toBeGreaterThan(own!.variance[at]!);
    const squaredRoot = own!.volatility[at]! / none!.volatility[at]!;
    expect(squaredRoot).toBeGreaterThan(1);
    expect(squaredRoot).toBeLessThan(Math.sqrt(own!.variance[at]! / none!.variance[at]!));
  });

  it("leaves a model without logs as it is, and knows no other way for it", () => {
    const walks = walkUniverse(rv20, {universe, table, plan, retransformations: RETRANSFORMATIONS});
    expect(new Set(walks.map(({retransformation}) => retransformation))).toEqual(new Set(["smearing"]));
  });
});

describe("scoreUniverse()", () => {
  const others = {baseline: rv20, reference: logHarVix, table};

  it("has a cell for every model, reference, refit, proxy, loss and retransformation", () => {
    const cells = scoreUniverse(task, {models: [logHarRange], judged: ["log_har_range"], ...others});
    expect(cells).toHaveLength(2 * 3 * 2 * 4 * 3);
    expect(new Set(cells.map(({cell}) => cell)).size).toBe(cells.length);
    expect(new Set(cells.map(({n}) => n)).size).toBe(1);
  });

  it("finds a model no better than itself", () => {
    const cells = scoreUniverse(task, {models: [logHarVix], judged: ["log_har_vix"], ...others});
    for (const {reference, gain, dm_t} of cells) {
      if (reference !== "log_har_vix") continue;
      expect(gain).toBe(0);
      expect(dm_t).toBeNaN();
    }
    expect(cells.filter(({reference}) => reference === "rv20").every(({gain}) => gain > 0)).toBe(true);
  });

  it("restricts the reference as it restricts the model: on ranges alone it is log_har_range", () => {
    const cells = scoreUniverse(
      {...task, universe: {...universe, featureSet: ranges}},
      {models: [logHarRange], judged: ["log_har_range"], ...others},
    );
    for (const {reference, gain, features} of cells) {
      expect(features).toBe("ranges");
      if (reference === "log_har_vix") expect(gain).toBe(0);
    }
  });

  it("combines what it fitted, and scores only what it is asked to", () => {
    const twice = createCombination({
      name: "pair",
      kind: "log_mean",
      members: ["log_har_range", "log_har_vix"],
    });
    const chosen = createCombination({name: "chosen", kind: "leader", members: ["pair", "log_har_vix"]});
    const cells = scoreUniverse(
      {...task, proxies: ["squared returns"], losses: ["qlike"], retransformations: ["smearing", "none"]},
      {
        models: [logHarRange, logHarVix],
        combinations: [twice, chosen],
        judged: ["pair", "chosen"],
        ...others,
      },
    );
    expect(new Set(cells.map(({model}) => model))).toEqual(new Set(["pair", "chosen"]));
    expect(cells).toHaveLength(2 * 2 * 3 * 2);
    const walks = [logHarRange, logHarVix].map(
      (model) =>
        walkUniverse(model, {universe, table, plan, retransformations: ["smearing"]}).find(
          ({refit}) => refit === 63,
        )!,
    );
    const pair = combineWalks(twice, {walks, table, horizon: 5})[0]!;
    const at = pair.variance.findIndex((value) => !Number.isNaN(value));
    expect(pair.variance[at]).toBeCloseTo(Math.sqrt(walks[0]!.variance[at]! * walks[1]!.variance[at]!), 14);
  });

  it("judges by ranges at the level of squared returns, so that a forecast of one is one of the other", () => {
    const cells = scoreUniverse(
      {...task, losses: ["qlike"], retransformations: ["smearing"]},
      {models: [logHarVix], judged: ["log_har_vix"], ...others},
    ).filter(({reference, refit_sessions}) => reference === "rv20" && refit_sessions === 21);
    const [squared, ranged] = PROXIES.map((name) => cells.find(({proxy}) => proxy === name)!);
    expect(ranged!.loss_model).toBeLessThan(squared!.loss_model); // less noise in the outcome
    const halved = {
      ...table,
      rangeVariance: {5: table.rangeVariance[5]!.map((value) => value / 2)},
    };
    const again = scoreUniverse(
      {...task, losses: ["qlike"], retransformations: ["smearing"]},
      {models: [logHarVix], judged: ["log_har_vix"], ...others, table: halved},
    ).find(({cell}) => cell === ranged!.cell)!;
    expect(again.loss_model).toBeCloseTo(ranged!.loss_model, 12);
  });

  it("tests nothing on fewer than a hundred independent outcomes", () => {
    const period = {name: "year", first: sessionDate("2016-01-04"), last: sessionDate("2016-12-30")};
    const cells = scoreUniverse(
      {...task, period},
      {models: [logHarRange], judged: ["log_har_range"], ...others},
    );
    expect(cells.every(({n, dm_t}) => n < 260 && Number.isNaN(dm_t))).toBe(true);
  });
});

it("restrictFeatures() keeps the named columns, and passes over names the frame does not have", () => {
  const kept = restrictFeatures(table.features, ["vix", "no_such_feature"]);
  expect(Object.keys(kept.columns)).toEqual(["vix"]);
  expect(kept.columns.vix).toBe(table.features.columns.vix);
});
