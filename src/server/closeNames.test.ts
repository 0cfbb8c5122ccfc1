import {describe, expect, it} from "vitest";
import {closeNames, editDistance} from "./closeNames.ts";

const NAMES = ["spy_ret_1d", "spy_vol_10d", "spy_vol_20d", "vix", "vix3m", "vix_term", "drawdown_60d"];

describe("closeNames()", () => {
  it.each([
    ["VIX", "vix"],
    ["spy_vol10d", "spy_vol_10d"],
    ["vixterm", "vix_term"],
    ["draw_down_60d", "drawdown_60d"],
  ])("takes %s for %s", (text, name) => {
    expect(closeNames(text, NAMES)[0]).toBe(name);
  });

  it("proposes nothing for what resembles nothing", () => {
    expect(closeNames("unemployment_rate", NAMES)).toEqual([]);
    expect(closeNames("x".repeat(50_000), NAMES)).toEqual([]);
  });
});

describe("editDistance()", () => {
  it("counts letters, as the textbook's examples do", () => {
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("saturday", "sunday")).toBe(3);
    expect(editDistance("vix", "vix")).toBe(0);
  });
});
