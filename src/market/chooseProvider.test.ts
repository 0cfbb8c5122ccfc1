import {describe, expect, it} from "vitest";
import {chooseProvider} from "./chooseProvider.ts";
import type {MarketProvider} from "./provider.ts";

const named = (source: MarketProvider["source"]) => () => ({
  source,
  fetch: () => Promise.reject(new Error("unused")),
});
const sources = {yahoo: named("yahoo"), csv: named("csv"), sample: named("sample")};

describe("chooseProvider()", () => {
  it("takes Yahoo on auto if it answers", async () => {
    const {provider, reason} = await chooseProvider("auto", {...sources, probe: async () => undefined});
    expect([provider.source, reason]).toEqual(["yahoo", "Yahoo answered"]);
  });

  it("takes the sample on auto if Yahoo does not answer, and says why", async () => {
    const probe = async () => "ENOTFOUND (query2.finance.yahoo.com)";
    const {provider, reason} = await chooseProvider("auto", {...sources, probe});
    expect(provider.source).toBe("sample");
    expect(reason).toBe(
      "Yahoo did not answer (ENOTFOUND (query2.finance.yahoo.com)): using the simulated sample",
    );
  });

  it.each(["yahoo", "csv", "sample"] as const)(
    "takes %s without a probe where it was asked for",
    async (source) => {
      const probe = () => Promise.reject(new Error("must not be asked"));
      expect((await chooseProvider(source, {...sources, probe})).provider.source).toBe(source);
    },
  );
});
