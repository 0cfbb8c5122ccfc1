// What do tests of the prover prove? The honest chain on a simulated market, or one with a fault in a place of their choice.

import {planWalkForward} from "../evaluation/walkForward.ts";
import {catalogue} from "../features/catalogue.ts";
import {computeFeatures} from "../features/computeFeatures.ts";
import type {Feature} from "../features/feature.ts";
import type {Frame} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import {alignMarket, type Market} from "../market/align.ts";
import {simulateMarket} from "../market/sample.ts";
import {sessionDate} from "../units.ts";
import type {Derivation, MarketBars} from "./derivation.ts";

const HORIZONS = [1, 5, 22];

/** Four years of the simulated market. */
export function sampleBars(): MarketBars {
  const {bars} = simulateMarket({seed: 5, first: sessionDate("2006-01-03"), last: sessionDate("2009-06-30")});
  return new Map(bars.map((series) => [series.symbol, series]));
}

/** Features, labels, table and plan as the pipeline makes them, with what a test puts in their place. */
export function sampleDerivation({
  entries = catalogue,
  labels = (bars) => computeLabels(bars.get("SPY")!),
  purge,
}: {
  readonly entries?: readonly Feature[];
  readonly labels?: Derivation["labels"];
  readonly purge?: (horizon: number) => number;
} = {}): Derivation {
  return {
    features: (bars) => computeFeatures(marketOf(bars), entries),
    labels,
    table: (features, made) => ({
      features,
      variance: squared(made, "rv"),
      rangeVariance: squared(made, "range_rv"),
    }),
    plan: (sessions) =>
      HORIZONS.flatMap((horizon) =>
        planWalkForward(sessions, {
          model: "any",
          seed: 1,
          horizon,
          refitEvery: 21,
          window: "expanding",
          firstOrigin: sessionDate("2008-01-02"),
          ...(purge ? {purge: purge(horizon)} : {}),
        }),
      ),
  };
}

/** A feature that tests plant. */
export function planted(name: string, compute: (market: Market) => Float64Array): Feature {
  return {
    name,
    unit: "ratio",
    lookback: null,
    formula: "planted",
    source: "a test",
    group: "session",
    companions: [],
    compute,
  };
}

function marketOf(bars: MarketBars): Market {
  const of = (symbol: string) => bars.get(symbol)!;
  return alignMarket({
    target: of("SPY"),
    others: {vix: of("^VIX"), vix3m: of("^VIX3M"), tlt: of("TLT"), hyg: of("HYG")},
  });
}

function squared({columns}: Frame, name: string): Record<number, Float64Array> {
  return Object.fromEntries(
    HORIZONS.map((h) => [h, columns[`${name}_${h}d`]!.map((value) => value * value)]),
  );
}
