import {describe, expect, it} from "vitest";
import type {MultiverseCell} from "./multiverseCells.ts";
import {multiverseClaims} from "./multiverseClaims.ts";

const options = {threshold: 0.95, significantT: -1.96, matters: 0.01, mainFeatures: "all"};
const choices = {
  horizon: 5,
  model: "anchored",
  train_from: 8552,
  window: "expanding",
  refit_sessions: 63,
  purge_sessions: 5,
  features: "all",
  proxy: "squared returns",
  loss: "qlike",
  retransformation: "smearing",
  n: 4776,
} as const;

describe("multiverseClaims()", () => {
  it("calls a claim robust where it holds in 95 % of cells, and not in one cell fewer", () => {
    for (const [losing, robust] of [
      [5, 1],
      [6, 0],
    ] as const) {
      const gains = Array.from({length: 100}, (_, i) => (i < losing ? -0.1 - i / 1000 : 0.3));
      const [claim] = multiverseClaims(
        gains.map((gain, i) => makeCell(i, {gain})),
        options,
      );
      expect(claim).toMatchObject({
        claim: "beats_rv20",
        cells: 100,
        holding: 100 - losing,
        robust,
        worst_cell: `cell ${losing - 1}`,
      });
    }
  });

  it("asks for significance only where it was tested", () => {
    const ts = [-3, -2, -1.9, Number.NaN];
    const claims = multiverseClaims(
      ts.map((dm_t, i) => makeCell(i, {dm_t})),
      options,
    );
    expect(claims.find(({claim}) => claim === "beats_rv20_significantly")).toMatchObject({
      cells: 3,
      holding: 2,
      worst_cell: "cell 2",
      worst_value: -1.9,
    });
  });

  it("asks apart what holds with the first feature set", () => {
    const cells = [0.3, 0.2, -0.1].map((gain, i) => makeCell(i, {gain, features: i < 2 ? "all" : "ranges"}));
    const claims = multiverseClaims(cells, options);
    expect(claims.find(({claim}) => claim === "beats_rv20")).toMatchObject({cells: 3, holding: 2, robust: 0});
    expect(claims.find(({claim}) => claim === "beats_rv20_given_all_features")).toMatchObject({
      words: "anchored loses less than rv20, given the features all",
      cells: 2,
      holding: 2,
      robust: 1,
    });
  });

  it("keeps the references apart", () => {
    const cells = [makeCell(0, {gain: 0.3}), makeCell(1, {reference: "log_har_vix", gain: -0.02})];
    const robust = Object.fromEntries(multiverseClaims(cells, options).map((own) => [own.claim, own.robust]));
    expect(robust).toMatchObject({beats_rv20: 1, beats_log_har_vix: 0});
  });

  it("measures a choice by cells that differ in it alone", () => {
    const cells = [
      makeCell(0, {purge_sessions: 5, gain: 0.37}),
      makeCell(1, {purge_sessions: 22, gain: 0.368}), // .3 % more loss
      makeCell(2, {purge_sessions: 5, features: "ranges", gain: 0.3}),
      makeCell(3, {purge_sessions: 22, features: "ranges", gain: 0.26}), // 5.7 % more
      makeCell(4, {purge_sessions: 5, loss: "mse_volatility", gain: 0.1}), // nothing to compare it with
    ];
    const claims = multiverseClaims(cells, options);
    const purge = claims.find(({claim}) => claim === "purge_matters_little")!;
    expect(purge).toMatchObject({cells: 2, holding: 1, share: 0.5, robust: 0, worst_cell: "cell 3"});
    expect(purge.worst_value).toBeCloseTo(0.74 / 0.7 - 1, 12);
    expect(claims.find(({claim}) => claim === "refit_interval_matters_little")).toBeUndefined();
  });

  it("does not depend on the order of cells", () => {
    const cells = [0, 1, 2, 3].map((i) => makeCell(i, {gain: i < 2 ? 0.1 : 0.2, purge_sessions: 5 + i}));
    expect(multiverseClaims(cells.toReversed(), options)).toEqual(multiverseClaims(cells, options));
  });

  it("says nothing where there is no cell", () => {
    expect(multiverseClaims([], options)).toEqual([]);
  });
});

function makeCell(i: number, own: Partial<MultiverseCell>): MultiverseCell {
  const gain = own.gain ?? 0.1;
  return {
    ...choices,
    cell: `cell ${i}`,
    reference: "rv20",
    gain,
    dm_t: -3,
    loss_model: 1 - gain,
    loss_reference: 1,
    ...own,
  };
}
