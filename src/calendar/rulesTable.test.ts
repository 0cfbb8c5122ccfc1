import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {rulesTable} from "./rulesTable.ts";

it("rulesTable() is what docs/calendar.md shows", () => {
  const page = readFileSync(new URL("../../docs/calendar.md", import.meta.url), "utf8");
  expect(page).toContain(rulesTable());
});
