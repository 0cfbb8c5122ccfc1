// Which parts of docs/ are made from code? Those between markers; `--check` compares instead of writing.
import {readFileSync, writeFileSync} from "node:fs";
import {argv} from "zx";
import {catalogueMarkdown} from "../src/features/catalogueTable.ts";
import {contractsMarkdown} from "../src/store/contractTables.ts";

const GENERATED = [
  {page: "docs/features.md", marker: "catalogue", text: catalogueMarkdown},
  {page: "docs/data.md", marker: "contracts", text: contractsMarkdown},
];

for (const {page, marker, text} of GENERATED) {
  const before = readFileSync(page, "utf8");
  const start = `<!-- ${marker}:start -->\n`;
  const end = `\n<!-- ${marker}:end -->`;
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`Cannot write ${page}: it lacks the markers ${start.trim()} and ${end.trim()}`);
  const after = before.slice(0, from + start.length) + text().trim() + before.slice(to);
  if (after === before) continue;
  if (argv.check) {
    process.stderr.write(`${page} is not what the code says; run make docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(page, after);
    console.log(`wrote ${page}`);
  }
}
