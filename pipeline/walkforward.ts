// What would each model have said on each day? Every fold is fitted once; a fit whose inputs stand is used again.
import {createHash} from "node:crypto";
import type {Config} from "../src/config.ts";
import {joinLabels} from "../src/evaluation/marketTable.ts";
import {
  type FoldForecast,
  type FoldTask,
  forecastFromFit,
  type MarketTable,
  planWalkForward,
} from "../src/evaluation/walkForward.ts";
import {catalogue as featureCatalogue} from "../src/features/catalogue.ts";
import {column, type Frame} from "../src/frame.ts";
import type {WalkPlan} from "../src/lab/walkOptions.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import {type Table, texts} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {combineAll, type ForecastRun, runsOf, weightsTable} from "./combinations.ts";
import {type ComposedForecast, composeChampion} from "./composed.ts";
import {runOnThreads} from "./pool.ts";
import type {RunContext, Stage, StageContext} from "./stage.ts";
import {configuredCombinations, configuredModels, modelFeatures} from "./universe.ts";

interface HashedFit extends FoldForecast {
  readonly trainingHash: string;
}

interface PlannedFold {
  readonly task: FoldTask;
  readonly trainingHash: string;
}

export const walkforwardStage: Stage = {
  name: "walkforward",
  does: "fit every model on its folds, forecast the sessions after each, combine the forecasts",
  after: ["features", "labels"],
  reads: ["features_daily", "labels_daily"],
  writes: ["fits", "combination_weights", "walkforward_daily"],
  config: ["champion", "features", "horizons", "seed", "universe", "walk_forward"],
  async run(context) {
    const table = await readMarketTable(context);
    const planned = planAll(table, context);
    const kept = keptFits(await context.read("fits"));
    const missing = planned.filter(({trainingHash}) => !kept.has(trainingHash));
    const made = await runOnThreads<FoldTask, FoldForecast>(
      new URL("./foldWorker.ts", import.meta.url),
      missing.map(({task}) => task),
      {shared: table, progress: (done) => context.progress(`${done} of ${missing.length} folds fitted`)},
    );
    const fresh = new Map(missing.map((fold, i) => [fold, made[i]!]));
    const forecasts = planned.map((fold): HashedFit => {
      const {task, trainingHash} = fold;
      const {model} = catalogueEntry(task.model);
      const forecast =
        fresh.get(fold) ?? forecastFromFit(task, {model, table, fit: JSON.parse(kept.get(trainingHash)!)});
      return {...forecast, trainingHash};
    });
    const {sessions} = table.features;
    const {champion} = context.config;
    const combinations = configuredCombinations(context.config);
    const combined = combineAll(forecasts, {table, combinations});
    const composed = composeChampion(champion, {folds: forecasts, combined, table});
    await context.write(
      "fits",
      fitsTable([
        ...forecasts.filter((_, i) => fresh.has(planned[i]!)),
        ...hashComposed(composed, forecasts),
      ]),
    );
    if (combined.length > 0) await context.write("combination_weights", weightsTable(combined, sessions));
    const pooled = combined.filter(({combination}) => combination.name !== champion);
    const written = await context.write(
      "walkforward_daily",
      forecastsTable([...forecasts, ...pooled.flatMap(runsOf), ...composed], sessions),
    );
    const models = configuredModels(context.config);
    const {train_from, first_origin, minimum_training_sessions, refit_sessions} = context.config.walk_forward;
    const {seed} = context.config;
    const plan: WalkPlan = {seed, train_from, first_origin, minimum_training_sessions, refit_sessions};
    const asked = Object.keys(refit_sessions);
    return {
      models: models.length,
      combinations: combinations.length,
      left_out: asked.filter((model) => !models.includes(model)),
      without_features: featureCatalogue
        .map(({name}) => name)
        .filter((name) => !(name in table.features.columns)),
      folds: planned.length,
      fitted: missing.length,
      forecasts: written.rows,
      plan,
    };
  },
};

export async function readMarketTable({read, config}: StageContext): Promise<MarketTable> {
  const features = tableFrame(await read("features_daily"));
  return marketTable(features, {labels: tableFrame(await read("labels_daily")), config});
}

type TableConfig = Pick<Config, "features" | "horizons" | "universe" | "walk_forward">;

/** Features and label variances on shared memory, so that threads read them without a copy. */
export function marketTable(
  features: Frame,
  {labels, config}: {readonly labels: Frame; readonly config: TableConfig},
): MarketTable {
  const joined = joinLabels(features, labels);
  const columns: Record<string, Float64Array> = {};
  for (const name of modelFeatures(config)) columns[name] = shared(column(features, name));
  const sessions = new Int32Array(new SharedArrayBuffer(features.sessions.length * 4));
  sessions.set(features.sessions);
  const sharedBy = (outcomes: MarketTable["variance"]) =>
    Object.fromEntries(config.horizons.map((h) => [h, shared(outcomes[h]!)]));
  return {
    features: {sessions, columns},
    variance: sharedBy(joined.variance),
    rangeVariance: sharedBy(joined.rangeVariance),
  };
}

