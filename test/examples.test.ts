import {execFileSync, spawnSync} from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import * as library from "../src/index.ts";
import {type Example, examplesOf, importsOf, notPrinted, type Ran} from "./examples.ts";
import {REPOSITORY, runPipeline} from "./runPipeline.ts";

const TYPESCRIPT = join(REPOSITORY, "node_modules/typescript/bin/tsc");
const examples = examplesOf(readFileSync(join(REPOSITORY, "docs/examples.md"), "utf8"));

/** The exports that no program imports. */
function withoutExample(names: readonly string[], programs: readonly Example[]): string[] {
  const shown = new Set(programs.flatMap(({program}) => importsOf(program)));
  return names.filter((name) => !shown.has(name)).sort();
}

describe("docs/examples.md", {timeout: 180_000}, () => {
  let consumer: string;
  let ran: readonly Ran[];

  beforeAll(async () => {
    consumer = mkdtempSync(join(tmpdir(), "volbook-examples-"));
    const home = join(consumer, "node_modules/volbook");
    mkdirSync(home, {recursive: true});
    copyFileSync(join(REPOSITORY, "package.json"), join(home, "package.json"));
    symlinkSync(join(REPOSITORY, "node_modules"), join(home, "node_modules"));
    cpSync(join(REPOSITORY, "reports/src/components"), join(home, "reports/src/components"), {
      recursive: true,
    });
    writeFileSync(join(consumer, "package.json"), '{"type": "module"}');
    execFileSync(
      process.execPath,
      [TYPESCRIPT, "-p", "tsconfig.build.json", "--outDir", join(home, "dist")],
      {
        cwd: REPOSITORY,
      },
    );
    const run = await runPipeline(["explain"], {
      CONFIG: "test/small.yaml",
      SOURCE: "sample",
      DATA_DIR: join(consumer, "data"),
      NOW: "2023-06-01T12:00:00Z",
    });
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const program = `import {examplesOf, runExamples} from ${JSON.stringify(join(REPOSITORY, "test/examples.ts"))};
      import {readFileSync} from "node:fs";
      const page = readFileSync(${JSON.stringify(join(REPOSITORY, "docs/examples.md"))}, "utf8");
      process.stdout.write(JSON.stringify(await runExamples(examplesOf(page))));`;
    writeFileSync(join(consumer, "all.ts"), program);
    const {stdout, stderr, status} = spawnSync(process.execPath, ["all.ts"], {
      cwd: consumer,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    ran = JSON.parse(stdout) as Ran[];
  });
  afterAll(() => rmSync(consumer, {recursive: true, force: true}));

  it("has an example of everything that the library exports", () => {
    expect(withoutExample(Object.keys(library), examples)).toEqual([]);
  });

  it("would be found out by an export without an example, and by one that is only imported", () => {
    expect(withoutExample([...Object.keys(library), "unheardOf"], examples)).toEqual(["unheardOf"]);
    const idle = examples.flatMap(({title, program}) =>
      importsOf(program)
        .filter((name) => [...program.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length < 2)
        .map((name) => `${title}: ${name}`),
    );
    expect(idle).toEqual([]);
  });

  it.each(examples.map((example, i): [string, Example, number] => [example.title, example, i]))(
    "%s: runs and prints what it says",
    (_, example, i) => {
      const {printed, error} = ran[i]!;
      expect(error).toBeUndefined();
      expect(example.prints.length).toBeGreaterThan(0);
      expect(notPrinted(example, printed), printed.join("\n")).toBeUndefined();
    },
  );

  it("notices a line that was not printed, or too early", () => {
    const [example] = examplesOf("## T\n```ts\nconsole.log(1); // => 1\nconsole.log(2); // => 2\n```\n");
    expect(notPrinted(example!, ["1", "2"])).toBeUndefined();
    expect(notPrinted(example!, ["1"])).toBe("2");
    expect(notPrinted(example!, ["2", "1"])).toBe("2");
  });

  it("has the types that the library declares", () => {
    const files = examples.map(({program}, i) => {
      const file = `typed-${i}.ts`;
      writeFileSync(join(consumer, file), program);
      return file;
    });
    const compilerOptions = {
      noEmit: true,
      strict: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      skipLibCheck: true,
      module: "esnext",
      moduleResolution: "bundler",
      moduleDetection: "force",
      target: "esnext",
      lib: ["esnext"],
      typeRoots: [join(REPOSITORY, "node_modules/@types")],
      types: ["node"],
    };
    writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({compilerOptions, files}));
    const {stdout} = spawnSync(process.execPath, [TYPESCRIPT, "-p", "."], {cwd: consumer, encoding: "utf8"});
    expect(stdout).toBe("");
  });
});
