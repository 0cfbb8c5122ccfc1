// How does one forecast come about? From the model's average, one feature after another, to the forecast.

import {withRest} from "./driversChart.js";
import {featureValue} from "./featureScale.js";
import {annualized, label, percent, signedPercent} from "./format.js";
import {logTicks} from "./logTicks.js";
import {CHART_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rowFrame} from "./rowFrame.js";
import {stepMarks} from "./stepMarks.js";

/**
 * The steps from base to forecast: each feature multiplies the volatility by exp(shap). Volatilities as fractions over
 * the horizon; `from` and `to` bound a step.
 */
export function waterfallSteps({base, contributions}, {limit = 10} = {}) {
  let log = Math.log(base);
  const steps = [
    {name: "model's average", feature: "(base)", kind: "total", from: base, to: base, effect: null},
  ];
  for (const {feature, words, shap, effect, value} of withRest(contributions, limit)) {
    const from = Math.exp(log);
    log += shap;
    steps.push({
      name: label(words),
      feature,
      kind: shap > 0 ? "increase" : "decrease",
      from,
      to: Math.exp(log),
      effect,
      value,
    });
  }
  const forecast = Math.exp(log);
  return [
    ...steps,
    {name: "forecast", feature: "(forecast)", kind: "total", from: forecast, to: forecast, effect: null},
  ];
}

/** Steps on a log axis, so that equal factors have equal length. */
export function waterfallChart(
  attribution,
  {width = 640, horizon = 5, limit = 10, unit = "annual", document} = {},
) {
  const factor = 100 * (unit === "annual" ? annualized(1, horizon) : 1);
  const steps = waterfallSteps(attribution, {limit}).map((step) => ({
    ...step,
    from: step.from * factor,
    to: step.to * factor,
  }));
  const frame = rowFrame(steps, {width, inset: 5});
  const ends = steps.flatMap(({from, to}) => [from, to]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const pad = (high / low) ** 0.22;
  const digits = unit === "annual" ? 1 : 2;
  return Plot.plot({
    ...frame.plot,
    document,
    style: CHART_STYLE,
    marginRight: 16,
    ariaLabel: "From the model's average to the forecast",
    x: {
      type: "log",
      domain: [low / pad, high * pad],
      label: unit === "annual" ? "volatility, % a year →" : `volatility, % over ${horizon} sessions →`,
      ticks: logTicks(low / pad, high * pad, frame.narrow ? 4 : 7),
      tickFormat: (value) => `${Number(value.toPrecision(3))}`,
      grid: true,
    },
    marks: stepMarks(steps, {
      frame,
      title: (d) => tipText(d, digits),
      labels: {total: (d) => percent(d.to / 100, digits), step: (d) => signedPercent(d.effect)},
    }),
  });
}

/** In words, for those who cannot see the chart; in the unit that it shows. */
export function describeWaterfall(attribution, {horizon = 5, unit = "annual"} = {}) {
  const steps = waterfallSteps(attribution);
  const show = (volatility) =>
    unit === "annual"
      ? `${percent(annualized(volatility, horizon))} a year`
      : `${percent(volatility, 2)} over ${horizon} sessions`;
  const parts = steps.slice(1, -1).map(({name, effect}) => `${name} ${signedPercent(effect)}`);
  return `Waterfall from the model's average of ${show(steps[0].to)} to the forecast of ${show(steps.at(-1).to)}: ${parts.join("; ")}.`;
}

function tipText({name, feature, from, to, effect, value}, digits) {
  return `${name}\n${feature}, ${featureValue(feature, value)}\n${percent(from / 100, digits)} → ${percent(to / 100, digits)} (${signedPercent(effect, 2)})`;
}
