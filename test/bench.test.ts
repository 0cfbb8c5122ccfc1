import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Row} from "../bench/report.ts";
import {hasXgboost} from "../src/models/gbdt/xgboost.fixture.ts";
import {startScript} from "./runPipeline.ts";

/** Those that ask no browser and no whole pipeline, which other tests run. */
const PARTS = ["agreement", "shap", "walkforward", "garch", "lake"];
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
let rows: readonly Row[] = [];
let page = "";

beforeAll(async () => {
  const {code, stderr} = await startScript(["bench/run.ts", ...PARTS, "--small", "--out", folder], {}).result;
  if (code !== 0) throw new Error(stderr);
  const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Record<
    string,
    {rows: readonly Row[]}
  >;
  rows = PARTS.flatMap((part) => results[part]!.rows);
  page = readFileSync(join(folder, "results.md"), "utf8");
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("make bench, small", () => {
  it("meets every goal that does not depend on the machine", () => {
    const exact = rows.filter(({correctness}) => correctness);
    expect(exact.map(({what, met}) => [what, met])).toEqual(exact.map(({what}) => [what, true]));
    expect(exact.map(({what}) => what)).toEqual(
      expect.arrayContaining([
        "additivity: largest |base + values − prediction|",
        "forecasts and fits by one thread and by two",
        "lake: rows read are those written",
      ]),
    );
  });

  it.skipIf(!hasXgboost)("holds trees and explanations against XGBoost", () => {
    const exact = rows.filter(({correctness}) => correctness).map(({what}) => what);
    for (const what of ["held-out RMSE", "XGBoost JSON", "a SHAP value", "an interaction value"])
      expect(exact.some((found) => found.includes(what))).toBe(true);
  });

  it("prints every row in one table, with its goal and whether it was met", () => {
    for (const {what, goal} of rows) {
      const line = page.split("\n").find((text) => text.startsWith(`| ${what} |`));
      expect(line).toBeDefined();
      if (goal) expect(line).toMatch(/\| (met|\*\*not met\*\*|not measured) \|$/);
    }
  });
});
