import {describe, expect, it} from "vitest";
import {smallArtifact} from "./registry.fixture.ts";
import {selfTest} from "./selfTest.ts";

const good = smallArtifact(-4);
const [example] = good.manifest.examples;
const withExamples = (examples: typeof good.manifest.examples) => ({
  ...good,
  manifest: {...good.manifest, examples},
});

describe("selfTest()", () => {
  it("passes a model that says what its manifest says", () => {
    expect(() => selfTest(good)).not.toThrow();
  });

  it.each([
    ["a forecast off by 1e-11", {...example!, volatility: example!.volatility * (1 + 1e-11)}],
    ["a variance off by 1e-11", {...example!, variance: example!.variance * (1 + 1e-11)}],
    ["another feature's value", {...example!, features: {log_vix_var: -8.4}}],
    ["no forecast", {...example!, volatility: Number.NaN}],
  ])("fails one whose example has %s", (_, wrong) => {
    expect(() => selfTest(withExamples([example!, wrong]))).toThrow(/^Cannot use spy_rv_5d .* of 2023-12-29/);
  });

  it("fails one without examples: nothing was tested", () => {
    expect(() => selfTest(withExamples([]))).toThrow("no example to test it on");
  });
});
