// Any symbol as the target, by configuration alone.
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {filterRows, integers, numbers, texts} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {sessionDate} from "../src/units.ts";
import {REPOSITORY, runPipeline, startScript, writeMarketCsv} from "./runPipeline.ts";

const NOW = "2023-06-01T12:00:00Z";
const MARKET = fileURLToPath(new URL("../../shared/market/", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volbook-targets-"));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}), 240_000); // many small files

const lakeIn = (dataDir: string, name: string) => openLake({store: localDirectory(join(dataDir, name))});

/** A configuration file laid over one of the tests'. */
function configFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `extends: ${join(REPOSITORY, "test/targets/fast.yaml")}\n${text}`);
  return path;
}

describe("make targets on the sample market", {timeout: 240_000}, () => {
  let dataDir: string;
  let stdout: string;
  beforeAll(async () => {
    dataDir = join(folder, "sample");
    const files = ["test/targets/TLT.yaml", "test/targets/HYG.yaml", "config/targets/QQQ.yaml"];
    const run = await startScript(["pipeline/targets.ts", ...files], {
      CONFIG: "test/targets/fast.yaml",
      SOURCE: "sample",
      DATA_DIR: dataDir,
      NOW,
    }).result;
    expect(run).toMatchObject({code: 0, stderr: ""});
    stdout = run.stdout;
  }, 240_000);

  it("says which targets the simulated market does not have", () => {
    expect(stdout).toContain("left out: the simulated market has no QQQ");
  });

  it("gives each target a lake of its own, in which no other symbol is", async () => {
    expect(readdirSync(dataDir).sort()).toEqual(["sample", "sample-HYG", "sample-TLT"]);
    for (const symbol of ["TLT", "HYG"]) {
      const raw = await lakeIn(dataDir, `sample-${symbol}`).read("raw.market");
      expect(new Set(texts(raw, "symbol"))).toEqual(new Set([symbol]));
    }
  });

  it("puts the leaderboards side by side as they are", async () => {
    const rows = tableRows(await lakeIn(dataDir, "sample").read("targets"));
    expect(new Set(rows.map(({symbol}) => symbol))).toEqual(new Set(["SPY", "TLT", "HYG"]));
    for (const symbol of ["SPY", "TLT", "HYG"]) {
      const lake = lakeIn(dataDir, symbol === "SPY" ? "sample" : `sample-${symbol}`);
      const board = tableRows(await lake.read("leaderboard")).filter(({period}) => period === "all");
      const own = rows.filter((row) => row.symbol === symbol);
      expect(own).toHaveLength(board.length);
      for (const row of own) {
        const {horizon, model, qlike, n} = board.find((line) => line.model === row.model)!;
        expect(row).toMatchObject({horizon, model, qlike, n, implied: symbol === "SPY" ? "^VIX" : ""});
        expect(row.in_set).toBe((row.mcs_p as number) >= 0.1 ? 1 : 0);
      }
      const walked = await lake.read("walkforward_daily");
      expect(own[0]!.first).toBe(integers(walked, "date")[0]);
    }
  });

  it("forecasts without an implied index: the reference loses its term of VIX, and says so", async () => {
    const lake = lakeIn(dataDir, "sample-TLT");
    const fits = await lake.read("fits", {equals: {model: "log_har_vix"}});
    expect(fits.rows).toBeGreaterThan(5);
    for (const fit of texts(fits, "fit")) {
      expect(JSON.parse(fit).linear.features).toEqual([
        "log_range_var_1d",
        "log_range_var_5d",
        "log_range_var_22d",
        "leverage_1d",
        "leverage_5d",
      ]);
    }
    const features = await lake.read("features_daily");
    for (const name of ["vix", "vix3m", "log_vix_var", "corr_spy_hyg_20d"])
      expect(numbers(features, name).every(Number.isNaN), name).toBe(true);
    expect(stdout).toMatch(/"without_features":\["vix","vix3m",/);
  });

  it("compares SPY's forecasts with the true variance, and no other target's", async () => {
    const variables = {SOURCE: "sample", DATA_DIR: dataDir, NOW};
    const oracle = await runPipeline(["oracle"], {...variables, CONFIG: "test/targets/fast.yaml"});
    expect(oracle.code).toBe(0);
    expect(oracle.stdout).toMatch(/"excess_qlike_5d":/);
    const rows = tableRows(await lakeIn(dataDir, "sample").read("oracle"));
    const whole = rows.filter(({period}) => period === "all");
    expect(whole.length).toBeGreaterThan(4);
    for (const {model, distance, excess, qlike, qlike_oracle} of whole) {
      expect(distance, String(model)).toBeGreaterThan(0);
      expect(excess).toBe((qlike as number) - (qlike_oracle as number));
    }
    const distanceOf = (name: string) => whole.find(({model}) => model === name)!.distance as number;
    expect(distanceOf("log_har_vix")).toBeLessThan(distanceOf("rv20"));
    const other = await runPipeline(["oracle"], {...variables, CONFIG: "test/targets/TLT.yaml"});
    expect(other.stdout).toContain("nobody knows the true variance of TLT");
    expect((await lakeIn(dataDir, "sample-TLT").read("oracle")).rows).toBe(0);
  });
});

describe("a target that cannot be had", {timeout: 60_000}, () => {
  it("is named with the remedy, and leaves no lake to its name", async () => {
    const unknown = configFile("unknown.yaml", "universe: {target: NOPE}\n");
    const variables = {CONFIG: unknown, DATA_DIR: join(folder, "unknown"), NOW};
    const sample = await runPipeline(["ingest"], {...variables, SOURCE: "sample"});
    expect(sample).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Cannot simulate NOPE: the sample holds SPY, .* change the universe/),
    });
    writeMarketCsv(join(folder, "bars"), {first: "2018-01-02", last: "2019-05-31"});
    const csv = await runPipeline(["ingest"], {...variables, SOURCE: "csv", CSV_DIR: join(folder, "bars")});
    expect(csv).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Cannot read NOPE: no row in .* add a file with it, or change the universe/,
      ),
    });
    for (const source of ["sample", "csv"])
      expect(existsSync(join(folder, "unknown", source, "target.json"))).toBe(false);
  });

  it("has no champion that its universe lacks a series for", async () => {
    const config = configFile(
      "champion.yaml",
      "universe: {vix: null}\nchampion: vix\nwalk_forward: {refit_sessions: {vix: 21}}\n",
    );
    const {code, stderr} = await runPipeline(["ingest"], {CONFIG: config, SOURCE: "sample", NOW});
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Cannot forecast SPY with the champion vix: it needs vix, which the universe/);
  });

  it("stops the comparison with the configuration's name", async () => {
    const config = configFile("twice.yaml", "universe: {vix: null}\n");
    const {code, stderr} = await startScript(["pipeline/targets.ts", config], {
      CONFIG: "test/targets/fast.yaml",
      SOURCE: "sample",
      DATA_DIR: join(folder, "twice"),
      NOW,
    }).result;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Cannot compare targets: .*twice\.yaml has SPY a second time/);
  });
});

