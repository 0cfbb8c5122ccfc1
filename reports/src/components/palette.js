// Which colour is what? One choice for every page, told apart by colour-blind eyes on light and dark grounds. Of many
// models only those that matter have a colour: the one in use, what it is held against, and those the reader picks.

const HUES = {
  accent: {light: "#1359d2", dark: "#2894fd"},
  realized: {light: "#7c828b", dark: "#8d949e"},
  neutral: {light: "#2b2f36", dark: "#dfe3e8"},
  orange: {light: "#d27211", dark: "#fca23c"},
  green: {light: "#17a388", dark: "#63c9a7"},
  purple: {light: "#9f1a86", dark: "#da55b6"},
  olive: {light: "#5e590c", dark: "#88882f"},
  breach: {light: "#c1121f", dark: "#ff7b7b"},
};

const GROUNDS = {light: "#ffffff", dark: "#14171c"};

const ROLES = {
  champion: {hue: "accent", width: 2.2},
  reference: {hue: "orange", width: 1.8},
  baseline: {hue: "neutral", dash: "7,3", width: 1.8},
};

// In the order in which models are picked.
const PICKED = [
  {hue: "green"},
  {hue: "purple"},
  {hue: "olive"},
  {hue: "green", dash: "2,3"},
  {hue: "purple", dash: "2,3"},
  {hue: "olive", dash: "2,3"},
];
const OTHER = {hue: "realized", width: 0.9, other: true};

export const ACCENT = "var(--series-accent)";
export const REALIZED = "var(--series-realized)";
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

/** A colour for words: as its line, nearer to the ink, so that they can be read at 4.5 to 1. */
export function inkOf(color) {
  return `color-mix(in oklab, ${color} 65%, var(--theme-foreground))`;
}

/** Models picked beyond this many look like the first again. */
export const MOST_PICKED = PICKED.length;

/**
 * How a model is drawn: {color, dash, width, other}; color as CSS, dash undefined for a full line, other true for those
 * that no role and no choice of the reader sets apart.
 */
export function modelStyles({champion, reference, baseline, picked = []}) {
  const roles = new Map([
    [baseline, ROLES.baseline],
    [reference, ROLES.reference],
    [champion, ROLES.champion],
  ]);
  const extra = picked.filter((model) => !roles.has(model));
  return (model) => {
    const at = extra.indexOf(model);
    const style = roles.get(model) ?? (at < 0 ? OTHER : {width: 1.6, ...PICKED[at % MOST_PICKED]});
    return {color: `var(--series-${style.hue})`, dash: style.dash, width: style.width, other: !!style.other};
  };
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
