import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import pino from "pino";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {certificateStands} from "../pipeline/certificate.ts";
import {createContext} from "../pipeline/context.ts";
import {readEnvironment} from "../pipeline/environment.ts";
import {graph} from "../pipeline/graph.ts";
import {pipelineDerivation} from "../pipeline/proofTasks.ts";
import {producersOf} from "../pipeline/prove.ts";
import {proveRuns} from "../pipeline/proveRuns.ts";
import {proveVintages} from "../pipeline/proveVintages.ts";
import {vintageProvider} from "../pipeline/providers.ts";
import type {RunContext, Stage} from "../pipeline/stage.ts";
import {configuredCombinations, configuredModels, modelFeatures} from "../pipeline/universe.ts";
import {deriveBaseline} from "../src/proof/derivation.ts";
import {type Evidence, isCleared, mergeEvidence} from "../src/proof/evidence.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {integers, numbers, type Table, texts} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {REPOSITORY, type RunResult, runPipeline} from "./runPipeline.ts";

const NOW = "2023-06-01T12:00:00Z";
const variables = (dataDir: string) => ({
  CONFIG: "test/small.yaml",
  SOURCE: "sample",
  DATA_DIR: dataDir,
  NOW,
});
const LONG = 600_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volbook-prove-test-"));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

function contextOf(dataDir: string): RunContext {
  const environment = readEnvironment(variables(dataDir));
  const silent = () => pino({level: "silent"});
  return createContext(environment, {
    store: localDirectory(join(dataDir, "sample")),
    source: "sample",
    log: silent,
  });
}

const stages = graph(vintageProvider("sample", new Map()));
const prove = stages.find(({name}) => name === "prove")!;

describe("make prove on the sample market", {timeout: LONG}, () => {
  let result: RunResult;
  let context: RunContext;
  beforeAll(async () => {
    const dataDir = join(folder, "honest");
    result = await runPipeline(["prove"], variables(dataDir));
    const [summary] = readdirSync(join(dataDir, "sample/runs"));
    const {code} = JSON.parse(readFileSync(join(dataDir, "sample/runs", summary!), "utf8"));
    context = {...contextOf(dataDir), codeHash: code}; // of the run: somebody may be at work on the sources
  }, LONG);

  it("ends with 0 and certifies every feature, label, model and dataset of the configuration", async () => {
    expect(result).toMatchObject({code: 0, stderr: ""});
    const rows = tableRows(await context.lake.read("certificate"));
    expect(rows.filter(({passed}) => passed !== 1)).toEqual([]);
    const names = (kind: string) => new Set(rows.filter((row) => row.kind === kind).map(({name}) => name));
    const {config} = context;
    const models = configuredModels(config);
    expect(names("feature")).toEqual(new Set(modelFeatures(config)));
    expect(names("label")).toEqual(new Set([1, 5, 22].flatMap((h) => [`rv_${h}d`, `range_rv_${h}d`])));
    expect(names("fold")).toEqual(new Set(models));
    expect([...names("fit")]).toEqual(expect.arrayContaining(models));
    const combined = configuredCombinations(config).map(({name}) => name);
    expect([...names("forecast")]).toEqual(
      expect.arrayContaining([...models, ...combined, "intervals_daily", "predictions_daily"]),
    );
    expect(names("vintage")).toEqual(new Set(["features_daily", "raw.market"]));
    for (const kind of ["fold", "fit", "forecast"]) {
      for (const model of models) {
        const horizons = rows
          .filter((row) => row.kind === kind && row.name === model)
          .map(({horizon}) => horizon);
        expect(horizons.sort()).toEqual([...config.horizons].sort());
      }
    }
  });

  it("tried changes that were changes: labels and later forecasts moved", async () => {
    const rows = tableRows(await context.lake.read("certificate"));
    for (const {kind, name, moved, cells, sha256} of rows) {
      expect(cells).toBeGreaterThan(0);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      if (["label", "fold", "forecast"].includes(kind as string))
        expect({name, moved}).not.toEqual({name, moved: 0});
    }
  });

  it("says of which data, code and configuration it is, and stands for no other", async () => {
    expect(await certificateStands(prove, context)).toBe(true);
    expect(await certificateStands(prove, {...context, codeHash: "another"})).toBe(false);
    const {config} = context;
    expect(await certificateStands(prove, {...context, config: {...config, seed: config.seed + 1}})).toBe(
      false,
    );
    const revised = {
      ...context.lake,
      manifest: async (dataset: string) => {
        const manifest = (await context.lake.manifest(dataset))!;
        const snapshot = {...manifest.snapshot, sha256: "of other rows"};
        return dataset === "raw.market" ? {...manifest, snapshot} : manifest;
      },
    };
    expect(await certificateStands(prove, {...context, lake: revised})).toBe(false);
  });

  it("finds a combination whose weights use outcomes that are not known yet, and clears it once they wait", async () => {
    const hasty = await proveWith(context, bestOfLately({wait: (_horizon) => 1}));
    const failed = hasty.filter((entry) => !isCleared(entry));
    expect(failed.map(({kind, name, horizon}) => ({kind, name, horizon}))).toEqual([
      {kind: "forecast", name: "lately", horizon: 5},
      {kind: "forecast", name: "lately", horizon: 22},
    ]);
    expect(failed[0]!.first!.text).toContain("var_hat was");
    const patient = await proveWith(context, bestOfLately({wait: (horizon) => horizon}));
    expect(patient.filter((entry) => !isCleared(entry))).toEqual([]);
    expect(patient.filter(({name}) => name === "lately")).toHaveLength(3);
  });

  it("finds a run as of an instant that reads values revised later the same day", async () => {
    const bars = barsBySymbol(await context.lake.read("curated.market_daily"));
    const honest = mergeEvidence(await proveVintages(context, {bars}));
    expect(honest.filter((entry) => !isCleared(entry))).toEqual([]);
    const latest = async (lake: RunContext["lake"]) => barsBySymbol(await lake.read("raw.market"));
    const found = mergeEvidence(await proveVintages(context, {bars, knownAt: latest}));
    const [failed] = found.filter((entry) => !isCleared(entry));
    expect(failed).toMatchObject({kind: "vintage", name: "features_daily"});
    expect(failed!.first!.text).toContain("revised");
  });
});

