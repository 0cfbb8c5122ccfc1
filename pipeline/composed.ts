// The champion's own fits, where the champion is a combination: the one fit that makes each of its forecasts.
import {composeFits, type WeightedCombination} from "../src/evaluation/composeFits.ts";
import type {FoldForecast, MarketTable} from "../src/evaluation/walkForward.ts";
import {forecastLog, requireLogFit} from "../src/models/logFit.ts";
import {createLogMeans} from "../src/models/logMean.ts";
import {horizon as checkedHorizon} from "../src/units.ts";
import type {CombinedForecasts} from "./combinations.ts";
import type {ComposedReference} from "./fits.ts";

/** Forecasts of consecutive rows by one composed fit, and what that fit is made of. */
export interface ComposedForecast extends FoldForecast {
  readonly fit: ComposedReference;
}

/**
 * The champion's forecasts at every horizon, made by the very fits that are explained, published and served; the pooled
 * numbers differ from them by the rounding of the leaves. None where the champion is no combination.
 *
 * @throws {RangeError} if the combination or a member of it is not one of logs
 */
export function composeChampion(
  champion: string,
  {
    folds,
    combined,
    table,
  }: {
    readonly folds: readonly FoldForecast[];
    readonly combined: readonly CombinedForecasts[];
    readonly table: MarketTable;
  },
): ComposedForecast[] {
  const horizons = combined
    .filter(({combination}) => combination.name === champion)
    .map(({horizon}) => horizon);
  return horizons.flatMap((horizon) => {
    const fits = new Map<string, FoldForecast[]>();
    for (const fold of folds) {
      if (fold.horizon !== horizon) continue;
      fits.set(fold.model, [...(fits.get(fold.model) ?? []), fold]);
    }
    const combinations = new Map<string, WeightedCombination>(
      combined
        .filter((entry) => entry.horizon === horizon)
        .map(({combination, series}) => [combination.name, {combination, refits: series.refits}]),
    );
    const mean = createLogMeans();
    return composeFits(champion, {fits, combinations}).map(({rows, parts, trainedThrough}) => {
      const fit = mean(
        parts.map(({fitted, model, weight}) => ({fit: requireLogFit(fitted.fit, model), weight})),
      );
      const request = {features: table.features, rows, horizon: checkedHorizon(horizon)};
      return {
        model: champion,
        horizon,
        rows,
        trainedThrough,
        ...forecastLog(fit, request),
        fit: {
          parts: parts.map(({fitted, model, weight}) => ({
            model,
            trained_through: fitted.trainedThrough,
            weight,
          })),
        },
      };
    });
  });
}