describe.skipIf(!existsSync(MARKET))("real symbols (need ../shared/market)", {timeout: 240_000}, () => {
  const variables = (config: string) => ({
    CONFIG: config,
    SOURCE: "csv",
    CSV_DIR: join(folder, "market"),
    DATA_DIR: join(folder, `real-${config.replaceAll(/\W+/g, "-")}`),
    NOW: "2024-01-02T00:00:00Z",
  });
  // A few years of each: a whole history makes thousands of files.
  const spans = {
    BVSP: ["2016", "2024"],
    EURUSD_X: ["2016", "2024"],
    CL_F: ["2019", "2021"],
    AAPL: ["1991", "1995"],
  };
  beforeAll(() => {
    mkdirSync(join(folder, "market"));
    for (const [file, [from = "", to = ""]] of Object.entries(spans)) {
      const [header, ...rows] = readFileSync(join(MARKET, `${file}.csv`), "utf8").split("\n");
      const kept = rows.filter((row) => row.split(",")[1]! >= from && row.split(",")[1]! < to);
      writeFileSync(join(folder, "market", `${file}.csv`), [header, ...kept, ""].join("\n"));
    }
  });

  it.each([
    ["^BVSP", "test/targets/BVSP.yaml"],
    ["EURUSD=X", "test/targets/EURUSD_X.yaml"],
  ])("%s reaches a leaderboard on which the reference beats the last 20 sessions", async (symbol, config) => {
    const own = variables(config);
    expect(await runPipeline(["evaluate"], own)).toMatchObject({code: 0, stderr: ""});
    const board = tableRows(await lakeIn(own.DATA_DIR, "csv").read("leaderboard"));
    const reference = board.find(({model, period}) => model === "log_har_vix" && period === "all")!;
    expect(reference.n).toBeGreaterThan(700);
    expect(reference.gain_qlike_rv20, symbol).toBeGreaterThan(0.02);
  });

  it("^BVSP has its own sessions: days on which New York is closed, and none on which São Paulo is", async () => {
    const own = variables("test/targets/BVSP.yaml");
    expect((await runPipeline(["features"], own)).code).toBe(0);
    const days = new Set(integers(await lakeIn(own.DATA_DIR, "csv").read("features_daily"), "date"));
    expect(days.has(sessionDate("2022-11-24"))).toBe(true); // Thanksgiving
    expect(days.has(sessionDate("2022-09-07"))).toBe(false); // Independence of Brazil
  });

  it("CL=F keeps its price below zero, which has no logarithm, and forecasts again a month later", async () => {
    const config = configFile(
      "oil.yaml",
      "universe: {target: CL=F, vix: null, vix3m: null, bonds: null, credit: null}\n",
    );
    const own = variables(config);
    expect((await runPipeline(["features"], own)).code).toBe(0);
    const lake = lakeIn(own.DATA_DIR, "csv");
    const on = (day: string) => (date: number) => date === sessionDate(day);
    const bar = filterRows(await lake.read("curated.market_daily"), "date", on("2020-04-20"));
    expect([numbers(bar, "close")[0], numbers(bar, "log_ret")[0]]).toEqual([-37.630001, Number.NaN]);
    const known = async (day: string) =>
      numbers(filterRows(await lake.read("features_daily"), "date", on(day)), "log_range_var_22d")[0];
    expect(await known("2020-04-17")).not.toBeNaN();
    expect(await known("2020-05-04")).toBeNaN();
    expect(await known("2020-05-26")).not.toBeNaN();
  });

  it("AAPL's bars from before the calendar's first year are taken", async () => {
    const own = variables(
      configFile(
        "apple.yaml",
        "universe: {target: AAPL, vix: null, vix3m: null, bonds: null, credit: null}\n",
      ),
    );
    const {code, stdout} = await runPipeline(["ingest"], own);
    expect(code).toBe(0);
    expect(stdout).toContain('"first":"1991-01-02"');
    expect(readFileSync(join(own.DATA_DIR, "csv/target.json"), "utf8")).toBe('{"target":"AAPL"}\n');
  });
});
