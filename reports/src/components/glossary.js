// Which words need explaining? One entry a term of art; pages link its first use to the Method page.

export const GLOSSARY = {
  "realized volatility":
    "The square root of the sum of squared daily log returns over the sessions forecast. Not annualised unless said; times the square root of 252 over the number of sessions, it is a rate a year.",
  QLIKE:
    "A loss on variance: y / f − ln(y / f) − 1, where y is the realized variance and f its forecast. Zero when they agree; too low a forecast costs more than one too high. It ranks forecasts rightly even though realized variance is a noisy measure of the true one (Patton 2011).",
  "walk-forward":
    "Each forecast is made by a model fitted only on what was known then; the model is fitted again as time passes, and the forecasts are compared with what came after.",
  purge:
    "A training row is left out unless its whole outcome, h sessions long, ended on or before the day of fitting; otherwise the model would be fitted on days it is then tested on.",
  "effective n":
    "Outcomes of five sessions overlap, so neighbouring forecasts share most of their outcome. About n divided by the horizon are independent.",
  SHAP: "A way to divide a forecast among its features so that the parts sum to it: each feature's average effect over all orders of adding it (Lundberg and Lee 2017). Here the parts add up on the log of the volatility, so each multiplies the volatility.",
  "Shapley values":
    "The only way to share a gain among players that gives each its average contribution over all orders of joining (Shapley 1953): nothing is left over, and what never helps gets nothing.",
  "Diebold–Mariano":
    "A test of whether two series of losses differ on average, allowing for their autocorrelation. Below −1.96 the model is the better one at the 5 % level, above 1.96 the other is.",
  "confidence set":
    "The 90 % confidence set: the models that cannot be told from the best at the 10 % level (Hansen, Lunde and Nason 2011).",
  RV20: "The baseline: the last 20 sessions' mean squared return, carried forward.",
  bias: "Mean forecast variance divided by mean realized variance; 1 is unbiased.",
  "effect of a feature":
    "The factor, less one, by which a feature's SHAP value multiplies the forecast volatility.",
};
