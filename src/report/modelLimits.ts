// What should nobody expect of each model? One or two sentences a model; docs/models.md has the evidence.

const SQUARED = "It knows daily closes alone: neither the day's range nor what options say.";
const LEVELS =
  "A regression in levels lets a few wild weeks decide its coefficients, and needs a filter against forecasts that no market has seen.";
const GARCH = `${SQUARED} A persistence on its bound makes long forecasts a random walk.`;
const LOG_AT_ONE = "One session ahead the factor that undoes the logarithm overshoots.";
const LINEAR_POOL = "A mean of forecasts is no better than what its members know.";

const LIMITS: Readonly<Record<string, string>> = {
  rv20: "It is late: a shock enters at once, and stays for twenty sessions whatever follows.",
  ewma: `One decay for every market and horizon. ${SQUARED}`,
  vix: "Its premium over what comes makes it run high; it is a price over a month, not a forecast of a week.",
  har: LEVELS,
  har_wls: `${LEVELS} Weights soften that.`,
  har_range_wls: `${LEVELS} Ranges miss what happens overnight but for its squared return.`,
  shar: "A daily bar has one return, whose sign takes all of the session's variance: the semivariances of the source are sums over the day.",
  log_har_range: `It does not know what options say. ${LOG_AT_ONE}`,
  log_har_vix: `${LOG_AT_ONE} It needs an implied volatility index.`,
  threshold_har:
    "Neighbouring thresholds fit nearly alike, so that it jumps by several points of VIX between refits; far ahead fourteen coefficients learn from few independent outcomes.",
  log_har_gamma:
    "Linear in logarithms: it does not bend where markets do. Its ridge and its features were settled on the reference period.",
  garch: GARCH,
  garch_t: GARCH,
  gjr: GARCH,
  gjr_t: GARCH,
  egarch: `${GARCH} Its variances come out low on average, the lower the further ahead.`,
  egarch_t: `${GARCH} With Student's t no forecast beyond the next session exists in closed form: an approximation stands in its place.`,
  cart: "Trained on the last 1,000 sessions and once a year: a tree grown in calm years has no branch for a crisis.",
  gbdt: "Trees do not extrapolate: beyond the largest value in training every forecast is the same.",
  forest: "As boosted trees it does not extrapolate, and its forecasts run low.",
  anchored:
    "Trees correct the regression only where training had such days. Far ahead few independent outcomes feed them, and it does no better than the regression. Its settings were chosen on the reference period.",
};

const KINDS: Readonly<Record<string, string>> = {
  mean: LINEAR_POOL,
  log_mean: "A mean in logarithms lies below the mean of its members' forecasts.",
  inverse_loss: `${LINEAR_POOL} Past losses differ little, so that weights stay near equal.`,
  stacked: "Far ahead it chooses weights from few independent outcomes; in the first year they are equal.",
  leader:
    "It follows the member that did best so far, and changes late. What it may choose from was found on the reference period.",
};

/** The limits of a model, or of a combination of a kind, in words; none where nothing is known of it. */
export function modelLimits(model: string, kind?: string): string {
  return (kind === undefined ? LIMITS[model] : KINDS[kind]) ?? "";
}
