// How does a chart of the site, or one of one's own, look in a cell? As HTML that needs no script and no server.

import {existsSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {parseHTML} from "linkedom";
import type {ReliabilityRow} from "../evaluation/evaluationRows.ts";
import type {Attribution, Contribution, Importance, YearlyImportance} from "../report/attribution.ts";
import {escaped} from "./tableHtml.ts";

/** What stands above and below a chart. */
export interface FigureWords {
  /** What is seen, as a sentence. */
  readonly title: string;
  /** The measure, its unit, the sample. */
  readonly subtitle: string;
  /** Where the data is from. */
  readonly source?: string;
}

/** What Plot and the site's functions give, as far as it is needed here. */
export interface Drawn {
  readonly outerHTML: string;
}

/** A line of a chart of losses. */
export interface LossSeries {
  /** The model's name. */
  readonly name: string;
  /** Milliseconds since 1970-01-01, increasing. */
  readonly dates: Float64Array;
  readonly values: Float64Array;
}

/** Which models have a colour and a name beside their line; the others are grey. */
export interface ModelRoles {
  readonly champion?: string;
  readonly reference?: string;
  readonly baseline?: string;
  readonly picked?: readonly string[];
}

/** A forecast and what came, volatilities over five sessions as fractions. */
export interface DatedForecast {
  readonly date: Date;
  readonly forecast: number;
  readonly low: number;
  readonly high: number;
  readonly outcome: number;
}

/** The site's charts: what each draws, and its options beside width. */
export interface SiteCharts {
  readonly calibrationChart: {data: readonly ReliabilityRow[]; options: {readonly width?: number}};
  readonly cumulativeLossChart: {
    data: readonly LossSeries[];
    options: {readonly reference: string; readonly roles: ModelRoles};
  };
  readonly rollingLossChart: {
    data: readonly LossSeries[];
    options: {readonly window: number; readonly roles: ModelRoles};
  };
  readonly driversChart: {data: readonly Contribution[]; options: {readonly limit?: number}};
  readonly historyChart: {
    data: readonly DatedForecast[];
    options: {readonly unit?: "annual" | "sessions"};
  };
  readonly importanceChart: {data: readonly Importance[]; options: {readonly limit?: number}};
  readonly importanceByYearChart: {
    data: readonly YearlyImportance[];
    options: {readonly importance: readonly Importance[]; readonly limit?: number};
  };
  readonly waterfallChart: {
    /** `base` is the model's average as a volatility: exp of an attribution's base. */
    data: Pick<Attribution, "base" | "contributions">;
    options: {readonly horizon?: number; readonly limit?: number; readonly unit?: "annual" | "sessions"};
  };
}

const FILES: Readonly<Record<keyof SiteCharts, string>> = {
  calibrationChart: "calibrationChart.js",
  cumulativeLossChart: "lossCharts.js",
  rollingLossChart: "lossCharts.js",
  driversChart: "driversChart.js",
  historyChart: "historyChart.js",
  importanceChart: "importanceChart.js",
  importanceByYearChart: "importanceChart.js",
  waterfallChart: "waterfallChart.js",
};

const COMPONENTS = new URL("../../reports/src/components/", import.meta.url);
const WIDTH = 760;

export interface Charts {
  /** A chart of the site, with its words, as HTML. */
  site<Name extends keyof SiteCharts>(
    name: Name,
    data: SiteCharts[Name]["data"],
    options: SiteCharts[Name]["options"] & FigureWords & {width?: number},
  ): string;
  /** A plot of one's own: `charts.plot(Plot.plot, {title, subtitle, marks: […]})`. */
  plot<Options extends object>(
    plot: (options?: Options) => Drawn,
    options: FigureWords & {readonly [Key in keyof Options]?: Options[Key]},
  ): string;
}

/**
 * The site's chart functions, ready to draw without a browser. Show what they give with `tslab.display.html(…)`.
 *
 * @throws {Error} if the site's sources do not lie beside the library
 */
export async function loadCharts(): Promise<Charts> {
  if (!existsSync(fileURLToPath(COMPONENTS))) {
    throw new Error(
      `Cannot load the site's charts: ${fileURLToPath(COMPONENTS)} is missing; use the library inside its repository`,
    );
  }
  const {document} = parseHTML("<!doctype html><html><body></body></html>");
  const palette = await component<Palette>("palette.js");
  const files = [...new Set(Object.values(FILES))];
  const modules = await Promise.all(files.map((file) => component<Record<string, DrawSite>>(file)));
  const functions = Object.assign({}, ...modules) as Record<keyof SiteCharts, DrawSite>;
  const style = cellStyle(palette);

  function figure(chart: Drawn, {title, subtitle, source}: FigureWords): string {
    const words = `<strong>${escaped(title)}</strong><div class="subtitle">${escaped(subtitle)}</div>`;
    const caption = source ? `<figcaption>${escaped(source)}</figcaption>` : "";
    return `<figure class="volbook"><style>${style}</style>${words}${chart.outerHTML}${caption}</figure>`;
  }

  return {
    site(name, data, {title, subtitle, source, ...options}) {
      if (!Object.hasOwn(FILES, name)) {
        throw new RangeError(
          `Cannot draw ${name}: the site's charts are ${Object.keys(FILES).join(", ")}; charts.plot draws one of your own`,
        );
      }
      const words = {title, subtitle, ...(source === undefined ? {} : {source})};
      const style = "roles" in options ? {style: palette.modelStyles(options.roles as ModelRoles)} : {};
      return figure(functions[name](data, {width: WIDTH, ...options, ...style, document}), words);
    },
    plot(plot, {title, subtitle, source, ...options}) {
      const words = {title, subtitle, ...(source === undefined ? {} : {source})};
      const given = {width: WIDTH, marginBottom: 42, style: {background: "none", fontSize: "12px"}};
      const all = {...given, ariaLabel: title, ...options, document};
      return figure(plot(all as unknown as Parameters<typeof plot>[0]), words);
    },
  };
}

type DrawSite = (data: unknown, options: object) => Drawn;

async function component<Module>(file: string): Promise<Module> {
  return (await import(new URL(file, COMPONENTS).href)) as Module;
}

interface Palette {
  paletteColors(scheme: "light" | "dark"): Readonly<Record<string, string>>;
  modelStyles(roles: ModelRoles): unknown;
}

// The palette's custom properties for a cell, where no page declares them: by the reader's scheme, or the editor's.
function cellStyle({paletteColors}: Palette): string {
  const declared = (scheme: "light" | "dark"): string =>
    `{${Object.entries(paletteColors(scheme))
      .map(([name, color]) => `--series-${name}:${color}`)
      .join(";")}}`;
  const own = "figure.volbook";
  const theme =
    "--theme-foreground:currentColor;--theme-foreground-muted:#7c828b;--theme-foreground-faint:#9aa1ab;--theme-background:Canvas";
  return [
    `${own}${declared("light")}`,
    `@media (prefers-color-scheme:dark){${own}${declared("dark")}}`,
    `body.vscode-light ${own},[data-jp-theme-light=true] ${own}${declared("light")}`,
    `body.vscode-dark ${own},[data-jp-theme-light=false] ${own}${declared("dark")}`,
    `${own}{margin:12px 0;font-family:system-ui,sans-serif;${theme}}`,
    `${own} .subtitle{font-size:13px;opacity:.75;margin-bottom:4px}`,
    `${own} figcaption{font-size:12px;opacity:.7}`,
  ].join("");
}
