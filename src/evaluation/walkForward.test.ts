import {describe, expect, it} from "vitest";
import {createFrame} from "../frame.ts";
import {modelCatalogue} from "../models/catalogue.ts";
import type {Model} from "../models/model.ts";
import {sessionDate} from "../units.ts";
import {leakingFolds} from "./folds.ts";
import {sampleTable} from "./marketTable.fixture.ts";
import {forecastFold, joinForecasts, type MarketTable, planWalkForward} from "./walkForward.ts";

const table = sampleTable({seed: 3, first: "2001-01-02", last: "2005-12-30"});
const {sessions} = table.features;
const options = {
  seed: 1,
  horizon: 5,
  refitEvery: 21,
  window: {sessions: 700},
  firstOrigin: sessionDate("2004-06-01"),
} as const;

describe("forecastFold()", () => {
  it.each(modelCatalogue)("of $model.name does not see one value after the purge line", ({model}) => {
    const [task] = planWalkForward(sessions, {...options, model: model.name});
    const {trainEnd, testStart} = task!.fold;
    const honest = forecastFold(task!, {model, table});
    // Labels that end after the refit, and every later feature, replaced by nonsense.
    const distorted = distort(table, {labelsFrom: trainEnd, featuresFrom: testStart + 1});
    const again = forecastFold(task!, {model, table: distorted});
    expect(JSON.stringify(again.fit)).toBe(JSON.stringify(honest.fit));
    expect(again.variance[0]).toBe(honest.variance[0]);
    expect(again.volatility[0]).toBe(honest.volatility[0]);
  });

  it.each(modelCatalogue.filter(({model}) => !["rv20", "ewma", "vix"].includes(model.name)))(
    "of $model.name does learn from the last label before the line",
    ({model}) => {
      const [task] = planWalkForward(sessions, {...options, model: model.name});
      const distorted = distort(table, {labelsFrom: task!.fold.trainEnd - 1, featuresFrom: sessions.length});
      expect(JSON.stringify(forecastFold(task!, {model, table: distorted}).fit)).not.toBe(
        JSON.stringify(forecastFold(task!, {model, table}).fit),
      );
    },
  );

  it.each(modelCatalogue)("of $model.name survives its fit's way through JSON, to the bit", ({model}) => {
    const [task] = planWalkForward(sessions, {...options, model: model.name});
    const {fit, variance, volatility, rows} = forecastFold(task!, {model, table});
    const request = {features: table.features, rows, horizon: task!.horizon as never};
    expect(model.forecast(JSON.parse(JSON.stringify(fit)), request)).toEqual({variance, volatility});
  });

  it.each(modelCatalogue)("of $model.name answers nothing where a feature it needs is missing", ({model}) => {
    const [task] = planWalkForward(sessions, {...options, model: model.name});
    const {testStart} = task!.fold;
    const gapped = withGap(table, testStart + 3);
    const {variance, volatility} = forecastFold(task!, {model, table: gapped});
    expect([variance[3], volatility[3]]).toEqual([Number.NaN, Number.NaN]);
    expect(variance[2]).toBeGreaterThan(0);
    expect(volatility[4]).toBeGreaterThan(0);
  });

  it("dates what it was trained through: the session of the refit", () => {
    const tasks = planWalkForward(sessions, {...options, model: "rv20"});
    const {model} = modelCatalogue[0]!;
    for (const task of tasks) {
      const {trainedThrough, rows} = forecastFold(task, {model, table});
      expect(trainedThrough).toBe(sessions[rows.start]);
    }
    expect(
      leakingFolds(
        tasks.map(({fold}) => fold),
        5,
      ),
    ).toEqual([]);
  });

  it("lets a peeping model see nothing of the future, whatever it reads", () => {
    const seen: number[] = [];
    const peeping: Model<null> = {
      name: "peeping",
      features: [],
      fit(set) {
        seen.push(set.features.sessions.length, set.variance.length);
        return null;
      },
      forecast: (_fit, {rows}) => {
        const none = new Float64Array(rows.end - rows.start);
        return {variance: none, volatility: none};
      },
    };
    const [task] = planWalkForward(sessions, {...options, model: "peeping"});
    forecastFold(task!, {model: peeping, table});
    expect(seen).toEqual([task!.fold.trainEnd, task!.fold.trainEnd]);
  });

  it("refuses a model that is not the task's, and a horizon without labels", () => {
    const [task] = planWalkForward(sessions, {...options, model: "rv20"});
    const {model} = modelCatalogue[1]!;
    expect(() => forecastFold(task!, {model, table})).toThrow("Cannot forecast a fold of rv20 with ewma");
    expect(() => forecastFold({...task!, model: "ewma", horizon: 7}, {model, table})).toThrow(
      "Cannot forecast 7 sessions ahead: the table has labels for 1, 5, 22",
    );
  });
});

describe("joinForecasts()", () => {
  it("covers every session from the first origin on, those with unknown outcomes too", () => {
    const {model} = modelCatalogue[0]!;
    const tasks = planWalkForward(sessions, {...options, model: "rv20"});
    const folds = tasks.map((task) => forecastFold(task, {model, table}));
    const {variance, trainedThrough} = joinForecasts(folds, sessions.length);
    const first = tasks[0]!.fold.testStart;
    variance.forEach((value, t) => {
      expect(Number.isNaN(value)).toBe(t < first);
      if (t >= first) expect(trainedThrough[t]!).toBeLessThanOrEqual(sessions[t]!);
    });
    expect(() => joinForecasts([...folds, folds[0]!], sessions.length)).toThrow(
      `row ${first} is forecast by two folds`,
    );
  });
});

function distort(
  {features, variance, rangeVariance}: MarketTable,
  {labelsFrom, featuresFrom}: {labelsFrom: number; featuresFrom: number},
): MarketTable {
  const columns = Object.fromEntries(
    Object.entries(features.columns).map(([name, values]) => [
      name,
      values.map((v, t) => (t < featuresFrom ? v : -3 * v + 1)),
    ]),
  );
  return {
    features: createFrame(features.sessions, columns),
    variance: {5: variance[5]!.map((y, t) => (t < labelsFrom ? y : 50 * y + 1e-3))},
    rangeVariance: {5: rangeVariance[5]!.map((y, t) => (t < labelsFrom ? y : 50 * y + 1e-3))},
  };
}

function withGap({features, ...labels}: MarketTable, row: number): MarketTable {
  const columns = Object.fromEntries(
    Object.entries(features.columns).map(([name, values]) => [
      name,
      values.map((v, t) => (t === row ? Number.NaN : v)),
    ]),
  );
  return {features: createFrame(features.sessions, columns), ...labels};
}
