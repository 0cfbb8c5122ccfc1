import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {percent} from "../src/report/words.ts";
import {openLakeFolder} from "../src/store/lakeFolder.ts";
import {query} from "../src/store/query.ts";
import {contents, REPOSITORY, type RunResult, runPipeline, writeMarketCsv} from "./runPipeline.ts";

const PYTHON = "/usr/bin/python3"; // the only one that Debian's packages belong to
const hasPackages = spawnSync(PYTHON, ["-c", "import nbclient, nbconvert, jupyter_client"]).status === 0;
const NOTEBOOKS = join(REPOSITORY, "notebooks");

interface Cell {
  readonly id: string;
  readonly cell_type: "code" | "markdown";
  readonly source: string | readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}
interface Notebook {
  readonly metadata: {readonly kernelspec: {readonly name: string}};
  readonly cells: readonly Cell[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volbook-notebooks-"));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** Runs notebooks/run.py with only these variables of its own. */
function execute(
  args: readonly string[],
  {
    python = [],
    variables = {},
  }: {python?: readonly string[]; variables?: Readonly<Record<string, string>>} = {},
): RunResult {
  const {PATH = "", HOME = "", TMPDIR = "/tmp"} = process.env;
  const command = [...python, "notebooks/run.py", "--out", join(folder, "out"), ...args];
  const {status, stdout, stderr} = spawnSync(PYTHON, command, {
    cwd: REPOSITORY,
    env: {PATH, HOME, TMPDIR, ...variables},
    encoding: "utf8",
  });
  return {code: status, stdout, stderr};
}

/** A notebook of code cells in the tests' folder. */
function writeNotebook(name: string, sources: readonly string[], more: Partial<Cell> = {}): string {
  const cells = sources.map((source, i) => ({
    id: `cell-${i}`,
    cell_type: "code",
    metadata: {tags: source.startsWith("let") ? ["parameters"] : []},
    source,
    outputs: [],
    execution_count: null,
    ...more,
  }));
  const kernelspec = {name: "volbook", display_name: "TypeScript", language: "typescript"};
  const path = join(folder, `${name}.ipynb`);
  writeFileSync(path, JSON.stringify({cells, metadata: {kernelspec}, nbformat: 4, nbformat_minor: 5}));
  return path;
}

/** What a page would ask of any server when it is opened: nothing is asked for a data: address. */
function requestsOf(page: string): string[] {
  const asked = page.match(/<(script|link|iframe|img|object|embed)\b[^>]*>|@import[^;]*|url\([^)]*\)/g) ?? [];
  return asked.filter((text) => !/ (href|src)="data:/.test(text));
}

/** What a reader sees without unfolding the code. */
const textOf = (page: string): string =>
  page
    .replaceAll(/<style>.*?<\/style>|<details.*?<\/details>/gs, "")
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll(/\s+/g, " ");

describe("the committed notebooks", () => {
  const names = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"));

  it.each(names)("%s has no outputs, names the repository's kernel, and each cell once", (name) => {
    const notebook: Notebook = JSON.parse(readFileSync(join(NOTEBOOKS, name), "utf8"));
    expect(notebook.metadata.kernelspec.name).toBe("volbook");
    const code = notebook.cells.filter((cell) => cell.cell_type === "code");
    expect(code.flatMap((cell) => cell.outputs)).toEqual([]);
    expect(code.filter((cell) => cell.execution_count !== null)).toEqual([]);
    expect(new Set(notebook.cells.map(({id}) => id)).size).toBe(notebook.cells.length);
  });
});

it("05-your-own-idea evaluates a feature and a model of one's own in under 60 lines", () => {
  const {cells}: Notebook = JSON.parse(readFileSync(join(NOTEBOOKS, "05-your-own-idea.ipynb"), "utf8"));
  const code = cells.filter((cell) => cell.cell_type === "code").map(({source}) => [source].flat().join(""));
  const lines = code.flatMap((source) => source.split("\n")).filter((line) => line.trim() !== "");
  expect(lines.length).toBeLessThan(60);
});

const MARKET = join(REPOSITORY, "../shared/market");

describe.skipIf(!hasPackages)("notebooks/run.py", {timeout: 600_000}, () => {
  beforeAll(() => {
    execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
      cwd: REPOSITORY,
    });
  });

  it("executes every notebook on a sample lake, changes nothing of it, and asks no server for anything", async () => {
    const dataDir = join(folder, "sample");
    const run = await runPipeline(["explain"], {
      CONFIG: "test/small.yaml",
      SOURCE: "sample",
      DATA_DIR: dataDir,
      NOW: "2023-06-01T12:00:00Z",
    });
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const before = contents(join(dataDir, "sample"));
    const {code, stdout, stderr} = execute([], {variables: {DATA_DIR: dataDir, SOURCE: "auto"}});
    expect(stdout).toMatch(/\b[1-9]\d* passed, 0 failed\n$/);
    expect([code, stderr]).toEqual([0, ""]);
    expect(contents(join(dataDir, "sample"))).toEqual(before);

    const page = readFileSync(join(folder, "out/01-the-data.html"), "utf8");
    expect(requestsOf(page)).toEqual([]);
    expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(8);
    const said = textOf(page);
    expect(said).toContain("Its bars are simulated");
    const [latest] = await query<{forecast: number}>(
      openLakeFolder(dataDir, "sample"),
      "SELECT rv_5d_hat AS forecast FROM predictions_daily ORDER BY date DESC LIMIT 1",
    );
    const forecast = percent(latest!.forecast).replaceAll(/\s/g, " ");
    expect(said).toContain(`After 31 May 2023 the forecast is ${forecast} over five sessions`);
    expect(said).toMatch(
      /Data: the lake of sample, newest session 2023-05-31 \([0-9a-f]{12}\)\. Made with volbook/,
    );

    const saidIn = (name: string) => textOf(readFileSync(join(folder, `out/${name}.html`), "utf8"));
    expect(saidIn("02-features")).toMatch(
      /Cannot add centred_var_5d: it looks ahead.*Cannot add scaled_close: it looks/,
    );
    expect(saidIn("02-features")).toContain("stored values are the same to the last bit, 0 are not");
    expect(saidIn("03-from-rv20-to-the-champion")).toContain("3 of the 4 spans are not in this lake");
    expect(saidIn("04-reading-shap")).toContain(
      "SHAP gives each of two features half of what they do jointly",
    );
    expect(saidIn("05-your-own-idea")).toMatch(
      /On [1-9]\d+ forecasts my idea (cannot be told from|loses to|beats) the champion/,
    );
    expect(saidIn("06-another-market")).toContain("TLT has");
  });

  it("leaves a notebook as it is until its source, its parameters or its lake are others", async () => {
    const notebook = writeNotebook("kept", ['let dataDir = "none"; let word = "a";', "console.log(word);"]);
    expect(execute([notebook]).stdout).toMatch(/^ok {3}/);
    expect(execute([notebook]).stdout).toMatch(/^same .*kept.ipynb\n1 passed, 0 failed\n$/);
    expect(execute(["--param", "word=b", notebook]).stdout).toMatch(/^ok {3}/);
    expect(execute(["--force", "--param", "word=b", notebook]).stdout).toMatch(/^ok {3}/);
    const dataDir = join(folder, "sample");
    const changed = writeNotebook("kept", [
      'let dataDir = "none"; let word = "a";',
      "console.log(word + 1);",
    ]);
    expect(execute([changed]).stdout).toMatch(/^ok {3}/);
    // Without such a parameter the lake is the one that its cells name, or DATA_DIR.
    const silent = writeNotebook("silent", ["// (await findLake(process.env.DATA_DIR))"]);
    expect(execute([silent]).stdout).toMatch(/^ok {3}/);
    expect(execute([silent], {variables: {DATA_DIR: dataDir}}).stdout).toMatch(/^ok {3}/);
    expect(readFileSync(join(folder, "out/silent.html"), "utf8")).toContain("Data: the lake of sample");
    const failing = writeNotebook("again", ["throw new Error('each time');"]);
    expect(execute([failing]).stdout).toMatch(/^FAIL /);
    expect(execute([failing]).stdout).toMatch(/^FAIL /);
  });

  it.skipIf(!existsSync(MARKET))("takes another market's bars from CSV files", () => {
    const parameters = ["--param", `dataDir=${join(folder, "sample")}`, "--param", `csvDir=${MARKET}`];
    const {code, stdout} = execute([...parameters, "notebooks/06-another-market.ipynb"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("1 passed, 0 failed")]);
    const said = textOf(readFileSync(join(folder, "out/06-another-market.html"), "utf8"));
    expect(said).toMatch(/\^BVSP has [\d,]+ bars from \d+ \w+ \d{4} to \d+ December 2023, from CSV files/);
    expect(said).toMatch(/has the least loss: [\d.]+\s% below the 20-session volatility/);
  });

  it("finds variables of earlier cells in shorthand properties and behind awaits", () => {
    const cells = [
      "const a = 1;",
      "const b: number = await Promise.resolve(2);",
      "console.log(JSON.stringify({a, b}));",
    ];
    expect(execute([writeNotebook("shorthand", cells)]).code).toBe(0);
    expect(readFileSync(join(folder, "out/shorthand.ipynb"), "utf8")).toContain('{\\"a\\":1,\\"b\\":2}');
  });

  it("shows a gap, a refused bar and a rewritten past, and does without forecasts", async () => {
    const csv = join(folder, "csv-files");
    const dataDir = join(folder, "csv");
    const spans = {first: "2019-01-02", last: "2022-12-30"};
    const faulty = (rows: string[], symbol: string): string[] => {
      if (symbol === "HYG") return rows.filter((row) => !row.includes("2020-05-14"));
      return symbol === "TLT" ? rows.map((row, i) => (i === 500 ? withField(row, 3, "1") : row)) : rows;
    };
    const revised = (rows: string[], symbol: string): string[] =>
      faulty(rows, symbol).map((row, i) =>
        symbol === "SPY" && i === 100 ? withField(row, 6, String(Number(row.split(",")[6]) * 1.01)) : row,
      );
    for (const [change, NOW] of [
      [faulty, "2023-01-03T12:00:00Z"],
      [revised, "2023-01-04T12:00:00Z"],
    ] as const) {
      writeMarketCsv(csv, {...spans, change});
      const run = await runPipeline(["features", "labels"], {
        CONFIG: "test/small.yaml",
        SOURCE: "csv",
        CSV_DIR: csv,
        DATA_DIR: dataDir,
        NOW,
      });
      expect([run.code, run.stderr]).toEqual([0, ""]);
    }
    const {code, stdout} = execute(["--param", `dataDir=${dataDir}`, "notebooks/01-the-data.ipynb"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("1 passed, 0 failed")]);
    const said = textOf(readFileSync(join(folder, "out/01-the-data.html"), "utf8"));
    expect(said).toContain("1 session is missing (2020-05-14)");
    expect(said).toContain("Bars came in on 2 days");
    expect(said).toMatch(/1 has been replaced by a later value/);
    expect(said).toMatch(/1 has changed since; the largest change, \+1\.0\s%, is that of/);
    expect(said).toMatch(/TLT\s*high … is below low/);
    expect(said).toContain("There is no forecast yet");
    expect(said).not.toContain("Its bars are simulated");
  });

  it("fails where a cell throws, mistypes, leaves a rejection floating or was committed with outputs", () => {
    const failing = [
      writeNotebook("throws", ["const a = 1;", "throw new Error('boom ' + a);", "console.log('too far');"]),
      writeNotebook("mistypes", ["const a = await 1; const n: number = 'text';"]),
      writeNotebook("floats", ["setTimeout(() => Promise.reject(new Error('unheard')), 100);"]),
      writeNotebook("dirty", ["1"], {execution_count: 1}),
    ];
    const {code, stdout} = execute([...failing, writeNotebook("sound", ["console.log('fine');"])]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /FAIL \S*throws.ipynb [\d.]+ s: cell 2 failed\n.*\n {6}throw new Error.*\n[\s\S]*Error: boom 1/,
    );
    expect(stdout).toMatch(
      /FAIL \S*mistypes.ipynb [\s\S]* 1:26 - Type 'string' is not assignable to type 'number'/,
    );
    expect(stdout).not.toMatch(/tslab|launch\.cjs/);
    expect(stdout).toMatch(/FAIL \S*floats.ipynb [\s\S]*Error: unheard/);
    expect(stdout).toMatch(/FAIL \S*dirty.ipynb [\d.]+ s: committed with outputs in cells 1\n/);
    expect(stdout).toMatch(/ok {3}\S*sound.ipynb [\s\S]*1 passed, 4 failed\n$/);
    expect(stdout).not.toContain("too far\n");
    const page = readFileSync(join(folder, "out/throws.html"), "utf8");
    expect(page).toContain("This run failed: cell 2 failed");
    expect(page.match(/<details class="code"( open)?>/g)).toEqual([
      '<details class="code">',
      '<details class="code" open>',
      '<details class="code">',
    ]);
  });

  it("sets declared parameters, each with its type, and refuses others", () => {
    const notebook = writeNotebook("parameters", [
      'let name = "a", count = 1;',
      "if (name === 'boom') throw new Error(name); else console.log(name, count + 1);",
    ]);
    const {code} = execute(["--param", "name=b c", notebook]);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "out/parameters.ipynb"), "utf8")).toContain("b c 2");
    const mistyped = execute(["--param", "name=1", notebook]);
    expect([mistyped.code, mistyped.stdout]).toEqual([
      1,
      expect.stringContaining("'number' is not assignable"),
    ]);
    expect(mistyped.stdout).toContain("s: the cell with the given parameters failed\n");
    expect(execute(["--param", "name=boom", notebook]).stdout).toContain("s: cell 2 failed\n");
    const unknown = execute(["--param", "nme=b", notebook]);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      "Cannot set nme: the notebooks' parameters are name\n",
    ]);
  });

  it("refuses two notebooks that would be one page", () => {
    const {code, stderr} = execute([
      "notebooks/05-your-own-idea.ipynb",
      "./notebooks/05-your-own-idea.ipynb",
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("would be one page, 05-your-own-idea.html")]);
  });

  it("interrupts a walk forward with its cell, and says an error's message first, to the client too", () => {
    const program = `${join(NOTEBOOKS, "../test/interrupt.py")}`;
    const {stdout, stderr, status} = spawnSync(PYTHON, [program], {cwd: REPOSITORY, encoding: "utf8"});
    expect([status, stderr]).toEqual([0, ""]);
    const [interrupted, after, failed] = JSON.parse(stdout);
    expect(interrupted).toEqual({said: "Error: Interrupted asynchronously\n", ename: "Error"});
    const [then, now] = after.said.trim().split(" ").map(Number);
    expect(then).toBeGreaterThan(0);
    expect(now - then).toBeLessThanOrEqual(1);
    expect(failed.said).toMatch(
      /^RangeError: Cannot find column vxi; did you mean vix\? The frame has vix\n {4}at /,
    );
    expect(failed.said).not.toMatch(/tslab|launch\.cjs|\^/);
    expect(failed.ename).toBe("RangeError");
  });

  it("clears outputs where asked", () => {
    const notebook = writeNotebook("cleared", ["1"], {execution_count: 3});
    expect(execute(["--clear", notebook]).code).toBe(0);
    const cells = (JSON.parse(readFileSync(notebook, "utf8")) as Notebook).cells;
    expect(cells[0]!.execution_count).toBeNull();
  });
});

describe.skipIf(spawnSync(PYTHON, ["--version"]).status !== 0)(
  "notebooks/run.py without its packages",
  () => {
    it("names them", () => {
      const {code, stderr} = execute([], {python: ["-S"]}); // -S: no packages but Python's own
      expect(code).toBe(1);
      expect(stderr).toMatch(/Cannot run notebooks: \S+ lacks nbformat; apt-get install .*python3-nbclient/);
    });
  },
);

function withField(row: string, index: number, value: string): string {
  return row.split(",").with(index, value).join(",");
}
