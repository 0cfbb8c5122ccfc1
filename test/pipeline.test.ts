import {execFileSync} from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {treeShap} from "../src/explain/treeShap.ts";
import {artifactFolder, artifactName, readArtifact} from "../src/registry/artifact.ts";
import {readHistory} from "../src/registry/history.ts";
import {treesOf} from "../src/registry/modelFile.ts";
import {EVALUATED} from "../src/store/evaluationDatasets.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {filterRows, integers, numbers, type Table} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {contents, REPOSITORY, runPipeline, startPipeline, writeMarketCsv} from "./runPipeline.ts";

const NOW = "2023-06-01T12:00:00Z";
const sample = (dataDir: string, more: Record<string, string> = {}): Record<string, string> => ({
  CONFIG: "test/small.yaml",
  SOURCE: "sample",
  DATA_DIR: dataDir,
  NOW,
  ...more,
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volbook-pipeline-"));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const lakeOf = (dataDir: string, source = "sample") =>
  openLake({store: localDirectory(join(dataDir, source))});
const DERIVED = [
  "curated.market_daily",
  "features_daily",
  "labels_daily",
  "walkforward_daily",
  "combination_weights",
  "intervals_daily",
  "predictions_daily",
  "shap_daily",
];

const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Paths of files that are not the same in both. */
function differing(a: Record<string, string>, b: Record<string, string>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]);
}

function without(table: Table, name: string): Table {
  const {[name]: _, ...columns} = table.columns;
  return {rows: table.rows, columns};
}

