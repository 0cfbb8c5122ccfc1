import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {catalogue} from "./catalogue.ts";
import {catalogueMarkdown} from "./catalogueTable.ts";

it("catalogueMarkdown() has a line for every entry, with no cell torn by its text", () => {
  const lines = catalogueMarkdown().split("\n");
  for (const {name, unit} of catalogue) {
    const line = lines.filter((text) => text.startsWith(`| \`${name}\` | ${unit} |`));
    expect(line, name).toHaveLength(1);
    expect(line[0]!.split("|"), name).toHaveLength(8);
  }
});

it("docs/features.md shows the catalogue as it is; `node pipeline/docs.ts` writes it anew", () => {
  const page = readFileSync(new URL("../../docs/features.md", import.meta.url), "utf8");
  const [, table] = /<!-- catalogue:start -->\n([\s\S]*)<!-- catalogue:end -->/.exec(page) ?? [];
  expect(table?.trim()).toBe(catalogueMarkdown().trim());
});
