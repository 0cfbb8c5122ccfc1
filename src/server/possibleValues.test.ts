import {describe, expect, it} from "vitest";
import {hasSharedMarket, sharedTable} from "../evaluation/marketTable.fixture.ts";
import {catalogue} from "../features/catalogue.ts";
import type {Frame} from "../frame.ts";
import {possibleValues} from "./possibleValues.ts";
import {features} from "./server.fixture.ts";

function violations({columns}: Frame): string[] {
  return catalogue.flatMap((feature) => {
    const {minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity} = possibleValues(feature);
    const bad = columns[feature.name]!.find(
      (value) => value < minimum || value <= exclusiveMinimum || value > maximum,
    );
    return bad === undefined ? [] : [`${feature.name} ${bad}`];
  });
}

describe("possibleValues()", () => {
  it("excludes no value that the simulated market takes", () => {
    expect(violations(features)).toEqual([]);
  });

  it.skipIf(!hasSharedMarket)("excludes no value that the market took", () => {
    expect(violations(sharedTable().features)).toEqual([]);
  });

  it("excludes what a unit excludes", () => {
    const of = (name: string) => possibleValues(catalogue.find((feature) => feature.name === name)!);
    expect(of("vix")).toEqual({minimum: 3, maximum: 300});
    expect(of("rsi_spy_14")).toEqual({minimum: 0, maximum: 100});
    expect(of("corr_spy_tlt_20d")).toEqual({minimum: -1, maximum: 1});
    expect(of("spy_vol_10d")).toEqual({minimum: 0, maximum: 5});
    expect(of("drawdown_60d").maximum).toBe(0);
  });
});
