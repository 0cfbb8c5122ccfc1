import {describe, expect, it} from "vitest";
import {forecastFold} from "../evaluation/walkForward.ts";
import {FUTURES} from "../market/futures.ts";
import {modelCatalogue} from "../models/catalogue.ts";
import type {ForecastRequest, Model} from "../models/model.ts";
import {rv20} from "../models/rv20.ts";
import {sampleBars, sampleDerivation} from "./derivation.fixture.ts";
import {deriveBaseline} from "./derivation.ts";
import {type Evidence, isCleared, mergeEvidence} from "./evidence.ts";
import {changeTable, forecastOnce, proveForecast} from "./forecasts.ts";

const {table, tasks} = deriveBaseline(sampleDerivation(), sampleBars());
const task = tasks.find(({horizon, fold}) => horizon === 5 && fold.trainEnd > 700)!;

function prove(model: Model): Evidence[] {
  const named = {...task, model: model.name};
  const {fit} = forecastFold(named, {model, table});
  const {testStart} = task.fold;
  const fold = forecastOnce(named, {model, table, fit});
  return mergeEvidence(
    [testStart, testStart + 7].flatMap((row) =>
      FUTURES.flatMap((future) => {
        const changed = changeTable(table, {row, future});
        return proveForecast(fold, {table, changed, row, future});
      }),
    ),
  );
}

describe("proveForecast()", () => {
  it.each(modelCatalogue)("clears $model.name, whose later forecasts do move", ({model}) => {
    const [found] = prove(model);
    expect(found!.first).toBeNull();
    expect(isCleared(found!)).toBe(true);
    expect(found!.moved).toBeGreaterThan(0);
  });

  it.each<[string, (request: ForecastRequest, t: number) => number]>([
    ["the next session's VIX", ({features}, t) => features.columns.vix![t + 1] ?? 0],
    ["the largest VIX there is", ({features}) => features.columns.vix!.reduce((a, b) => (b > a ? b : a), 0)],
    ["how many sessions there are", ({features}) => features.sessions.length],
    ["how many sessions are to be forecast", ({rows}) => rows.end - rows.start],
  ])("finds a model that looks at %s", (_, peek) => {
    const peeping: Model<null> = {
      name: "peeping",
      features: [],
      fit: () => null,
      forecast(_fit, request) {
        const {start, end} = request.rows;
        const variance = Float64Array.from({length: end - start}, (_value, i) => peek(request, start + i));
        return {variance, volatility: variance.map(Math.sqrt)};
      },
    };
    const [found] = prove(peeping);
    expect(isCleared(found!)).toBe(false);
    expect(found!.first!.text).toContain("bars after");
  });
});

it("changeTable() forgets every label whose window reaches past the row", () => {
  const row = 600;
  const changed = changeTable(table, {row, future: "truncated"});
  expect(changed.features.sessions).toHaveLength(row + 1);
  for (const h of [1, 5, 22]) {
    expect(changed.variance[h]!.subarray(0, row - h + 1)).toEqual(
      table.variance[h]!.subarray(0, row - h + 1),
    );
    expect(changed.variance[h]!.subarray(row - h + 1).every(Number.isNaN)).toBe(true);
    expect(changed.rangeVariance[h]!.subarray(row - h + 1).every(Number.isNaN)).toBe(true);
  }
  expect(rv20.features.every((name) => name in changed.features.columns)).toBe(true);
});
