import {existsSync, readdirSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import {$} from "zx";
import {REPOSITORY} from "./runPipeline.ts";

const pages = ["README.md", ...readdirSync(join(REPOSITORY, "docs")).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md"),
);

describe("the documentation", () => {
  it("says of the catalogue and the contracts what the code says", async () => {
    const {exitCode, stderr} = await $({
      cwd: REPOSITORY,
      nothrow: true,
    })`${process.execPath} pipeline/docs.ts --check`;
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ""});
  });

  it.each(pages)("%s links to files that exist", (page) => {
    const text = readFileSync(join(REPOSITORY, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1]!);
    const broken = links.filter((link) => !existsSync(join(REPOSITORY, dirname(page), link)));
    expect(broken).toEqual([]);
  });

  it.each(pages)("%s names only make targets that exist", (page) => {
    const targets = new Set(
      [...readFileSync(join(REPOSITORY, "Makefile"), "utf8").matchAll(/^([a-z]+)(?: [a-z ]+)?:/gm)].map(
        (match) => match[1]!,
      ),
    );
    const text = readFileSync(join(REPOSITORY, page), "utf8");
    const named = [...text.matchAll(/`make ([a-z]+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !targets.has(name))).toEqual([]);
  });
});
