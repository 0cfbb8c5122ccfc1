// How does a chart look outside its page? A picture of its own: title, measure and source on it, every colour spelled out,
// always for paper, whichever scheme the page has.

import {mixOklab} from "./mixOklab.js";
import {paletteColors, paletteGround} from "./palette.js";

const INK = "#1a1d22";
const QUIET = "#565c66";
const THEME = {
  "--theme-foreground": INK,
  "--theme-background": paletteGround("light"),
  "--theme-background-alt": "#f5f6f8",
  "--theme-foreground-muted": QUIET,
  "--theme-foreground-faint": "#838a94",
  "--theme-foreground-fainter": "#b9bec6",
  "--theme-foreground-faintest": "#e3e6ea",
};
const MARGIN = 16;
const TITLE = {size: 16, line: 21, weight: 650, fill: INK};
const SUBTITLE = {size: 12.5, line: 17, fill: QUIET};
const SOURCE = {size: 11, line: 15, fill: QUIET};
const LETTER = 0.54; // of the size, about, on average

/** charts: SVG nodes, one below the other; an SVG's text, readable by itself. */
export function standAlone(charts, {title, subtitle = "", source}) {
  const sizes = charts.map((chart) =>
    ["width", "height"].map((name) => Number.parseFloat(chart.getAttribute(name))),
  );
  const width = Math.max(...sizes.map(([own]) => own));
  const heading = [lines(title, {...TITLE, width}), lines(subtitle, {...SUBTITLE, width})];
  let y = MARGIN;
  const parts = [];
  const write = (texts, {size, line, weight = 400, fill}) => {
    for (const text of texts) {
      y += line;
      parts.push(
        `<text x="0" y="${y - 5}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(text)}</text>`,
      );
    }
  };
  write(heading[0], TITLE);
  write(heading[1], SUBTITLE);
  y += 8;
  charts.forEach((chart, i) => {
    parts.push(placed(chart, y));
    y += sizes[i][1];
  });
  y += 6;
  write(lines(source, {...SOURCE, width}), SOURCE);
  const [fullWidth, fullHeight] = [width + 2 * MARGIN, Math.ceil(y + MARGIN)];
  return `${ownIds(withColors(`<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="${-MARGIN} 0 ${fullWidth} ${fullHeight}" color="${INK}" font-family="system-ui, sans-serif"><title>${escaped(title)}</title><rect x="${-MARGIN}" width="${fullWidth}" height="${fullHeight}" fill="${paletteGround("light")}"/>${parts.join("")}</svg>`))}\n`;
}

// Names of entities are HTML's, not SVG's.
function placed(chart, y) {
  return chart.outerHTML
    .replaceAll("&nbsp;", "&#160;")
    .replace("<svg", `<svg x="0" y="${y}" overflow="visible"`);
}

// Plot counts its clips through a process: the same chart shall be the same bytes.
function ownIds(markup) {
  const ids = [...new Set(markup.match(/plot-clip-\d+/g))];
  return markup.replace(/plot-clip-\d+/g, (id) => `clip-${ids.indexOf(id) + 1}`);
}

function lines(text, {size, width}) {
  const most = Math.floor(width / (LETTER * size));
  const found = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = found.length === 0 ? word : `${found.at(-1)} ${word}`;
    if (found.length > 0 && longer.length <= most) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

function withColors(markup) {
  const series = paletteColors("light");
  return markup
    .replace(/var\(--series-(\w+)\)/g, (_, name) => series[name])
    .replace(/var\((--theme-[\w-]+)\)/g, (_, name) => THEME[name] ?? INK)
    .replace(/color-mix\(in oklab, (#\w{6}) ([\d.]+)%, (#\w{6})\)/g, (_, a, share, b) =>
      mixOklab(a, b, Number(share) / 100),
    );
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