describe("a run on the sample market", {timeout: 240_000}, () => {
  let full: string;
  beforeAll(async () => {
    full = join(folder, "full");
    expect(await runPipeline(["explain"], sample(full))).toMatchObject({code: 0, stderr: ""});
  }, 240_000);

  it("speaks JSON on stdout, line by line, and leaves a summary of the run", async () => {
    const again = await runPipeline(["labels"], sample(full));
    const lines = again.stdout.trim().split("\n");
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({level: expect.any(String), msg: expect.any(String)});
    const [name] = readdirSync(join(full, "sample/runs"));
    const summary = JSON.parse(readFileSync(join(full, "sample/runs", name!), "utf8"));
    expect(summary).toMatchObject({ok: true, source: "sample", as_of: "2023-05-31"});
    expect(summary.stages[0]).toMatchObject({stage: "ingest", newest: "2023-05-31"});
  });

  it("gives the same bytes from scratch again", async () => {
    const other = join(folder, "other");
    expect((await runPipeline(["explain"], sample(other))).code).toBe(0);
    expect(differing(contents(other), contents(full))).toEqual([]);
  });

  it("publishes the intervals of intervals_daily, and the newest in the artifact", async () => {
    const lake = lakeOf(full);
    const {columns, rows} = await lake.read("intervals_daily", {equals: {method: "adaptive"}});
    const [date, horizon, level, lo, hi] = ["date", "horizon", "level", "lo", "hi"].map(
      (name) => columns[name] as Float64Array,
    );
    const bounds = new Map(
      Array.from({length: rows}, (_, i) => i)
        .filter((i) => level![i] === 0.9)
        .map((i) => [`${horizon![i]} ${date![i]}`, [lo![i]!, hi![i]!] as const]),
    );
    const predictions = await lake.read("predictions_daily");
    for (const h of [1, 5, 22] as const) {
      const low = numbers(predictions, `rv_${h}d_lo`);
      const high = numbers(predictions, `rv_${h}d_hi`);
      integers(predictions, "date").forEach((day, t) => {
        const [lower, upper] = bounds.get(`${h} ${day}`) ?? [Number.NaN, Number.NaN];
        expect([low[t], high[t]]).toEqual([lower, upper]);
      });
      expect(low.filter((value) => value > 0).length).toBeGreaterThan(100);
      const {interval} = (await readArtifact(lake.store, artifactName("SPY", h)))!.manifest;
      const forecast = numbers(predictions, `rv_${h}d_hat`).at(-1)!;
      expect(interval).toEqual({
        coverage: 0.9,
        lower: low.at(-1)! / forecast,
        upper: high.at(-1)! / forecast,
      });
    }
  });

  it("does nothing when nothing is new", async () => {
    const before = contents(full);
    const {stdout, code} = await runPipeline(["explain"], sample(full));
    expect(code).toBe(0);
    const stages = linesOf(stdout).filter(({stage, datasets}) => stage && datasets);
    for (const {stage, skipped} of stages)
      if (stage !== "ingest") expect({stage, skipped}).toEqual({stage, skipped: true});
    expect(differing(contents(full), before)).toEqual([]);
  });

  it("knows as of a day exactly what the full run says of that day", async () => {
    const early = join(folder, "early");
    const asOf = sessionDate("2022-06-30");
    expect((await runPipeline(["explain"], sample(early, {AS_OF: "2022-06-30"}))).code).toBe(0);
    for (const dataset of DERIVED) {
      const then = await lakeOf(early).read(dataset);
      const now = filterRows(await lakeOf(full).read(dataset), "date", (day) => day <= asOf);
      if (dataset === "labels_daily") {
        // A label is known once its window has passed, and is then the full run's.
        for (const [name, values] of Object.entries(then.columns)) {
          const later = now.columns[name] as Float64Array;
          (values as Float64Array).forEach((value, t) => {
            if (!Number.isNaN(value)) expect(value).toBe(later[t]);
          });
        }
      } else {
        expect(without(then, "kind"), dataset).toEqual(without(now, "kind"));
      }
    }
  });

  it("adds a day without fitting or scoring again what stands, and arrives where a run from scratch does", async () => {
    const grown = join(folder, "grown");
    const lastLines = async (asOf: Record<string, string>) => {
      const {stdout, code} = await runPipeline(["explain"], sample(grown, asOf));
      expect(code).toBe(0);
      const ended = linesOf(stdout).filter(({datasets}) => datasets);
      return new Map(ended.map((line) => [line.stage, line]));
    };
    const {scored: periods} = (await lastLines({AS_OF: "2023-05-26"})).get("evaluate");
    const partitions = Object.entries(contents(join(grown, "sample"))).filter(([path]) =>
      path.includes("date="),
    );
    // A figure that another hand has changed is not taken for what this code would say.
    const {rows, columns} = await lakeOf(grown).read("leaderboard");
    const better = numbers({rows, columns}, "qlike").map((value) => value / 2);
    const forged = {rows, columns: {...columns, qlike: better}};
    const by = {committedAt: "2023-06-01T12:00:00Z", run: "forger", inputs: {}};
    await lakeOf(grown).append("leaderboard", forged, by);
    expect((await lastLines({AS_OF: "2023-05-30"})).get("evaluate").scored).toBe(periods);
    const lines = await lastLines({});
    expect(lines.get("walkforward")).toMatchObject({fitted: 0});
    expect(lines.get("evaluate").scored).toBeLessThan(periods);
    for (const dataset of DERIVED) {
      const ours = await lakeOf(grown).read(dataset);
      expect(without(ours, "kind"), dataset).toEqual(without(await lakeOf(full).read(dataset), "kind"));
    }
    for (const dataset of EVALUATED)
      expect(await lakeOf(grown).read(dataset), dataset).toEqual(await lakeOf(full).read(dataset));
    const kinds = (await lakeOf(grown).read("predictions_daily")).columns.kind as string[];
    expect(kinds.slice(-3)).toEqual(["live", "live", "live"]); // each was made before its outcome
    const after = contents(join(grown, "sample"));
    for (const [path, bytes] of partitions) expect(after[path]).toBe(bytes);
  });

  it("ends where an undisturbed run does after kill -9 at any time", async () => {
    const killed = join(folder, "killed");
    for (const delay of [700, 1500, 2500, 4000, 6000]) {
      const {child, result} = startPipeline(["explain"], sample(killed));
      const timer = setTimeout(() => child.kill("SIGKILL"), delay);
      await result;
      clearTimeout(timer);
    }
    expect(await runPipeline(["explain"], sample(killed))).toMatchObject({code: 0, stderr: ""});
    expect(differing(contents(killed), contents(full))).toEqual([]);
  });

  it("lets one of two runs at once go on, and the other say who is writing", async () => {
    const shared = join(folder, "shared");
    const first = startPipeline(["explain"], sample(shared));
    await expect
      .poll(() => existsSync(join(shared, "sample/_lock/000000000001.json")), {timeout: 20_000})
      .toBe(true);
    const second = await runPipeline(["explain"], sample(shared));
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      /^Cannot write .*: another run is writing it \(process \d+ on .*\)\. Run again when it has ended\n$/,
    );
    expect((await first.result).code).toBe(0);
    expect(differing(contents(shared), contents(full))).toEqual([]);
  });

  const hasXgboost = (() => {
    try {
      execFileSync("/usr/bin/python3", ["-c", "import xgboost"], {stdio: "ignore"});
      return true;
    } catch {
      return false;
    }
  })();

  it.skipIf(!hasXgboost)(
    "leaves a model.json that Python's xgboost loads: the same margins and SHAP values",
    async () => {
      for (const horizon of [1, 5, 22]) {
        const artifact = (await readArtifact(lakeOf(full).store, artifactName("SPY", horizon)))!;
        const {feature_order, examples, name, version} = artifact.manifest;
        const rows = examples.map(({features}) => feature_order.map((feature) => features[feature]!));
        const script = [
          "import json, sys, numpy, xgboost",
          "ask = json.load(sys.stdin)",
          "booster = xgboost.Booster(); booster.load_model(ask['path'])",
          "rows = xgboost.DMatrix(numpy.array(ask['rows'], dtype='float32'), feature_names=booster.feature_names)",
          "print(json.dumps({'margins': booster.predict(rows, output_margin=True).tolist(), 'shap': booster.predict(rows, pred_contribs=True).tolist(), 'names': booster.feature_names}))",
        ].join("\n");
        const path = join(full, "sample", artifactFolder(name, version), "model.json");
        const answer = JSON.parse(
          execFileSync("/usr/bin/python3", ["-c", script], {
            input: JSON.stringify({path, rows}),
            encoding: "utf8",
          }),
        );
        expect(answer.names).toEqual(feature_order);
        const matrix = {
          values: Float64Array.from(rows.flat()),
          rows: rows.length,
          width: feature_order.length,
        };
        const ours = treeShap(treesOf(artifact.fit).trees, matrix); // a leaf of 0 where there are none
        examples.forEach(({tree_margin}, i) => {
          expect(Math.abs(answer.margins[i] - tree_margin)).toBeLessThan(1e-6);
          const theirs = answer.shap[i] as number[];
          feature_order.forEach((_, j) => {
            expect(Math.abs(theirs[j]! - ours.values[i * feature_order.length + j]!)).toBeLessThan(5e-6);
          });
        });
      }
    },
  );

  it("explains every forecast: base and contributions sum to its logarithm", async () => {
    const shap = await lakeOf(full).read("shap_daily");
    const predictions = await lakeOf(full).read("predictions_daily");
    const sums = new Map<string, number>();
    for (let row = 0; row < shap.rows; row++) {
      const key = `${integers(shap, "date")[row]} ${integers(shap, "horizon")[row]}`;
      sums.set(key, (sums.get(key) ?? 0) + numbers(shap, "shap")[row]!);
    }
    expect(sums.size).toBe(3 * predictions.rows);
    for (const horizon of [1, 5, 22]) {
      const forecast = numbers(predictions, `rv_${horizon}d_hat`);
      integers(predictions, "date").forEach((day, row) => {
        expect(Math.abs(sums.get(`${day} ${horizon}`)! - Math.log(forecast[row]!))).toBeLessThan(1e-10);
      });
    }
  });

  it("makes every forecast by a model whose last training label had ended", async () => {
    for (const dataset of ["predictions_daily", "walkforward_daily"]) {
      const table = await lakeOf(full).read(dataset);
      const dates = integers(table, "date");
      integers(table, "trained_through").forEach((day, row) => {
        expect(day).toBeLessThanOrEqual(dates[row]!);
      });
    }
  });

  it("does not publish a model that does not pass its gates, and says by how much it fails", async () => {
    const useless = join(folder, "useless");
    const config = join(folder, "useless.yaml");
    writeFileSync(
      config,
      `extends: ${join(REPOSITORY, "test/small.yaml")}\ngates: {minimum_gain_qlike: 0.9}\n`,
    );
    const {code, stderr} = await runPipeline(["explain"], sample(useless, {CONFIG: config}));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot publish selected: gain_qlike at 1 sessions is 0\.\d{4}, the gate asks for 0\.9;.*gain_qlike at 22 sessions.* The model published before stays\n$/,
    );
    for (const horizon of [1, 5, 22]) {
      const {champion, records} = await readHistory(lakeOf(useless).store, artifactName("SPY", horizon));
      expect(champion).toBeUndefined();
      expect(records.map(({event}) => event)).toEqual(["registered", "refused"]);
      expect(records[1]).toMatchObject({
        reason: expect.stringMatching(/^the newest fit of selected: gain_qlike 0\.\d{4}, 0\.9 asked$/),
      });
    }
    expect(existsSync(join(useless, "sample/predictions_daily"))).toBe(false);
    expect(existsSync(join(useless, "sample/ledger"))).toBe(false);
  });

  it("leaves out exactly the three optional correlations", async () => {
    const plain = join(folder, "plain");
    const config = join(folder, "plain.yaml");
    const text = readFileSync(join(REPOSITORY, "test/small.yaml"), "utf8");
    writeFileSync(
      config,
      text.replace("enable_optional_correlations: true", "enable_optional_correlations: false"),
    );
    expect((await runPipeline(["features"], sample(plain, {CONFIG: config}))).code).toBe(0);
    const all = Object.keys((await lakeOf(full).read("features_daily")).columns);
    const some = Object.keys((await lakeOf(plain).read("features_daily")).columns);
    expect(all.filter((name) => !some.includes(name))).toEqual([
      "corr_spy_tlt_20d",
      "corr_spy_hyg_20d",
      "hyg_tlt_spread",
    ]);
    expect(some.filter((name) => !all.includes(name))).toEqual([]);
  });

  it("answers with the values the lake knew at an instant, beside the lake and not in it", async () => {
    const before = contents(full);
    const vintage = {VINTAGE: "2023-06-01T12:00:00Z", NOW: "2023-06-02T12:00:00Z"};
    expect((await runPipeline(["features"], sample(full, vintage))).code).toBe(0);
    const after = contents(full);
    for (const [path, bytes] of Object.entries(before)) expect(after[path]).toBe(bytes);
    const [name] = readdirSync(join(full, "sample/vintages"));
    const then = openLake({store: localDirectory(join(full, "sample/vintages", name!))});
    expect(await then.read("features_daily")).toEqual(await lakeOf(full).read("features_daily"));
    rmSync(join(full, "sample/vintages"), {recursive: true});
  });
});

