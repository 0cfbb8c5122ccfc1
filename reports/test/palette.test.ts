import {expect, it} from "vitest";
import {mixOklab} from "../src/components/mixOklab.js";
import {inkOf, modelStyles, paletteColors, paletteGround} from "../src/components/palette.js";

// Viénot, Brettel and Mollon (1999) for protanopia and deuteranopia, Machado, Oliveira and Fernandes (2009) at severity 1
// for tritanopia; on linear RGB.
const VISIONS = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const LINES = ["accent", "orange", "green", "purple", "olive", "neutral"];

function linear(hex) {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

// WCAG 2, relative luminance.
function contrast(a, b) {
  const [high, low] = [a, b]
    .map((hex) => linear(hex).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0))
    .sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

// Distance in Oklab (Ottosson 2020).
function distance(a, b, vision) {
  const [p, q] = [a, b].map((hex) =>
    oklab(VISIONS[vision].map((row) => row.reduce((sum, w, i) => sum + w * linear(hex)[i], 0))),
  );
  return Math.hypot(...p.map((value, i) => value - q[i]));
}

function oklab([r, g, b]) {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

for (const scheme of ["light", "dark"]) {
  it(`every ${scheme} colour stands out from its ground by 3 to 1`, () => {
    for (const [name, hex] of Object.entries(paletteColors(scheme))) {
      expect(contrast(hex, paletteGround(scheme)), name).toBeGreaterThan(3);
    }
  });

  it(`${scheme} lines differ for colour-blind eyes`, () => {
    const colors = paletteColors(scheme);
    for (const vision of Object.keys(VISIONS)) {
      for (const [i, a] of LINES.entries()) {
        for (const b of LINES.slice(i + 1)) {
          expect(distance(colors[a], colors[b], vision), `${a} and ${b}, ${vision}`).toBeGreaterThan(0.1);
        }
      }
    }
  });
}

it("modelStyles() gives the models that matter looks of their own, and the others one", () => {
  const picked = ["gbdt", "garch", "vix", "har", "cart", "forest", "log_har_vix"];
  const roles = {champion: "selected", reference: "log_har_vix", baseline: "rv20"};
  const style = modelStyles({...roles, picked});
  const looks = [...Object.values(roles), ...picked].map(
    (model) => `${style(model).color} ${style(model).dash}`,
  );
  expect(new Set(looks).size).toBe(9);
  expect(style("selected")).toMatchObject({color: "var(--series-accent)", other: false});
  expect(style("ewma")).toEqual(style("egarch"));
  expect(style("ewma")).toMatchObject({color: "var(--series-realized)", other: true});
});

it("modelStyles() keeps a model's role where it has two", () => {
  const style = modelStyles({champion: "log_har_vix", reference: "log_har_vix", baseline: "rv20"});
  expect(style("log_har_vix").color).toBe("var(--series-accent)");
});

it("inkOf() makes words of a series readable at 4.5 to 1 on both grounds", () => {
  expect(inkOf("var(--series-orange)")).toContain("65%");
  const inks = {light: "#1a1d22", dark: "#e7eaee"};
  for (const scheme of ["light", "dark"] as const) {
    for (const [name, hex] of Object.entries(paletteColors(scheme)) as [string, string][]) {
      const words = mixOklab(hex, inks[scheme], 0.65);
      expect(contrast(words, paletteGround(scheme)), `${scheme} ${name}`).toBeGreaterThan(4.5);
    }
  }
});
