// What is each model, on which data, how good was it, and what should nobody expect of it?

import type {LeaderboardRow} from "../evaluation/scorecard.ts";
import {modelLimits} from "./modelLimits.ts";

/** What is known of a model before any figure. */
export interface ModelIdentity {
  readonly name: string;
  readonly title: string;
  readonly equation: string;
  readonly source: string;
  /** Of a combination: how it weighs, and what. */
  readonly kind?: string;
  readonly members: readonly string[];
  /** Names of what it reads; none where it reads returns alone. */
  readonly features: readonly string[];
  readonly refitEvery: number | null; // sessions
  readonly window: string;
}

/** What the lake has of a model's fits. */
export interface FittedSpan {
  readonly fits: number;
  readonly firstForecast: string;
  readonly lastForecast: string;
  readonly trainedThrough: string;
}

export interface CardMetrics {
  readonly horizon: number;
  readonly n: number;
  readonly n_effective: number;
  readonly qlike: number;
  readonly rmse_pct: number;
  readonly gain_qlike_rv20: number;
  readonly dm_t_har_vix: number;
  readonly bias: number;
  readonly mcs_p: number;
}

export interface ModelCard extends ModelIdentity, FittedSpan {
  readonly champion: boolean;
  readonly limits: string;
  readonly metrics: readonly CardMetrics[];
}

/** The published model at one horizon, from its manifest. */
export interface ServedModel {
  readonly horizon: number;
  readonly name: string;
  readonly version: string;
  readonly trained_from: string;
  readonly trained_through: string;
  readonly features: readonly string[];
  readonly trees: boolean;
  readonly sha256: string; // of model.json
}

export interface ModelCards {
  readonly sentences: readonly string[];
  readonly served: readonly ServedModel[];
  readonly cards: readonly ModelCard[];
  readonly count: number;
}

/**
 * A card a model, the champion's first, then from the least loss five sessions ahead on.
 *
 * @param options.spans by model; one without forecasts has no card
 */
export function modelCards(
  identities: readonly ModelIdentity[],
  {
    leaderboard,
    spans,
    served,
    champion,
  }: {
    readonly leaderboard: readonly LeaderboardRow[];
    readonly spans: ReadonlyMap<string, FittedSpan>;
    readonly served: readonly ServedModel[];
    readonly champion: string;
  },
): ModelCards {
  const loss = (name: string): number =>
    leaderboard.find((row) => row.model === name && row.horizon === 5 && row.period === "all")?.qlike ??
    Number.POSITIVE_INFINITY;
  const cards = identities
    .flatMap((identity): ModelCard[] => {
      const span = spans.get(identity.name);
      if (!span) return [];
      return [
        {
          ...identity,
          ...span,
          champion: identity.name === champion,
          limits: modelLimits(identity.name, identity.kind),
          metrics: leaderboard
            .filter(({model, period}) => model === identity.name && period === "all")
            .map(metricsOf)
            .sort((a, b) => a.horizon - b.horizon),
        },
      ];
    })
    .sort((a, b) => Number(b.champion) - Number(a.champion) || loss(a.name) - loss(b.name));
  return {
    cards,
    served,
    count: cards.length,
    sentences: [
      `{{models.count|count}} models forecast every session since {{firstForecast|longDate}}, each from what was known then. In use is \`${champion}\`.`,
    ],
  };
}

function metricsOf(row: LeaderboardRow): CardMetrics {
  const {horizon, n, n_effective, qlike, rmse_pct, gain_qlike_rv20, dm_t_har_vix, bias, mcs_p} = row;
  return {horizon, n, n_effective, qlike, rmse_pct, gain_qlike_rv20, dm_t_har_vix, bias, mcs_p};
}
