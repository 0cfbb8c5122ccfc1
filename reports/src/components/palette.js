// Which colour is what? One choice for every page, told apart by colour-blind eyes on light and dark grounds. A family of
// models shares a hue; its members differ in their dashes.

const HUES = {
  accent: {light: "#1359d2", dark: "#2894fd"},
  realised: {light: "#7c828b", dark: "#8d949e"},
  neutral: {light: "#2b2f36", dark: "#dfe3e8"},
  orange: {light: "#d27211", dark: "#fca23c"},
  green: {light: "#17a388", dark: "#63c9a7"},
  purple: {light: "#9f1a86", dark: "#da55b6"},
  olive: {light: "#5e590c", dark: "#88882f"},
  breach: {light: "#c1121f", dark: "#ff7b7b"},
};

const GROUNDS = {light: "#ffffff", dark: "#14171c"};

const MODELS = {
  anchored: {hue: "accent"},
  log_har_vix: {hue: "orange"},
  log_har_range: {hue: "orange", dash: "7,3"},
  har: {hue: "orange", dash: "2,3"},
  gbdt: {hue: "green"},
  cart: {hue: "green", dash: "2,3"},
  garch: {hue: "purple"},
  gjr: {hue: "purple", dash: "7,3"},
  vix: {hue: "olive"},
  rv20: {hue: "neutral", dash: "7,3"},
  ewma: {hue: "neutral", dash: "2,3"},
};

export const ACCENT = "var(--series-accent)";
export const REALISED = "var(--series-realised)";
export const BREACH = "var(--series-breach)";
export const INCREASE = "var(--series-orange)";
export const DECREASE = "var(--series-accent)";

/** Text of every chart, in pixels at any width. */
export const CHART_STYLE = {fontSize: "12px"};

export const TIP_STYLE = {
  fill: "var(--theme-background)",
  stroke: "var(--theme-foreground-faint)",
  lineHeight: 1.3,
};

/** The colour of a model, as CSS; one it does not know is olive. */
export function modelColor(model) {
  return `var(--series-${MODELS[model]?.hue ?? "olive"})`;
}

/** The dashes of a model's line; undefined is a full line. */
export function modelDash(model) {
  return model in MODELS ? MODELS[model].dash : "1,3";
}

/** Models in the order of the palette, those it does not know last, by name. */
export function modelOrder(models) {
  const known = Object.keys(MODELS);
  const place = (model) => (known.includes(model) ? known.indexOf(model) : known.length);
  return models.toSorted((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** The palette by scheme, for tests of contrast and for exported pictures. */
export function paletteColors(scheme) {
  return Object.fromEntries(Object.entries(HUES).map(([name, hue]) => [name, hue[scheme]]));
}

export function paletteGround(scheme) {
  return GROUNDS[scheme];
}

/** The palette as CSS custom properties, for the reader's scheme or the one chosen by the switch. */
export function paletteCss() {
  const declare = (scheme) =>
    Object.entries(HUES)
      .map(([name, hue]) => `--series-${name}:${hue[scheme]}`)
      .join(";");
  return `:root{${declare("light")}}@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${declare("dark")}}}:root[data-theme=dark]{${declare("dark")}}@media print{:root:root:root{${declare("light")}}}`;
}