function planAll(
  {features, variance, rangeVariance}: MarketTable,
  {config, modelCodeHash}: RunContext,
): PlannedFold[] {
  const prefix = new Map(
    config.horizons.map((h) => [h as number, prefixHash(features, [variance[h]!, rangeVariance[h]!])]),
  );
  return planTasks(features.sessions, config).map((task) => {
    const {model, horizon, seed, fold} = task;
    const {trainStart, trainEnd} = fold;
    const facts = JSON.stringify([modelCodeHash, model, horizon, seed, trainStart, trainEnd]);
    const rows = prefix.get(horizon)!(trainEnd);
    return {task, trainingHash: createHash("sha256").update(facts).update(rows).digest("hex")};
  });
}

/** Every fit that the configuration asks for, in the order of horizons, models and days. */
export function planTasks(
  sessions: Int32Array,
  config: Pick<Config, "features" | "horizons" | "seed" | "universe" | "walk_forward">,
): FoldTask[] {
  const {horizons, seed, walk_forward} = config;
  const {train_from, first_origin, minimum_training_sessions, refit_sessions} = walk_forward;
  const models = configuredModels(config);
  return horizons.flatMap((horizon) =>
    models.flatMap((model) =>
      planWalkForward(sessions, {
        model,
        seed,
        horizon,
        refitEvery: refit_sessions[model]!,
        window: catalogueEntry(model).window,
        firstOrigin: sessionDate(first_origin),
        trainFrom: sessionDate(train_from),
        minTrain: minimum_training_sessions,
      }),
    ),
  );
}

// The digest of rows [0, end) for ascending or repeated ends, in one pass over the rows.
function prefixHash({sessions, columns}: Frame, labels: readonly Float64Array[]): (end: number) => string {
  const digests = new Map<number, string>();
  const all = [...Object.values(columns), ...labels];
  const hash = createHash("sha256");
  const row = new Float64Array(all.length + 1);
  const bytes = new Uint8Array(row.buffer);
  digests.set(0, hash.copy().digest("hex"));
  for (let t = 0; t < sessions.length; t++) {
    row[0] = sessions[t]!;
    for (let j = 0; j < all.length; j++) row[j + 1] = all[j]![t]!;
    hash.update(bytes);
    digests.set(t + 1, hash.copy().digest("hex"));
  }
  return (end) => digests.get(end)!;
}

function keptFits(fits: Table): Map<string, string> {
  const hashes = texts(fits, "training_hash");
  const values = texts(fits, "fit");
  return new Map(hashes.map((hash, i) => [hash, values[i]!]));
}

// A composed fit is a function of its parts' training rows, and of the weights that its reference tells.
function hashComposed(composed: readonly ComposedForecast[], planned: readonly HashedFit[]): HashedFit[] {
  const keyOf = (horizon: number, model: string, trainedThrough: number) =>
    `${horizon} ${model} ${trainedThrough}`;
  const hashes = new Map<string, string>();
  for (const {horizon, model, trainedThrough, trainingHash} of planned) {
    const key = keyOf(horizon, model, trainedThrough);
    if (!hashes.has(key)) hashes.set(key, trainingHash);
  }
  return composed.map((run) => {
    const parts = run.fit.parts.map((part) => [
      hashes.get(keyOf(run.horizon, part.model, part.trained_through))!,
      part.weight,
    ]);
    return {...run, trainingHash: createHash("sha256").update(JSON.stringify(parts)).digest("hex")};
  });
}

function fitsTable(fits: readonly HashedFit[]): Table {
  return {
    rows: fits.length,
    columns: {
      model: fits.map(({model}) => model),
      horizon: Int32Array.from(fits, ({horizon}) => horizon),
      trained_through: Int32Array.from(fits, ({trainedThrough}) => trainedThrough),
      training_hash: fits.map(({trainingHash}) => trainingHash),
      fit: fits.map(({fit}) => JSON.stringify(fit)),
    },
  };
}

function forecastsTable(folds: readonly ForecastRun[], sessions: Int32Array): Table {
  const date: number[] = [];
  const horizon: number[] = [];
  const model: string[] = [];
  const variance: number[] = [];
  const volatility: number[] = [];
  const trainedThrough: number[] = [];
  for (const fold of folds) {
    for (let t = fold.rows.start; t < fold.rows.end; t++) {
      const at = t - fold.rows.start;
      if (Number.isNaN(fold.variance[at]!) || Number.isNaN(fold.volatility[at]!)) continue;
      date.push(sessions[t]!);
      horizon.push(fold.horizon);
      model.push(fold.model);
      variance.push(fold.variance[at]!);
      volatility.push(fold.volatility[at]!);
      trainedThrough.push(fold.trainedThrough);
    }
  }
  return {
    rows: date.length,
    columns: {
      date: Int32Array.from(date),
      horizon: Int32Array.from(horizon),
      model,
      var_hat: Float64Array.from(variance),
      rv_hat: Float64Array.from(volatility),
      trained_through: Int32Array.from(trainedThrough),
    },
  };
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
