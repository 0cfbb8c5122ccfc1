import {describe, expect, it} from "vitest";
import {missingRoots, reachingFeatures, traceFeatures} from "./featureTrace.ts";

describe("traceFeatures()", () => {
  it("takes all as they stand where nothing is sent", () => {
    const used = ["log_vix_var", "leverage_1d"];
    expect(traceFeatures(used, new Set())).toEqual({
      reaching: [],
      idle: [],
      derived: [],
      standing: ["log_vix_var", "leverage_1d"],
    });
  });

  it("follows a sent feature through every step to the model's", () => {
    const trace = traceFeatures(["range_ratio_1_22", "log_vix_var"], new Set(["overnight_gap"]));
    expect(trace.reaching).toEqual(["overnight_gap"]);
    expect(trace.derived).toEqual(["range_var_1d", "log_range_var_1d", "range_ratio_1_22"]);
    expect(trace.standing).toEqual(["gk_var_1d", "log_range_var_22d", "log_vix_var"]);
  });

  it("calls a feature idle whose every way is cut off by another sent one", () => {
    const cut = traceFeatures(["log_vix_var"], new Set(["vix", "log_vix_var"]));
    expect(cut).toEqual({reaching: ["log_vix_var"], idle: ["vix"], derived: [], standing: []});
    const open = traceFeatures(["log_vix_var", "vix_term"], new Set(["vix", "log_vix_var"]));
    expect(open.idle).toEqual([]);
  });
});

describe("missingRoots()", () => {
  it("names what would have to be known, one step or two away", () => {
    const unknown = Number.NaN;
    expect(missingRoots("log_vix_var", {vix: unknown})).toEqual(["vix"]);
    expect(
      missingRoots("log_range_var_1d", {range_var_1d: unknown, gk_var_1d: 1e-4, overnight_gap: unknown}),
    ).toEqual(["overnight_gap"]);
    expect(missingRoots("drawdown_60d", {})).toEqual(["drawdown_60d"]);
  });
});

describe("reachingFeatures()", () => {
  it("lists a model's features and all they are derived from", () => {
    expect(reachingFeatures(["vix_range_ratio"])).toEqual([
      "vix",
      "range_var_22d",
      "log_range_var_22d",
      "log_vix_var",
      "vix_range_ratio",
    ]);
  });
});
