// By which steps did yesterday's forecast become today's? Points of volatility a year; the bars sum to the change.

import {annualized, fixed, label, percent} from "./format.js";
import {CHART_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {rowFrame} from "./rowFrame.js";
import {stepMarks} from "./stepMarks.js";

/**
 * drivers: {previous, volatility, steps: [{feature, words, points}, …]}, volatilities and points over the horizon, steps
 * the largest first. Beyond `limit` the rest are one bar, their sum. Values in % a year.
 */
export function bridgeSteps(
  {previous, volatility, steps},
  {horizon = 5, limit = 8, from: before = "the session before", to: after = "this forecast"} = {},
) {
  const factor = 100 * annualized(1, horizon);
  const shown = withRest(steps, limit);
  let at = previous;
  const bars = shown.map(({feature, words, points}) => {
    const from = at;
    at += points;
    const kind = points > 0 ? "increase" : "decrease";
    return {feature, name: label(words), kind, from: factor * from, to: factor * at, points: factor * points};
  });
  const total = (feature, name, value) => ({
    feature,
    name,
    kind: "total",
    from: factor * value,
    to: factor * value,
  });
  return [total("(before)", before, previous), ...bars, total("(now)", after, volatility)];
}

export function bridgeChart(drivers, {width = 640, document, ...options} = {}) {
  const steps = bridgeSteps(drivers, options);
  const frame = rowFrame(steps, {width, inset: 5});
  const ends = steps.flatMap(({from, to}) => [from, to]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(high - low, 0.2);
  return Plot.plot({
    ...frame.plot,
    document,
    style: CHART_STYLE,
    marginRight: 20,
    ariaLabel: "From the forecast of the session before to this one",
    x: {
      label: "volatility, % a year →",
      domain: [low - 0.35 * room, high + 0.45 * room],
      ticks: frame.narrow ? 4 : 7,
      grid: true,
    },
    marks: stepMarks(steps, {
      frame,
      title: (d) => `${d.name}\n${signedPoints(d.points, 3)} points of volatility a year`,
      labels: {total: (d) => percent(d.to / 100), step: (d) => signedPoints(d.points)},
    }),
  });
}

/** In words, for those who cannot see the chart. */
export function describeBridge(drivers, options = {}) {
  const steps = bridgeSteps(drivers, options);
  const parts = steps.slice(1, -1).map(({name, points}) => `${name} ${signedPoints(points)}`);
  return `From ${percent(steps[0].to / 100)} a year the session before to ${percent(steps.at(-1).to / 100)}, in points: ${parts.join("; ") || "nothing changed"}.`;
}

function withRest(steps, limit) {
  const rest = steps.slice(limit);
  if (rest.length < 2) return steps;
  const points = rest.reduce((sum, step) => sum + step.points, 0);
  return [...steps.slice(0, limit), {feature: "(others)", words: `${rest.length} other features`, points}];
}

function signedPoints(points, digits = 2) {
  const text = fixed(points, digits);
  return points > 0 ? `+${text}` : text;
}
