// How do rows of estimates compare, each with its interval? A dot and a bar a row, names at the left.

import {CHART_STYLE, inkOf, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

const LETTER = 6.6; // pixels of a letter at 12 px, about
const ROW = 21;

/**
 * rows: {name, value, lo, hi, title}, the first at the top; lo and hi NaN where there is no interval. style: as
 * `modelStyles()`, by name. rules: values marked by a line; label: of the axis; tickFormat: of its numbers; clip: whether
 * bars end at the frame, as `domain` sets it.
 */
export function dotRows(
  rows,
  {
    width = 640,
    style = () => ({color: "var(--series-accent)"}),
    label,
    rules = [0],
    tickFormat,
    domain,
    type = "linear",
    ticks = 5,
    ariaLabel,
    document,
  },
) {
  const longest = Math.max(...rows.map(({name}) => name.length));
  const inside = (value) => (domain ? Math.min(domain[1], Math.max(domain[0], value)) : value);
  const bounded = rows.filter(({lo, hi}) => Number.isFinite(lo) && Number.isFinite(hi));
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: rows.length * ROW + 62,
    marginLeft: Math.min(16 + LETTER * longest, 0.5 * width),
    marginRight: 16,
    marginTop: 20,
    marginBottom: 42,
    ariaLabel,
    x: {type, label, grid: true, ticks, tickFormat, ...(domain ? {domain} : {})},
    y: {label: null, domain: rows.map(({name}) => name), tickSize: 0},
    marks: [
      Plot.ruleX(rules, {stroke: "var(--theme-foreground-muted)", strokeDasharray: "4,3"}),
      Plot.ruleY(bounded, {
        y: "name",
        x1: ({lo}) => inside(lo),
        x2: ({hi}) => inside(hi),
        stroke: ({name}) => style(name).color,
        strokeWidth: 2.2,
        strokeOpacity: 0.55,
      }),
      ...beyond(rows, {domain, tickFormat, style}),
      Plot.dot(
        rows.filter(({value}) => inside(value) === value),
        {
          y: "name",
          x: "value",
          r: 4,
          fill: ({name}) => style(name).color,
          stroke: "var(--theme-background)",
          title: "title",
          tip: TIP_STYLE,
        },
      ),
    ],
  });
}

// A dot at the edge would be read as a value: what lies beyond the frame is an arrow and a number.
function beyond(rows, {domain, tickFormat = String, style}) {
  if (!domain) return [];
  const [low, high] = domain;
  const side = (edge, arrow, textAnchor, dx) =>
    Plot.text(
      rows.filter(({value}) => (edge === low ? value < low : value > high)),
      {
        y: "name",
        x: () => edge,
        text: ({value}) => (edge === low ? `${arrow} ${tickFormat(value)}` : `${tickFormat(value)} ${arrow}`),
        textAnchor,
        dx,
        dy: -1,
        fontSize: 11,
        fontVariant: "tabular-nums",
        fill: ({name}) => inkOf(style(name).color),
        stroke: "var(--theme-background)",
        strokeWidth: 4,
        title: "title",
        tip: TIP_STYLE,
      },
    );
  return [side(low, "◂", "start", 2), side(high, "▸", "end", -2)];
}
