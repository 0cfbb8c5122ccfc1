// What do the tests of the published site look at? One run of the sample market, with a forecast recorded days before.

import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {type Browser, chromium} from "playwright-core";
import {expect} from "vitest";
import {openLake} from "../../src/store/lake.ts";
import {localDirectory} from "../../src/store/localDirectory.ts";
import {CHROMIUM, FLAGS} from "../../test/browser.ts";
import {REPOSITORY, runPipeline} from "../../test/runPipeline.ts";

/** Every page, in the order of the navigation. */
export const PAGES = [
  "index",
  "walk-forward",
  "explanation",
  "what-if",
  "break-it",
  "coverage",
  "robustness",
  "no-look-ahead",
  "data",
  "method",
  "models",
  "notebooks",
  "receipts",
];

const RECORDED = "2023-11-22T12:00:00Z"; // five sessions and a holiday before

const lakes = mkdtempSync(join(tmpdir(), "volbook-site-"));
// Beside the real site: it is moved there by a rename, so both must be on one file system.
const site = join(REPOSITORY, "reports/.observablehq", `test-site-${process.pid}`);

/** Folders and variables of the run; the data of a site lie beside it. */
export const sample = {
  lakes,
  site,
  data: `${site}-data`,
  lake: openLake({store: localDirectory(join(lakes, "sample"))}),
  variables: {
    SOURCE: "sample",
    CONFIG: "test/small.yaml",
    NOW: "2023-12-01T12:00:00Z",
    DATA_DIR: lakes,
    SITE_DIR: site,
  },
};

/** Makes the lake and the site, once for the tests of a file. */
export async function publishSample(): Promise<void> {
  const before = await runPipeline(["ledger"], {...sample.variables, NOW: RECORDED});
  expect([before.code, before.stderr]).toEqual([0, ""]);
  const {code, stderr} = await runPipeline(["multiverse", "site"], sample.variables);
  expect([code, stderr]).toEqual([0, ""]);
}

export function discardSample(): void {
  for (const folder of [lakes, site, sample.data]) rmSync(folder, {recursive: true, force: true});
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({executablePath: CHROMIUM, args: FLAGS});
}