it("make prove ends with 1 and the names of what leaks", {timeout: LONG}, async () => {
  const dataDir = join(folder, "leaking");
  const plant = {
    file: "/src/features/sessionFeatures.ts",
    from: "logRatio(price, low[t]!)",
    to: "logRatio(price, low[t + 1] ?? low[t]!)", // the next session's low
  };
  const {code, stderr} = await runPipeline(["prove"], {
    ...variables(dataDir),
    CONFIG: "test/leak.yaml",
    NODE_OPTIONS: `--import=${join(REPOSITORY, "test/plantLeak.ts")}`,
    PLANT: JSON.stringify(plant),
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Cannot certify the forecasts: \d+ of \d+ subjects look ahead: feature hl_spread \(/,
  );
  expect(stderr.trim().split("\n")).toHaveLength(1);
  const certificate = await contextOf(dataDir).lake.read("certificate");
  const failed = tableRows(certificate).filter(({kind, passed}) => kind === "feature" && passed === 0);
  expect(failed.map(({name}) => name)).toEqual(["hl_spread", "parkinson_var_1d"]); // the second is made from the first
  for (const row of failed) {
    expect(row.first_violation).toMatch(/^2018-07-02, .* became .*: bars after 2018-07-02 /);
    expect(stderr).toContain(`feature ${row.name} (${row.first_violation})`);
  }
});

/** The whole runs of the proof with one more stage after the walk-forward. */
async function proveWith(context: RunContext, planted: Stage): Promise<Evidence[]> {
  const at = stages.findIndex(({name}) => name === "walkforward") + 1;
  const proven = producersOf(stages.toSpliced(at, 0, planted), "infer");
  expect(proven).toContain(planted);
  const fits = await context.lake.read("fits");
  const bars = barsBySymbol(await context.lake.read("curated.market_daily"));
  const progress = () => undefined;
  const baseline = deriveBaseline(pipelineDerivation(context.config), bars);
  const {found} = await proveRuns(proven, {baseline, fits, context: {...context, progress}});
  return mergeEvidence(found);
}

/** Takes the forecast of whichever model erred less on the latest 40 outcomes that are `wait` sessions old. */
function bestOfLately({wait}: {wait: (horizon: number) => number}): Stage {
  return {
    name: "lately",
    does: "plant a combination",
    after: ["walkforward"],
    reads: ["walkforward_daily", "labels_daily"],
    writes: ["walkforward_daily"],
    config: [],
    async run({read, write, config}) {
      const forecasts = await read("walkforward_daily");
      const labels = await read("labels_daily");
      const dates = integers(labels, "date");
      const rowOf = new Map(Array.from(dates, (day, row) => [day, row]));
      for (const horizon of config.horizons) {
        const outcomes = numbers(labels, `rv_${horizon}d`);
        const [one, other] = ["rv20", "log_har_vix"].map((model) => rowsOf(forecasts, {model, horizon}));
        const error = (rows: readonly number[], t: number) =>
          Math.abs(
            numbers(forecasts, "rv_hat")[rows[t]!]! -
              outcomes[rowOf.get(integers(forecasts, "date")[rows[t]!]!)!]!,
          );
        const chosen = one!.map((row, t) => {
          const known = Array.from({length: 40}, (_, k) => t - wait(horizon) - k).filter((s) => s >= 0);
          const lead = known.reduce((sum, s) => {
            const difference = error(other!, s) - error(one!, s);
            return sum + (Number.isNaN(difference) ? 0 : difference);
          }, 0);
          const weight = 1 / (1 + Math.exp(-lead));
          return {row, other: other![t]!, weight};
        });
        const mixed = (name: string) => {
          const values = numbers(forecasts, name);
          return Float64Array.from(
            chosen,
            ({row, other, weight}) => weight * values[row]! + (1 - weight) * values[other]!,
          );
        };
        const picked = (name: string) => Int32Array.from(chosen, ({row}) => integers(forecasts, name)[row]!);
        await write("walkforward_daily", {
          rows: chosen.length,
          columns: {
            date: picked("date"),
            horizon: picked("horizon"),
            model: chosen.map(() => "lately"),
            var_hat: mixed("var_hat"),
            rv_hat: mixed("rv_hat"),
            trained_through: picked("trained_through"),
          },
        });
      }
      return {};
    },
  };
}

function rowsOf(table: Table, {model, horizon}: {model: string; horizon: number}): number[] {
  const models = texts(table, "model");
  const horizons = integers(table, "horizon");
  return Array.from(models.keys()).filter((row) => models[row] === model && horizons[row] === horizon);
}
