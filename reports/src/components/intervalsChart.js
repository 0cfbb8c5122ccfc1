// Between which values will the outcome lie? A forecast of each horizon with bands of several promised coverages.

import {annualized, percent, wholePercent} from "./format.js";
import {logTicks} from "./logTicks.js";
import {ACCENT, CHART_STYLE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

const ROW = 64; // pixels

/**
 * forecasts: {horizon, volatility}; intervals: {horizon, coverage, low, high}; volatilities over their horizon. Bands are
 * nested, the narrowest the strongest. unit: "annual", or "sessions" for each horizon's own.
 */
export function intervalsChart({forecasts, intervals}, {width = 640, unit = "annual", document} = {}) {
  const scale = (volatility, horizon) =>
    100 * (unit === "annual" ? annualized(volatility, horizon) : volatility);
  const points = forecasts.map(({horizon, volatility}) => ({
    name: horizonName(horizon),
    value: scale(volatility, horizon),
  }));
  const bands = intervals
    .map(({horizon, coverage, low, high}) => ({
      name: horizonName(horizon),
      coverage,
      low: scale(low, horizon),
      high: scale(high, horizon),
    }))
    .sort((a, b) => b.coverage - a.coverage);
  const ends = [...bands.flatMap(({low, high}) => [low, high]), ...points.map(({value}) => value)];
  const positive = ends.filter((value) => value > 0);
  const floor = Math.max(Math.min(...positive), Math.max(...positive) / 200); // an end of 0 has no place on a log axis
  const top = Math.max(...positive) * 1.08;
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: forecasts.length * ROW + 64,
    marginLeft: 88,
    marginRight: 16,
    marginTop: 8,
    marginBottom: 44,
    ariaLabel: "Forecasts and their intervals",
    x: {
      type: "log",
      domain: [floor * 0.92, top],
      clamp: true,
      label:
        unit === "annual" ? "realized volatility, % a year →" : "realized volatility over the horizon, % →",
      ticks: logTicks(floor * 0.92, top, width < 500 ? 4 : 8),
      tickFormat: (value) => `${Number(value.toPrecision(3))}`,
      grid: true,
    },
    y: {type: "band", label: null, domain: points.map(({name}) => name), tickSize: 0},
    marks: [
      Plot.barX(bands, {
        x1: (d) => Math.max(d.low, floor * 0.92),
        x2: "high",
        y: "name",
        fill: ACCENT,
        fillOpacity: 0.2,
        insetTop: 12,
        insetBottom: 12,
        title: (d) =>
          `${d.name}: ${wholePercent(d.coverage)} of outcomes\n${show(d.low)} to ${show(d.high)}${unit === "annual" ? " a year" : ""}`,
        tip: TIP_STYLE,
      }),
      Plot.text(width < 500 ? [] : bands.filter(({name}) => name === roomiest(bands)), {
        x: "high",
        y: "name",
        text: (d) => wholePercent(d.coverage),
        textAnchor: "end",
        dx: -3,
        dy: -24,
        fontSize: 10.5,
        fill: "var(--theme-foreground-muted)",
      }),
      Plot.tickX(points, {
        x: "value",
        y: "name",
        stroke: ACCENT,
        strokeWidth: 3,
        insetTop: 8,
        insetBottom: 8,
      }),
      Plot.text(points, {
        x: "value",
        y: "name",
        text: (d) => show(d.value),
        dy: 28,
        fontWeight: 700,
        fontVariant: "tabular-nums",
      }),
    ],
  });

  function show(value) {
    return percent(value / 100, unit === "annual" ? 1 : 2);
  }
}

// The row whose upper ends lie furthest apart has room for the names of the bands.
function roomiest(bands) {
  const rows = [...Map.groupBy(bands, ({name}) => name)].map(([name, own]) => {
    const ends = own.map(({high}) => Math.log(high)).sort((a, b) => a - b);
    return {name, gap: Math.min(...ends.slice(1).map((end, i) => end - ends[i]))};
  });
  return rows.sort((a, b) => b.gap - a.gap)[0]?.name;
}

/** In words, for those who cannot see the chart. */
export function describeIntervals({forecasts, intervals}) {
  const parts = forecasts.map(({horizon, volatility}) => {
    const own = intervals.filter((interval) => interval.horizon === horizon);
    const bands = own.map(
      ({coverage, low, high}) =>
        `${wholePercent(coverage)} between ${percent(annualized(low, horizon))} and ${percent(annualized(high, horizon))}`,
    );
    return `${horizonName(horizon)}: forecast ${percent(annualized(volatility, horizon))} a year, ${bands.join(", ")}`;
  });
  return `${parts.join(". ")}.`;
}

export function horizonName(horizon) {
  return horizon === 1 ? "1 session" : `${horizon} sessions`;
}