describe("bad input", {timeout: 60_000}, () => {
  const csv = (name: string): Record<string, string> => ({
    CONFIG: "test/small.yaml",
    SOURCE: "csv",
    CSV_DIR: join(folder, name),
    DATA_DIR: join(folder, `lake-${name}`),
    NOW: "2019-06-03T12:00:00Z",
  });
  const market = {first: "2018-01-02", last: "2019-05-31"};
  const replace = (index: number, edit: (fields: string[]) => string[]) => (rows: string[], symbol: string) =>
    symbol === "SPY" ? rows.map((row, i) => (i === index ? edit(row.split(",")).join(",") : row)) : rows;

  it("is refused whole where the folder is missing or empty, or a symbol has no file", async () => {
    const missing = await runPipeline(["ingest"], csv("missing"));
    expect(missing).toMatchObject({code: 1, stderr: expect.stringMatching(/^Cannot read .*missing/)});
    mkdirSync(join(folder, "empty"));
    const empty = await runPipeline(["ingest"], csv("empty"));
    expect(empty).toMatchObject({code: 1, stderr: expect.stringMatching(/none of its 0 entries is a \.csv/)});
    writeMarketCsv(join(folder, "lacking"), market);
    rmSync(join(folder, "lacking/TLT.csv"));
    const lacking = await runPipeline(["ingest"], csv("lacking"));
    expect(lacking).toMatchObject({code: 1, stderr: expect.stringMatching(/TLT/)});
    expect(lacking.stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(folder, "lake-lacking/csv/raw.market"))).toBe(false);
  });

  it.each([
    ["a negative price", replace(100, (f) => [...f.slice(0, 5), `-${f[5]}`, ...f.slice(6)]), /close is -/],
    [
      "a high below the low",
      replace(100, (f) => [f[0]!, f[1]!, f[2]!, f[4]!, f[3]!, ...f.slice(5)]),
      /high .* is below low/,
    ],
    ["a text for a number", replace(100, (f) => [...f.slice(0, 5), "n/a!", ...f.slice(6)]), /SPY\.csv:102/],
    [
      "a date in the future",
      (rows: string[], symbol: string) =>
        symbol === "SPY" ? [...rows, rows.at(-1)!.replace("2019-05-31", "2030-01-02")] : rows,
      /in the future/,
    ],
    [
      "two bars of one day that disagree",
      replace(100, (f) => [...f.slice(0, 1), "2018-05-24", ...f.slice(2)]),
      /2018-05-24|contradict|another bar/,
    ],
  ])("quarantines %s with its reason, and keeps the rest", async (name, change, reason) => {
    const place = name.replaceAll(" ", "-");
    writeMarketCsv(join(folder, place), {...market, change});
    const {code, stdout} = await runPipeline(["ingest"], csv(place));
    expect(code).toBe(0);
    const refused = linesOf(stdout).filter(({msg}) => msg.startsWith("bar quarantined"));
    expect(refused.map(({msg}) => msg).join("\n")).toMatch(reason);
    const lake = lakeOf(join(folder, `lake-${place}`), "csv");
    const quarantine = await lake.read("quarantine");
    expect(quarantine.rows).toBe(refused.length);
    const kept = filterRows(await lake.read("raw.market"), "date", () => true);
    expect(kept.rows).toBeGreaterThan(350 * 3);
  });

  it("in the lake itself stops the run and names the file", async () => {
    const place = "damaged";
    writeMarketCsv(join(folder, place), market);
    expect((await runPipeline(["features"], csv(place))).code).toBe(0);
    const root = join(folder, `lake-${place}/csv`);
    const {files} = (await lakeOf(join(folder, `lake-${place}`), "csv").manifest("features_daily"))!;
    truncateSync(join(root, files[50]!.path), 40);
    const before = contents(root);
    const {code, stderr} = await runPipeline(["features"], csv(place));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot use the lake .*features_daily\/date=.* has 40 bytes, the manifest says \d+\. Restore/,
    );
    expect(differing(contents(root), before)).toEqual([]);
  });

  const mayMount = (() => {
    try {
      const place = mkdtempSync(join(tmpdir(), "mount-"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], {stdio: "ignore"});
      execFileSync("umount", [place]);
      return true;
    } catch {
      return false;
    }
  })();

  it.skipIf(!mayMount)(
    "full or read-only disks stop the run with the remedy and leave the lake as it was",
    async () => {
      const place = "disk";
      writeMarketCsv(join(folder, place), market);
      const dataDir = join(folder, `lake-${place}`);
      mkdirSync(dataDir);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dataDir]);
      try {
        const full = await runPipeline(["features"], csv(place));
        expect(full).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/the disk is full; free space and run again \(ENOSPC\)/),
        });
        expect((await lakeOf(dataDir, "csv").read("raw.market")).rows).toBe(0);
        execFileSync("mount", ["-o", "remount,size=200m", dataDir]);
        expect((await runPipeline(["features"], csv(place))).code).toBe(0);
        execFileSync("mount", ["-o", "remount,ro", dataDir]);
        const before = contents(dataDir);
        const readOnly = await runPipeline(["labels"], csv(place));
        expect(readOnly).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^Cannot write .*read-only/i),
        });
        expect(differing(contents(dataDir), before)).toEqual([]);
      } finally {
        execFileSync("umount", [dataDir]);
      }
    },
  );

  it.each([
    [{SOURCE: "ftp"}, /SOURCE=ftp: it must be auto, yahoo, csv or sample/],
    [{SOURCE: "csv"}, /CSV_DIR/],
    [{SOURCE: "sample", AS_OF: "2019-02-30"}, /2019-02-30/],
    [{SOURCE: "sample", AS_OF: "2030-01-02"}, /the last session that has closed is 2019-05-31/],
    [{SOURCE: "sample", NOW: "yesterday"}, /NOW=yesterday: it must be an ISO time/],
    [{SOURCE: "sample", CONFIG: "nowhere.yaml"}, /CONFIG=nowhere\.yaml: there is no such file/],
  ])("of variables %o is wrong usage: exit code 2 and one line", async (variables, message) => {
    const {code, stderr} = await runPipeline(["ingest"], {
      NOW: "2019-06-03T12:00:00Z",
      DATA_DIR: join(folder, "unused"),
      ...variables,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(folder, "unused"))).toBe(false);
  });

  it("of a stage is wrong usage and names the stages", async () => {
    const {code, stderr} = await runPipeline(["fly"], sample(join(folder, "unused")));
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot run fly: the stages are ingest, features/);
  });
});
