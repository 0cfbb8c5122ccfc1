import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {claimLake, lakeName, targetOf} from "./lakeName.ts";
import {localDirectory} from "./localDirectory.ts";
import {manifestKey} from "./manifest.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "volbook-lakes-"));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const storeOf = (name: string) => localDirectory(join(folder, name));
const nameFor = (target: string) => lakeName({source: "csv", target}, storeOf);

describe("lakeName()", () => {
  it("is the source's for its first target, and has the symbol in it for every other", async () => {
    expect(await nameFor("QQQ")).toBe("csv");
    await claimLake(storeOf("csv"), "SPY");
    expect(await nameFor("SPY")).toBe("csv");
    expect(await nameFor("QQQ")).toBe("csv-QQQ");
    expect(await nameFor("^BVSP")).toBe("csv-_BVSP");
    expect(await nameFor("EURUSD=X")).toBe("csv-EURUSD_X");
    expect(await nameFor("CL=F")).not.toBe(await nameFor("CLF"));
  });

  it("takes a lake from before lakes were marked for SPY's", async () => {
    await storeOf("csv").replace(manifestKey("raw.market"), new TextEncoder().encode("{}"));
    expect(await targetOf(storeOf("csv"))).toBe("SPY");
    expect(await nameFor("SPY")).toBe("csv");
    expect(await nameFor("QQQ")).toBe("csv-QQQ");
  });
});

describe("claimLake()", () => {
  it("refuses a second target", async () => {
    await claimLake(storeOf("csv"), "SPY");
    await claimLake(storeOf("csv"), "SPY");
    await expect(claimLake(storeOf("csv"), "QQQ")).rejects.toThrow(
      "Cannot write QQQ into this lake: it holds SPY.",
    );
    expect(await targetOf(storeOf("csv"))).toBe("SPY");
  });
});
