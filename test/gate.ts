// The whole gate: types, lint and format, then every test; the last line counts them.
import {mkdtempSync, readFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {$} from "zx";

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {readonly status: string; readonly fullName: string}[];
  }[];
}

$.nothrow = true;
let passed = 0;
let failed = 0;
let skipped = 0;

async function check(name: string, command: string[]): Promise<void> {
  const result = await $({verbose: false, stdio: ["ignore", "pipe", "pipe"]})`${command}`;
  if (result.exitCode === 0) {
    passed++;
    console.log(`ok   ${name}`);
  } else {
    failed++;
    console.log(`FAIL ${name}\n${result.stdout}${result.stderr}`);
  }
}

await check("types", ["node", "node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]);
await check("lint and format", ["node", "node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "."]);

const file = join(mkdtempSync(join(tmpdir(), "volbook-gate-")), "vitest.json");
const vitest = await $({
  stdio: ["ignore", "inherit", "inherit"],
})`node node_modules/vitest/vitest.mjs run --reporter=default --reporter=json --outputFile.json=${file}`;
try {
  const report: VitestReport = JSON.parse(readFileSync(file, "utf8"));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  for (const {name, status, assertionResults} of report.testResults) {
    if (status === "failed" && assertionResults.every((test) => test.status !== "failed")) {
      failed++; // a file that could not be loaded has no tests to count
      console.log(`FAIL ${name}`);
    }
    for (const test of assertionResults) {
      if (["pending", "skipped", "todo"].includes(test.status)) console.log(`skip ${test.fullName}`);
    }
  }
} catch (error) {
  failed++;
  console.log(`FAIL the tests gave no report: ${(error as Error).message}`);
}
if (vitest.exitCode !== 0 && failed === 0) failed++; // an unhandled error outside any test
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
