// Small charts side by side in one SVG: how does a cost grow with one thing and another?
import * as Plot from "@observablehq/plot";
import {parseHTML} from "linkedom";

export interface Panel {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly {readonly x: number; readonly y: number}[];
}

const WIDTH = 300;
const HEIGHT = 220;
const COLUMNS = 3;

/** Both axes by their logarithms: a straight line of slope 1 is a cost in proportion. */
export function panelsSvg(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const charts = panels.map((panel, k) => {
    const [x, y] = [(k % COLUMNS) * WIDTH, Math.floor(k / COLUMNS) * HEIGHT];
    return chart(panel).replace("<svg", `<svg x="${x}" y="${y}"`);
  });
  const size = `width="${COLUMNS * WIDTH}" height="${rows * HEIGHT}" viewBox="0 0 ${COLUMNS * WIDTH} ${rows * HEIGHT}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" fill="#222"><rect width="100%" height="100%" fill="white"/>\n${charts.join("\n")}\n</svg>\n`;
}

function chart({name, unit, points}: Panel): string {
  const {document} = parseHTML("<!doctype html><body></body>");
  const ticks = points.map(({x}) => x);
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 48,
    marginBottom: 36,
    marginTop: 24,
    x: {
      type: "log",
      label: name,
      ticks,
      tickFormat: (value) => (value < 1000 ? `${value}` : `${value / 1000}k`),
    },
    y: {type: "log", label: unit, grid: true, ticks: 4, tickFormat: "~s"},
    marks: [
      Plot.line(points, {x: "x", y: "y", stroke: "#2b6cb0"}),
      Plot.dot(points, {x: "x", y: "y", fill: "#2b6cb0"}),
    ],
  });
  return svg.outerHTML;
}
