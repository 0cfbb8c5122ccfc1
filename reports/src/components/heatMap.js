// How do many numbers by row and column compare at a glance? Cells whose strength is the number, and a key of what it means.

import {ACCENT, CHART_STYLE, INCREASE, TIP_STYLE} from "./palette.js";
import * as Plot from "./plot.js";
import {namesAbove} from "./rowFrame.js";

const NARROW = 640;
const KEY = {width: 150, height: 9, steps: 40};
const STRONG = 0.6;
const ON_ORANGE = "#14171c";
const LETTER = 6.4; // pixels of a letter at 12 px, about

/**
 * cells: {x, y, value, title, text}; rows: {feature, name} from the top; columns: x in order. Values are drawn from 0 to
 * `extent`, or from -extent to extent where `signed`: below 0 blue, above 0 orange; beyond it they look like it. `key`
 * are the words at the key's ends, from low to high. `text` stands in a cell where there is room.
 */
export function heatMap(
  cells,
  {
    width = 640,
    rows,
    columns,
    extent,
    signed = false,
    key,
    scale = (share) => share,
    columnName = String,
    above = width < NARROW,
    ariaLabel,
    document,
  },
) {
  const longest = Math.max(...rows.map(({name}) => name.length));
  const marginLeft = above ? 4 : Math.min(330, 16 + LETTER * longest);
  const every = everyColumn(columns, {room: width - marginLeft - 4, columnName});
  const strength = ({value}) => scale(Math.min(1, Math.abs(value) / extent));
  const inner = (width - marginLeft - 4) / columns.length;
  return Plot.plot({
    document,
    style: CHART_STYLE,
    width,
    height: rows.length * (above ? 34 : 22) + 84,
    marginLeft,
    marginRight: 4,
    marginTop: 46,
    marginBottom: 34,
    padding: 0.06,
    ariaLabel,
    x: {
      label: null,
      domain: columns,
      type: "band",
      tickSize: 0,
      tickFormat: (x) => (columns.indexOf(x) % every === 0 ? columnName(x) : ""),
    },
    y: {
      label: null,
      domain: rows.map(({feature}) => feature),
      axis: above ? null : "left",
      tickSize: 0,
      tickFormat: (feature) => rows.find((row) => row.feature === feature)?.name ?? feature,
    },
    marks: [
      Plot.cell(cells, {
        x: "x",
        y: "y",
        fill: signed ? ({value}) => (value < 0 ? ACCENT : INCREASE) : ACCENT,
        fillOpacity: (cell) => 0.04 + 0.9 * strength(cell),
        insetTop: above ? 16 : 0,
        title: "title",
        tip: TIP_STYLE,
      }),
      inner > 34 && !above && cells.some(({text}) => text)
        ? Plot.text(cells, {
            x: "x",
            y: "y",
            text: "text",
            fontSize: 11,
            fontVariant: "tabular-nums",
            fill: (cell) => inkOn(cell, {signed, strength: strength(cell)}),
          })
        : null,
      above ? namesAbove(rows, {dy: -9}) : null,
      keyMark(key, {signed, scale}),
    ],
  });
}

// On strong blue the ground's colour stands out in both schemes, on strong orange black does.
function inkOn({value}, {signed, strength}) {
  if (strength < STRONG) return "var(--theme-foreground)";
  return !signed || value < 0 ? "var(--theme-background)" : ON_ORANGE;
}

// As many names of columns as fit side by side.
function everyColumn(columns, {room, columnName}) {
  const longest = Math.max(...columns.map((column) => String(columnName(column)).length));
  return Math.max(1, Math.ceil((columns.length * (LETTER * longest + 8)) / Math.max(room, 1)));
}

/** A ramp of the colours at the top left, its ends in words. */
function keyMark([low, high], {signed, scale}) {
  return (_index, _scales, _values, _dimensions, {document}) => {
    const node = (name, attributes, text) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
      if (text) made.textContent = text;
      return made;
    };
    const group = node("g", {
      "aria-label": "key",
      transform: "translate(4,8)",
      fill: "currentColor",
      "text-anchor": "start",
    });
    const left = low.length * LETTER * 0.92 + 6;
    group.append(node("text", {x: 0, y: 9, "font-size": 11}, low));
    for (let i = 0; i < KEY.steps; i++) {
      const place = (i + 0.5) / KEY.steps;
      const share = signed ? 2 * place - 1 : place;
      group.append(
        node("rect", {
          x: left + (i * KEY.width) / KEY.steps,
          y: 0,
          width: KEY.width / KEY.steps,
          height: KEY.height,
          fill: share < 0 || !signed ? ACCENT : INCREASE,
          "fill-opacity": 0.04 + 0.9 * scale(Math.abs(share)),
        }),
      );
    }
    group.append(node("text", {x: left + KEY.width + 6, y: 9, "font-size": 11}, high));
    return group;
  };
}
