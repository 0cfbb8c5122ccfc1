// What can be said of a horizon's forecasts? Every table of the evaluation, as rows.

import {dieboldMariano} from "./dieboldMariano.ts";
import type {
  CalibrationRow,
  Evaluation,
  FluctuationRow,
  ModelTestRow,
  ReliabilityRow,
  SuperiorAbilityRow,
} from "./evaluationRows.ts";
import {fluctuationTest} from "./fluctuation.ts";
import {mincerZarnowitz} from "./mincerZarnowitz.ts";
import {type PeriodSample, pairInterval, samplePeriod} from "./periodSample.ts";
import type {Period} from "./periods.ts";
import {reliability} from "./reliability.ts";
import {REFERENCE, requireBaseline, scorePeriod} from "./scorecard.ts";
import {type PeriodLosses, periodLosses, type ScoredForecasts} from "./scoredForecasts.ts";
import {superiorAbilityOf} from "./superiorAbility.ts";

/** The fluctuation test looks at every window; of its path one in so many is kept, and the extreme. */
const KEPT_WINDOW = 5;

/** A decile of fewer independent outcomes says nothing. */
const FEWEST_A_DECILE = 20;

/**
 * Every table of the evaluation at one horizon. Within a period all models are compared on the same rows and
 * all tests share one resampling. Periods that are too short, or chosen by their outcomes, have leaderboard
 * rows alone. The fluctuation test is made over the first period given.
 *
 * Periods do not depend on one another: their tables are those of each alone, one after another.
 *
 * @param options.seed draws the bootstrap
 * @param options.overTime whether the fluctuation test is made. Default true
 * @throws {RangeError} if no model is called rv20, the baseline of the gains
 */
export function evaluateForecasts(
  scored: ScoredForecasts,
  {
    periods,
    seed,
    overTime = true,
  }: {readonly periods: readonly Period[]; readonly seed: number; readonly overTime?: boolean},
): Evaluation {
  requireBaseline(scored);
  const parts = periods.flatMap((period, i) => {
    const losses = periodLosses(scored, period);
    return losses ? [evaluatePeriod(losses, {seed, overTime: overTime && i === 0})] : [];
  });
  return {
    leaderboard: parts.flatMap((part) => part.leaderboard),
    model_tests: parts.flatMap((part) => part.model_tests),
    superior_ability: parts.flatMap((part) => part.superior_ability),
    fluctuation: parts.flatMap((part) => part.fluctuation),
    calibration: parts.flatMap((part) => part.calibration),
    reliability: parts.flatMap((part) => part.reliability),
  };
}

function evaluatePeriod(
  losses: PeriodLosses,
  {seed, overTime}: {readonly seed: number; readonly overTime: boolean},
): Evaluation {
  const sample = samplePeriod(losses, {seed});
  return {
    leaderboard: scorePeriod(losses, sample),
    model_tests: sample ? testPairs(losses, sample) : [],
    superior_ability: sample && losses.models.length > 1 ? testBenchmarks(losses, sample) : [],
    fluctuation: losses.tested && overTime ? followOverTime(losses) : [],
    calibration: losses.tested ? regressOutcomes(losses) : [],
    reliability: losses.tested && losses.effective >= 10 * FEWEST_A_DECILE ? groupForecasts(losses) : [],
  };
}

// Both directions of a pair, so that a model's comparisons are the rows that name it first.
function testPairs({horizon, period, models}: PeriodLosses, {qlike}: PeriodSample): ModelTestRow[] {
  return models.flatMap((first, i) =>
    models.slice(0, i).flatMap((second, j) => {
      const {t, p, difference, n, effective} = dieboldMariano([first.qlike, second.qlike], {horizon});
      const {lo, hi} = pairInterval(qlike, [i, j], (a, b) => a - b);
      const common = {horizon, period, n, n_effective: effective, dm_p: p};
      return [
        {
          ...common,
          model: first.model,
          other: second.model,
          difference,
          difference_lo: lo,
          difference_hi: hi,
          dm_t: t,
        },
        {
          ...common,
          model: second.model,
          other: first.model,
          difference: -difference,
          difference_lo: -hi,
          difference_hi: -lo,
          dm_t: -t,
        },
      ];
    }),
  );
}

function testBenchmarks(
  {horizon, period, models}: PeriodLosses,
  {qlike}: PeriodSample,
): SuperiorAbilityRow[] {
  return models.map(({model}, i) => {
    const {statistic, best, lower, consistent, upper} = superiorAbilityOf(qlike, i);
    return {
      horizon,
      period,
      benchmark: model,
      n: qlike.rows,
      n_effective: qlike.rows / horizon,
      rivals: models.length - 1,
      best_rival: models[best]!.model,
      statistic,
      p_lower: lower,
      p_consistent: consistent,
      p_upper: upper,
    };
  });
}

function followOverTime({horizon, sessions, models}: PeriodLosses): FluctuationRow[] {
  const reference = models.find(({model}) => model === REFERENCE);
  if (!reference) return [];
  const scored = Uint32Array.from(sessions.keys()).filter((t) => !Number.isNaN(reference.qlike[t]!));
  const lossesOf = (values: Float64Array) => Float64Array.from(scored, (t) => values[t]!);
  return models.flatMap((own) => {
    if (own === reference) return [];
    const {statistic, windowEnds, extreme, critical, window} = fluctuationTest(
      [lossesOf(own.qlike), lossesOf(reference.qlike)],
      {horizon},
    );
    const last = statistic.length - 1;
    return [...statistic.keys()]
      .filter((at) => (last - at) % KEPT_WINDOW === 0 || statistic[at] === extreme)
      .map((at) => ({
        horizon,
        model: own.model,
        other: REFERENCE,
        date: sessions[scored[windowEnds[at]!]!]!,
        statistic: statistic[at]!,
        critical,
        n: window,
        n_effective: window / horizon,
      }));
  });
}

function regressOutcomes(losses: PeriodLosses): CalibrationRow[] {
  const {horizon, period, models} = losses;
  return models.flatMap((own) =>
    (["variance", "volatility"] as const).map((scale) => {
      const {intercept, slope, interceptError, slopeError, waldP, scoreP, r2, n} = mincerZarnowitz(
        [losses[scale], own[scale]],
        {horizon},
      );
      return {
        horizon,
        period,
        model: own.model,
        scale,
        n,
        n_effective: n / horizon,
        intercept,
        intercept_se: interceptError,
        slope,
        slope_se: slopeError,
        wald_p: waldP,
        score_p: scoreP,
        r2,
      };
    }),
  );
}

function groupForecasts(losses: PeriodLosses): ReliabilityRow[] {
  const {horizon, period, models} = losses;
  return models.flatMap((own) =>
    reliability([losses.variance, own.variance], {horizon}).map(
      ({decile, rows, forecast, outcome, bias, lo, hi}) => ({
        horizon,
        period,
        model: own.model,
        decile,
        n: rows.length,
        n_effective: rows.length / horizon,
        var_hat: forecast,
        var: outcome,
        rv_hat: meanAt(own.volatility, rows),
        rv: meanAt(losses.volatility, rows),
        bias,
        bias_lo: lo,
        bias_hi: hi,
      }),
    ),
  );
}

function meanAt(values: Float64Array, rows: Uint32Array): number {
  return rows.reduce((sum, t) => sum + values[t]!, 0) / rows.length;
}
