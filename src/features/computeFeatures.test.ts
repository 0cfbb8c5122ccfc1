import {describe, expect, it} from "vitest";
import {catalogue} from "./catalogue.ts";
import {computeFeatures} from "./computeFeatures.ts";
import type {Feature} from "./feature.ts";
import {randomMarket} from "./randomMarket.ts";

const market = randomMarket();

const doubled: Feature = {
  name: "double",
  unit: "ratio",
  lookback: 1,
  formula: "2 × vix_term",
  source: "test",
  group: "ratios",
  inputs: ["vix_term"],
  of: (term) => 2 * term!,
};

describe("computeFeatures()", () => {
  it("has one column an entry, in the catalogue's order, on the target's sessions", () => {
    const frame = computeFeatures(market);
    expect(frame.sessions).toBe(market.sessions);
    expect(Object.keys(frame.columns)).toEqual(catalogue.map(({name}) => name));
  });

  it("computes a part of the catalogue to the same values as the whole", () => {
    const whole = computeFeatures(market);
    for (const entry of catalogue) {
      expect(computeFeatures(market, [entry]).columns).toEqual({[entry.name]: whole.columns[entry.name]});
    }
  });

  it("takes another entry, derived from the catalogue's", () => {
    const {columns} = computeFeatures(market, [doubled]);
    expect(columns.double![400]).toBe((2 * market.vix3m[400]!) / market.vix[400]!);
  });

  it("names an input that is nowhere", () => {
    expect(() => computeFeatures(market, [{...doubled, inputs: ["vix_terms"]}])).toThrow(
      "Cannot compute vix_terms: it is not in the catalogue",
    );
  });

  it("is NaN where a series has not begun, and only in what needs that series", () => {
    const missing = {...market, vix3m: new Float64Array(market.vix3m.length).fill(Number.NaN)};
    const [before, after] = [computeFeatures(market), computeFeatures(missing)];
    for (const {name} of catalogue) {
      if (["vix3m", "vix_term"].includes(name)) expect(after.columns[name]!.every(Number.isNaN)).toBe(true);
      else expect(after.columns[name], name).toEqual(before.columns[name]);
    }
  });

  it("leaves the market as it was", () => {
    const before = structuredClone(market);
    computeFeatures(market);
    expect(market).toEqual(before);
  });
});
