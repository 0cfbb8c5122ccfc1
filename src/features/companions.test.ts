import {describe, expect, it} from "vitest";
import {column} from "../frame.ts";
import {MARKET_ROLES, type Market} from "../market/align.ts";
import {catalogue} from "./catalogue.ts";
import {companionsOf, featuresWith} from "./companions.ts";
import {computeFeatures} from "./computeFeatures.ts";
import {randomMarket} from "./randomMarket.ts";

const market = randomMarket();
const none: Market = {
  ...market,
  ...Object.fromEntries(MARKET_ROLES.map((role) => [role, market.vix.map(() => Number.NaN)])),
};

describe("companionsOf()", () => {
  it.each(MARKET_ROLES)("names %s for exactly the features that are nowhere known without it", (role) => {
    const without = computeFeatures({...market, [role]: none[role]});
    const unknown = catalogue.filter(({name}) => column(without, name).every(Number.isNaN));
    expect(unknown.map(({name}) => name)).toEqual(
      catalogue.filter((entry) => companionsOf(entry).has(role)).map(({name}) => name),
    );
  });

  it("names an input that is nowhere", () => {
    const lost = {...catalogue.find(({name}) => name === "vix_term")!, inputs: ["vix9d"]};
    expect(() => companionsOf(lost)).toThrow(
      "Cannot tell what vix_term needs: vix9d is not in the catalogue",
    );
  });
});

describe("featuresWith()", () => {
  it("keeps all features where all series are there, and those of the target's own bars where none is", () => {
    expect(featuresWith(MARKET_ROLES)).toEqual(catalogue);
    const own = featuresWith([]).map(({name}) => name);
    expect(own).toContain("log_range_var_22d");
    expect(own).not.toContain("log_vix_var");
    expect(own).not.toContain("vix_range_ratio");
    const alone = computeFeatures(none);
    for (const {name} of catalogue) {
      expect(column(alone, name).every(Number.isNaN), name).toBe(!own.includes(name));
    }
  });
});
