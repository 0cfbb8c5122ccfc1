import {describe, expect, it} from "vitest";
import {sessionDate} from "../units.ts";
import {checkBars} from "./checkBars.ts";
import {sampleProvider} from "./sampleProvider.ts";

const symbols = ["SPY", "^VIX", "^VIX3M", "TLT", "HYG"];
const now = "2012-01-04T12:00:00Z";
const provider = sampleProvider({seed: 1, first: sessionDate("2009-01-02")});

describe("sampleProvider()", () => {
  it("gives bars that pass the check, to the last closed session", async () => {
    const {bars} = await provider.fetch({symbols, asOf: sessionDate("2012-12-31"), now});
    const lastClosed = sessionDate("2012-01-03");
    expect(Math.max(...bars.map(({session}) => session))).toBe(lastClosed);
    const {accepted, quarantined, repaired} = checkBars(bars, {lastClosed});
    expect([accepted.length, quarantined, repaired]).toEqual([bars.length, [], []]);
    expect(new Set(bars.map(({symbol}) => symbol))).toEqual(new Set(symbols));
  });

  it("gives an earlier as-of day the same bars up to it", async () => {
    const asOf = sessionDate("2010-06-30");
    const whole = await provider.fetch({symbols: ["SPY"], asOf: sessionDate("2012-01-03"), now});
    const early = await provider.fetch({symbols: ["SPY"], asOf, now});
    expect(early.bars).toEqual(whole.bars.filter(({session}) => session <= asOf));
  });

  it("names a symbol that is not simulated", async () => {
    await expect(provider.fetch({symbols: ["QQQ"], asOf: sessionDate("2012-01-03"), now})).rejects.toThrow(
      "Cannot simulate QQQ: the sample holds SPY, ^VIX, ^VIX3M, TLT, HYG",
    );
  });
});
