import {describe, expect, it} from "vitest";
import {traceFeatures} from "./featureTrace.ts";
import {requirePlausible} from "./requirements.ts";

describe("requirePlausible()", () => {
  const weeks = Math.sqrt(5 / 252); // five sessions of a year's volatility
  const judge = (annual: number, sent: Record<string, number>) => () =>
    requirePlausible(annual * weeks, {
      trace: traceFeatures(["log_vix_var"], new Set(Object.keys(sent))),
      sent,
      at: "",
    });

  it("refuses what sent values lead to below 1 % or above 500 % a year, and names them", () => {
    for (const annual of [0.009, 5.1, Number.NaN]) {
      expect(judge(annual, {vix: 3.5})).toThrow("outside 1 % to 500 %");
    }
    for (const annual of [0.011, 4.9]) expect(judge(annual, {vix: 3.5})).not.toThrow();
  });

  it("takes what follows from the lake alone, however wild", () => {
    expect(judge(6, {})).not.toThrow();
  });
});
