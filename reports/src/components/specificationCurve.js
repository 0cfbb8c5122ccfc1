// What would the gain have been under every other defensible choice? All cells in order, and below them which choices each
// one makes.

import {count, fixed, percent, signedPercent} from "./format.js";
import {CHART_STYLE, REALIZED, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";

const BEYOND_CHANCE = 1.96;
const NARROW = 640; // pixels
// Column, its name, and its name where there is little room.
const CHOICES = [
  ["span", "trained on", ""],
  ["refit_sessions", "refit every", "refit"],
  ["purge_sessions", "purge", "purge"],
  ["features", "features", ""],
  ["proxy", "outcomes by", ""],
  ["loss", "loss", ""],
  ["retransformation", "back from logs by", ""],
];
const LETTER = 6.2; // pixels of a letter at 11 px, about
const ROW = 15;
const TICK = 9;

/**
 * The curve: one dot a cell from the smallest gain to the largest, coloured where a test sets it apart from chance.
 * cells: of one model and reference, {gain, dm_t, span, refit_sessions, …}.
 */
export function specificationCurve(cells, {width = 800, reference, main, document} = {}) {
  const ranked = rankedCells(cells);
  const own = main ? ranked.filter((cell) => isMain(cell, main)) : [];
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: Math.min(300, Math.max(220, width * 0.3)),
    marginLeft: leftOf(width),
    marginRight: 12,
    marginTop: 24,
    marginBottom: 10,
    ariaLabel: `Gain on ${reference} in every cell`,
    x: {axis: null, domain: [0, ranked.length + 1]},
    y: {
      label: `↑ gain on ${reference}, %`,
      grid: true,
      tickFormat: (value) => fixed(100 * value, 0),
      ticks: 5,
    },
    marks: [
      Plot.ruleY([0], {stroke: "var(--theme-foreground-muted)"}),
      Plot.dot(ranked, {
        x: "rank",
        y: "gain",
        r: ranked.length > 400 ? 1.4 : 2.4,
        fill: ({dm_t: t}) => colorOf(t),
        title: tipText,
        tip: TIP_STYLE,
      }),
      Plot.dot(own, {
        x: "rank",
        y: "gain",
        r: 5,
        stroke: "var(--theme-foreground)",
        strokeWidth: 1.8,
      }),
      Plot.text(own.slice(0, 1), {
        x: "rank",
        y: "gain",
        text: () => "the leaderboard’s choices",
        dy: -13,
        textAnchor: own[0]?.rank > ranked.length / 2 ? "end" : "start",
        fontWeight: 600,
      }),
    ],
  });
}

/** Below the curve: a row an option, a mark under each cell that takes it. */
export function specificationChoices(cells, {width = 800, document} = {}) {
  const ranked = rankedCells(cells);
  const rows = CHOICES.flatMap(([name, words]) => {
    const options = [...new Set(ranked.map((cell) => cell[name]))].sort(byNumber);
    return options.length < 2
      ? []
      : options.map((option, i) => ({name, option, words: i === 0 ? words : ""}));
  });
  const key = ({name, option}) => `${name} ${option}`;
  const place = new Map(rows.map((row) => [key(row), row]));
  const marginLeft = leftOf(width);
  return Plot.plot({
    document,
    style: {...CHART_STYLE, fontSize: "11px"},
    width,
    height: rows.length * ROW + 26,
    marginLeft,
    marginRight: 12,
    marginTop: 4,
    marginBottom: 22,
    ariaLabel: "Choices of every cell",
    x: {axis: null, domain: [0, ranked.length + 1]},
    y: {
      domain: rows.map(key),
      label: null,
      tickSize: 0,
      tickFormat: (name) => clipped(optionName(place.get(name)), (marginLeft - 8) / LETTER),
    },
    marks: [
      Plot.ruleY(
        rows.filter(({first}) => first),
        {y: key, dy: -ROW / 2, stroke: "var(--theme-foreground-faintest)"},
      ),
      ticksMark(ranked, rows, key),
    ],
  });
}

/** Cells by gain, the smallest first, with their place. */
export function rankedCells(cells) {
  return cells
    .filter(({gain}) => Number.isFinite(gain))
    .toSorted((a, b) => a.gain - b.gain)
    .map((cell, i) => ({...cell, rank: i + 1}));
}

/** In words, for those who cannot see the chart. */
export function describeSpecification(cells, {model, reference}) {
  const ranked = rankedCells(cells);
  if (ranked.length === 0) return "Dots without data.";
  const better = ranked.filter(({gain}) => gain > 0).length;
  const clearly = ranked.filter(({dm_t: t}) => t <= -BEYOND_CHANCE).length;
  return `${count(ranked.length)} cells in order of the gain of ${model} on ${reference}: from ${signedPercent(ranked[0].gain)} to ${signedPercent(ranked.at(-1).gain)}; above 0 in ${count(better)}, beyond chance in ${count(clearly)}.`;
}

/** A title that says what is seen. */
export function specificationTitle(cells, {model, reference}) {
  const ranked = rankedCells(cells);
  const better = ranked.filter(({gain}) => gain > 0).length;
  return `${model} loses less than ${reference} in ${percent(better / ranked.length, 0)} of ${count(ranked.length)} cells`;
}

// One path a row: thousands of marks are no burden so.
function ticksMark(ranked, rows, key) {
  return (_index, {x, y}, _values, _dimensions, {document}) => {
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.setAttribute("aria-label", "choice");
    group.setAttribute("fill", "none");
    const step = Math.abs(x(2) - x(1));
    for (const row of rows) {
      const middle = y(key(row));
      const [top, bottom] = [middle - TICK / 2, middle + TICK / 2];
      const marks = ranked.filter((cell) => cell[row.name] === row.option).map(({rank}) => x(rank));
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute(
        "d",
        marks.map((at) => `M${at.toFixed(2)},${top.toFixed(1)}V${bottom.toFixed(1)}`).join(""),
      );
      path.setAttribute("stroke", "var(--theme-foreground-muted)");
      path.setAttribute("stroke-width", Math.min(3, Math.max(0.5, step * 0.8)).toFixed(2));
      path.setAttribute("stroke-opacity", ranked.length > 600 ? 0.55 : 0.9);
      group.append(path);
    }
    return group;
  };
}

function colorOf(t) {
  if (t <= -BEYOND_CHANCE) return "var(--series-accent)";
  return t >= BEYOND_CHANCE ? "var(--series-orange)" : REALIZED;
}

function isMain(cell, main) {
  return (
    cell.proxy === "squared returns" &&
    cell.loss === "qlike" &&
    Object.entries(main).every(([name, value]) => String(cell[name]) === String(value))
  );
}

function leftOf(width) {
  return width < NARROW ? 118 : 210;
}

function optionName({words, option}) {
  return words ? `${words} ${option}` : `${option}`;
}

function clipped(text, length) {
  return text.length > length ? `${text.slice(0, Math.max(1, Math.floor(length) - 1))}…` : text;
}

function byNumber(a, b) {
  return typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en", {numeric: true});
}

function tipText(cell) {
  const choices = CHOICES.map(([name, words]) => `${words} ${cell[name]}`).join("\n");
  return `${signedPercent(cell.gain)}, DM t ${fixed(cell.dm_t, 2)}, n = ${count(cell.n)}\n${choices}`;
}
