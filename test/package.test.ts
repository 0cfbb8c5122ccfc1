import {execFileSync, spawnSync} from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import * as library from "../src/index.ts";
import {REPOSITORY, runPipeline} from "./runPipeline.ts";

// The library as another package would see it: built, under its own name, beside nothing else.
let consumer: string;
let dist: string;

beforeAll(async () => {
  consumer = mkdtempSync(join(tmpdir(), "volbook-consumer-"));
  const home = join(consumer, "node_modules/volbook");
  dist = join(home, "dist");
  mkdirSync(home, {recursive: true});
  copyFileSync(join(REPOSITORY, "package.json"), join(home, "package.json"));
  symlinkSync(join(REPOSITORY, "node_modules"), join(home, "node_modules"));
  writeFileSync(join(consumer, "package.json"), '{"type": "module"}');
  node([TYPESCRIPT, "-p", "tsconfig.build.json", "--outDir", dist], REPOSITORY);
});
afterAll(() => rmSync(consumer, {recursive: true, force: true}));

const TYPESCRIPT = join(REPOSITORY, "node_modules/typescript/bin/tsc");
const NOTEBOOK_TYPESCRIPT = join(REPOSITORY, "node_modules/@tslab/typescript-for-tslab/lib/tsc.js");

function node(args: readonly string[], cwd = consumer): string {
  return execFileSync(process.execPath, args, {cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"]});
}

/** What a compiler says of a program of the consumer; nothing where it is content. */
function diagnose(compiler: string, program: string): string {
  writeFileSync(join(consumer, "program.ts"), program);
  const compilerOptions = {
    noEmit: true,
    strict: true,
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    lib: ["esnext"],
    types: [],
  };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({compilerOptions, files: ["program.ts"]}));
  return spawnSync(process.execPath, [compiler, "-p", "."], {cwd: consumer, encoding: "utf8"}).stdout;
}

/** A program that does not compile where an export, a function's parameter or its result is `any`. */
function anyCheck(values: readonly string[], types: readonly string[]): string {
  return [
    'import * as lib from "volbook";',
    "type IsAny<T> = 0 extends 1 & T ? true : false;",
    "type Leaks<T> = IsAny<T> extends true ? true",
    "  : T extends (...args: infer A) => infer R",
    "    ? true extends IsAny<R> | IsAny<Awaited<R>> | {[K in keyof A]: IsAny<A[K]>}[number] ? true : false",
    "    : true extends {[K in keyof T]: IsAny<T[K]>}[keyof T] ? true : false;",
    "declare const planted: {deep: any};",
    "export const sees: Leaks<typeof planted> = true;",
    ...values.map((name) => `export const value_${name}: Leaks<typeof lib.${name}> = false;`),
    ...types.map((name) => `export const type_${name}: IsAny<lib.${name}> = false;`),
  ].join("\n");
}

describe('import … from "volbook"', {timeout: 120_000}, () => {
  it("computes in another package", () => {
    writeFileSync(
      join(consumer, "use.js"),
      `import {alignMarket, computeFeatures, isoDate, leakingFolds, planFolds, sessionDate, simulateMarket} from "volbook";
       const {bars: [target, vix]} = simulateMarket({seed: 1, first: sessionDate("2019-01-02"), last: sessionDate("2020-12-31")});
       const {sessions, columns} = computeFeatures(alignMarket({target, others: {vix}}));
       const folds = planFolds(sessions, {firstOrigin: sessionDate("2020-01-02"), horizon: 5, refitEvery: 21, window: "expanding"});
       console.log(JSON.stringify([isoDate(sessions[0]), sessions.length, columns.vix[0] === vix.close[0], folds.length > 10, leakingFolds(folds, 5)]));`,
    );
    expect(JSON.parse(node(["use.js"]))).toEqual(["2019-01-02", 505, true, true, []]);
  });

  it("ships the closure of src/index.ts alone: no tests, no pipeline, no server", () => {
    const files = readdirSync(dist, {recursive: true}).map(String);
    const modules = files.filter((name) => name.endsWith(".js"));
    expect(modules.filter((name) => /test|fixture|server|yahoo/i.test(name))).toEqual([]);
    expect(modules.filter((name) => !files.includes(name.replace(/js$/, "d.ts")))).toEqual([]);
  });

  it.each([
    ["the project's compiler", TYPESCRIPT],
    ["the notebooks' compiler, TypeScript 5.0", NOTEBOOK_TYPESCRIPT],
  ])("exports nothing of type any, by %s", (_, compiler) => {
    const declared = readFileSync(join(dist, "index.d.ts"), "utf8");
    const typed = [...declared.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, all, names]) =>
      names!
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && (all || name.startsWith("type ")))
        .map((name) => name.replace(/^type /, "").replace(/^.* as /, "")),
    );
    expect(typed).toContain("Model");
    expect(diagnose(compiler, anyCheck(Object.keys(library), typed))).toBe("");
  });

  it("says how to make a lake where there is none", () => {
    writeFileSync(
      join(consumer, "none.js"),
      'import {openLakeFolder} from "volbook"; openLakeFolder("nowhere", "sample");',
    );
    const {stderr, status} = spawnSync(process.execPath, ["none.js"], {cwd: consumer, encoding: "utf8"});
    expect(status).toBe(1);
    expect(stderr).toContain(
      'Cannot open the lake of sample in nowhere: it has none. Run "make report SOURCE=sample"',
    );
  });
});

describe("docs/library.md", {timeout: 120_000}, () => {
  const page = readFileSync(join(REPOSITORY, "docs/library.md"), "utf8");
  const programs = [...page.matchAll(/^## (.+?)\n[\s\S]*?```ts\n([\s\S]*?)```/gm)].map(
    ([, title, program]): [string, string] => [title!, program!],
  );

  beforeAll(async () => {
    const {code, stderr} = await runPipeline(["features", "labels"], {
      CONFIG: "test/small.yaml",
      SOURCE: "sample",
      DATA_DIR: join(consumer, "data"),
      NOW: "2023-06-01T12:00:00Z",
    });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it.each(programs)("%s: the example runs and has its types", (title, program) => {
    expect(
      diagnose(
        TYPESCRIPT,
        `${program}\ndeclare const console: {log(...v: unknown[]): void; table(v: unknown): void};`,
      ),
    ).toBe("");
    writeFileSync(join(consumer, "program.ts"), program);
    const said = node(["program.ts"]);
    expect(said.trim()).not.toBe("");
    if (title === "Try a feature") expect(said).toMatch(/\[\]\s*$/);
    if (title === "Boosted trees") {
      const [prediction, sum] = said.split(/\s+/).map(Number);
      expect(sum).toBeCloseTo(prediction!, 6);
    }
  });

  it("has an example a section", () => expect(programs.map(([title]) => title)).toHaveLength(4));
});
