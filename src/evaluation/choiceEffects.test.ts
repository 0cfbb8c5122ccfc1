import {expect, it} from "vitest";
import {choiceEffects, type EffectCell} from "./choiceEffects.ts";

const MAIN = {
  train_from: "1993-06-01",
  window: "expanding",
  refit_sessions: 63,
  purge_sessions: 5,
  features: "all",
  retransformation: "smearing",
};

function cell(changes: Partial<EffectCell>): EffectCell {
  return {
    ...MAIN,
    model: "anchored",
    reference: "rv20",
    proxy: "squared returns",
    loss: "qlike",
    gain: 0.4,
    ...changes,
  };
}

it("choiceEffects() compares cells that differ in one choice alone with the main option", () => {
  const cells = [
    cell({refit_sessions: 252, gain: 0.34}), // 10 % more loss
    cell({}),
    cell({loss: "mae_volatility", gain: 0.2}),
    cell({loss: "mae_volatility", refit_sessions: 252, gain: 0.2}),
    cell({loss: "mae_volatility", refit_sessions: 252, purge_sessions: 22, gain: 0.1}),
    cell({window: "1000", gain: 0.31}), // 15 % more
    cell({window: "2000", gain: 0.37}), // 5 % more
  ];
  const effects = choiceEffects(cells, MAIN);
  const round = (value: number) => Number(value.toFixed(10));
  expect(
    effects.map(({choice, option, pairs, median, least, most}) => [
      choice,
      option,
      pairs,
      ...[least, median, most].map(round),
    ]),
  ).toEqual([
    ["training span", "last 1000 sessions", 1, 0.15, 0.15, 0.15],
    ["training span", "last 2000 sessions", 1, 0.05, 0.05, 0.05],
    ["refit interval", "every 252 sessions", 2, 0, 0.05, 0.1],
    ["purge", "22 sessions", 1, 0.125, 0.125, 0.125],
  ]);
  expect(effects[0]).toMatchObject({model: "anchored", against: "since 1993-06-01"});
});

it("choiceEffects() leaves cells without a figure out and models apart", () => {
  const cells = [
    cell({}),
    cell({purge_sessions: 22, gain: Number.NaN}),
    cell({model: "other", purge_sessions: 22, gain: 0.1}),
  ];
  expect(choiceEffects(cells, MAIN)).toEqual([]);
});
