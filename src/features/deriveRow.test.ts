import {describe, expect, it} from "vitest";
import {catalogue, selectCatalogue} from "./catalogue.ts";
import {computeFeatures} from "./computeFeatures.ts";
import {deriveRow} from "./deriveRow.ts";
import {isDerived} from "./feature.ts";
import {randomMarket} from "./randomMarket.ts";

const frame = computeFeatures(randomMarket());

function row(t: number): Record<string, number> {
  return Object.fromEntries(Object.entries(frame.columns).map(([name, values]) => [name, values[t]!]));
}

describe("deriveRow()", () => {
  it("gives the row that computeFeatures() gave, from its primary features alone", () => {
    for (const t of [0, 10, 30, 100, 419]) {
      const primary = catalogue
        .filter((entry) => !isDerived(entry))
        .map(({name}) => [name, row(t)[name]!] as const);
      expect(deriveRow(Object.fromEntries(primary))).toEqual(row(t));
      expect(deriveRow(row(t))).toEqual(row(t));
    }
  });

  it("recomputes all that depends on a given value, and nothing else", () => {
    const before = row(400);
    const after = deriveRow(before, {vix: 40});
    const moved = Object.keys(after).filter((name) => !Object.is(after[name], before[name]));
    expect(moved.sort()).toEqual(["log_vix_var", "vix", "vix_range_ratio", "vix_term"]);
    expect(after.vix_term).toBe(before.vix3m! / 40);
    expect(after.log_vix_var).toBe(Math.log(0.4 ** 2 / 252));
    expect(after.vix_range_ratio).toBeCloseTo(Math.log(0.16 / 252) - before.log_range_var_22d!, 12);
  });

  it("recomputes through several steps", () => {
    const after = deriveRow(row(400), {overnight_gap: -0.1});
    expect(after.range_var_1d).toBe(after.gk_var_1d! + (-0.1) ** 2);
    expect(after.range_ratio_1_22).toBe(Math.log(after.range_var_1d!) - after.log_range_var_22d!);
  });

  it("lets a given derived value win over its inputs, and feeds it on", () => {
    const after = deriveRow(row(400), {vix: 40, log_vix_var: -8});
    expect(after.log_vix_var).toBe(-8);
    expect(after.vix_range_ratio).toBe(-8 - after.log_range_var_22d!);
  });

  it("makes NaN of what is neither given nor in the row", () => {
    const after = deriveRow({}, {vix: 20, vix3m: 22});
    expect(after.vix_term).toBe(1.1);
    expect(after.vix_range_ratio).toBeNaN();
    expect(after.spy_ret_1d).toBeNaN();
  });

  it("refuses a name that is not in the catalogue, or that a flag leaves out", () => {
    const entries = selectCatalogue({enableOptionalCorrelations: false});
    expect(() => deriveRow({}, {vixx: 1})).toThrow(
      "Cannot derive features: unknown vixx; known are spy_ret_1d",
    );
    expect(() => deriveRow({}, {hyg_tlt_spread: 0}, {entries})).toThrow("unknown hyg_tlt_spread");
    expect(deriveRow(row(400), {}, {entries})).not.toHaveProperty("hyg_tlt_spread");
  });

  it("leaves its inputs as they were", () => {
    const values = Object.freeze(row(100));
    expect(() => deriveRow(values, Object.freeze({vix: 30}))).not.toThrow();
  });
});
