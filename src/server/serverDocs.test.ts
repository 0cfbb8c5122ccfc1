import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {exampleApp, PAGE, withAnswers} from "./docExamples.fixture.ts";
import {PROBLEM_KINDS} from "./problem.ts";
import {TICKER_WARNING_CODES, WARNING_CODES} from "./schemas.ts";

const page = readFileSync(PAGE, "utf8");

describe("docs/server.md", () => {
  it("shows what the server answers (node src/server/docExamples.fixture.ts writes it)", async () => {
    const app = await exampleApp();
    expect(page).toBe(await withAnswers(page, app));
    await app.close();
  });

  it("lists every problem with its status, and every warning", () => {
    for (const [kind, {status}] of Object.entries(PROBLEM_KINDS))
      expect(page).toContain(`| \`${kind}\` | ${status} |`);
    for (const code of [...WARNING_CODES, ...TICKER_WARNING_CODES]) expect(page).toContain(`| \`${code}\` |`);
  });
});
