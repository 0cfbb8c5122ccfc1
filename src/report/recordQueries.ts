// Which query over the lake gives what a chart or table shows? SQL for DuckDB, each dataset a view of its name.

export interface HorizonChoice {
  readonly horizon: number;
}

export interface PeriodChoice extends HorizonChoice {
  readonly period: string;
}

/** Lines of the leaderboard with superior ability beside them, the lowest loss first. */
export function leaderboardQuery({horizon, period}: PeriodChoice): string {
  return `SELECT l.*, s.p_consistent AS spa_p
FROM leaderboard l LEFT JOIN superior_ability s
  ON s.benchmark = l.model AND s.horizon = l.horizon AND s.period = l.period
WHERE l.horizon = ${horizon} AND l.period = ${text(period)}
ORDER BY l.qlike, l.model`;
}

/** Every model against every other, once a pair. */
export function modelTestsQuery({horizon, period}: PeriodChoice): string {
  return `SELECT model, other, n, n_effective, difference, difference_lo, difference_hi, dm_t, dm_p
FROM model_tests
WHERE horizon = ${horizon} AND period = ${text(period)} AND model < other
ORDER BY model, other`;
}

/** Gains by calendar year or by regime. */
export function gainsByPeriodQuery({
  horizon,
  periods,
}: HorizonChoice & {readonly periods: readonly string[]}): string {
  return `SELECT period, model, n, n_effective, qlike, gain_qlike_rv20, gain_qlike_har_vix, bias
FROM leaderboard
WHERE horizon = ${horizon} AND period IN (${periods.map(text).join(", ")})
ORDER BY period, model`;
}

/** Cumulative QLIKE less a reference's, on the sessions that every model forecasts and that have a QLIKE. */
export function cumulativeLossQuery({
  horizon,
  reference,
}: HorizonChoice & {readonly reference: string}): string {
  return `${scored(horizon)}
SELECT date, model, sum(qlike - other) OVER (PARTITION BY model ORDER BY date) AS value
FROM (SELECT s.date, s.model, s.qlike, r.qlike AS other
      FROM scored s JOIN scored r ON r.date = s.date AND r.model = ${text(reference)})
WHERE model <> ${text(reference)}
ORDER BY date, model`;
}

/** Mean QLIKE of the last sessions, windows full and ending at the date. */
export function rollingLossQuery({horizon, window}: HorizonChoice & {readonly window: number}): string {
  return `${scored(horizon)}
SELECT date, model, value FROM (
  SELECT date, model, avg(qlike) OVER last AS value, count(*) OVER last AS n FROM scored
  WINDOW last AS (PARTITION BY model ORDER BY date ROWS BETWEEN ${window - 1} PRECEDING AND CURRENT ROW))
WHERE n = ${window}
ORDER BY date, model`;
}

export function fluctuationQuery({horizon}: HorizonChoice): string {
  return `SELECT date, model, statistic, critical, n, n_effective FROM fluctuation
WHERE horizon = ${horizon}
ORDER BY model, date`;
}

export function calibrationQuery({horizon, period, scale}: PeriodChoice & {readonly scale: string}): string {
  return `SELECT model, n, n_effective, intercept, intercept_se, slope, slope_se, wald_p, score_p, r2
FROM calibration
WHERE horizon = ${horizon} AND period = ${text(period)} AND scale = ${text(scale)}
ORDER BY model`;
}

export function reliabilityQuery({horizon, period, model}: PeriodChoice & {readonly model: string}): string {
  return `SELECT decile, n, var_hat, var, rv_hat, rv, bias, bias_lo, bias_hi FROM reliability
WHERE horizon = ${horizon} AND period = ${text(period)} AND model = ${text(model)}
ORDER BY decile`;
}

export function coverageQuery({
  horizon,
  model,
  periods,
}: HorizonChoice & {readonly model: string; readonly periods: readonly string[]}): string {
  return `SELECT period, method, level, n, covered, rate, below, mean_width, interval_score_pct, worst_rate, worst_end
FROM coverage
WHERE horizon = ${horizon} AND model = ${text(model)} AND period IN (${periods.map(text).join(", ")})
ORDER BY period, method, level`;
}

/** The share of outcomes that intervals held over the sessions before each day. */
export function coveragePathQuery({
  horizon,
  method,
  level,
  window,
}: HorizonChoice & {readonly method: string; readonly level: number; readonly window: number}): string {
  return `SELECT date, value FROM (
  SELECT i.date, avg(CAST(y.rv_${horizon}d BETWEEN i.lo AND i.hi AS INTEGER)) OVER last AS value, count(*) OVER last AS n
  FROM intervals_daily i JOIN labels_daily y ON y.date = i.date AND y.rv_${horizon}d IS NOT NULL
  WHERE i.horizon = ${horizon} AND i.method = ${text(method)} AND i.level = ${level}
  WINDOW last AS (ORDER BY i.date ROWS BETWEEN ${window - 1} PRECEDING AND CURRENT ROW))
WHERE n = ${window}
ORDER BY date`;
}

/** The cells of a specification curve, the smallest gain first. */
export function specificationQuery({
  model,
  reference,
}: {
  readonly model: string;
  readonly reference: string;
}): string {
  return `SELECT train_from, "window", refit_sessions, purge_sessions, features, proxy, loss, retransformation,
  n, loss_model, loss_reference, gain, dm_t
FROM multiverse
WHERE model = ${text(model)} AND reference = ${text(reference)}
ORDER BY rank`;
}

export function claimsQuery(): string {
  return `SELECT model, words, cells, holding, share, threshold, robust, worst_cell, worst_value
FROM multiverse_claims
ORDER BY model, claim`;
}

export function targetsQuery({horizon}: HorizonChoice): string {
  return `SELECT * FROM targets WHERE horizon = ${horizon} ORDER BY symbol, model`;
}

export function trialsQuery({horizon}: HorizonChoice): string {
  return `SELECT name, settings, horizon, n, qlike FROM trials WHERE horizon = ${horizon} ORDER BY qlike, name, settings`;
}

export function oracleQuery({horizon}: HorizonChoice): string {
  return `SELECT model, n, qlike, qlike_oracle, excess, excess_t, distance, bias FROM oracle
WHERE horizon = ${horizon} AND period = 'all'
ORDER BY distance`;
}

// The leaderboard's own models, and an unchanged close has no QLIKE (UNCHANGED of src/models/model.ts).
function scored(horizon: number): string {
  return `WITH known AS (
  SELECT date, rv_${horizon}d * rv_${horizon}d AS y FROM labels_daily WHERE rv_${horizon}d * rv_${horizon}d > 1e-12),
forecasts AS (
  SELECT date, model, var_hat FROM walkforward_daily
  WHERE horizon = ${horizon} AND model IN (SELECT model FROM leaderboard WHERE horizon = ${horizon})),
common AS (
  SELECT date FROM forecasts GROUP BY date
  HAVING count(*) = (SELECT count(DISTINCT model) FROM forecasts)),
scored AS (
  SELECT date, model, y / var_hat - ln(y / var_hat) - 1 AS qlike
  FROM forecasts JOIN known USING (date) JOIN common USING (date))`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
