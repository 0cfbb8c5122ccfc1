// May the newest fit be published? It passes its gates, or training fails and the champion stays.
import type {Config} from "../src/config.ts";
import {type Gate, stoppingGates} from "../src/evaluation/gates.ts";
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {type Frame, lowerBound, toMatrix} from "../src/frame.ts";
import {createMatrix} from "../src/math/matrix.ts";
import {predictMargin} from "../src/models/gbdt/predict.ts";
import {forecastLog, type LogFit} from "../src/models/logFit.ts";
import {
  type ArtifactExample,
  type ArtifactManifest,
  artifactFolder,
  artifactName,
  artifactVersion,
  intervalMultiples,
  type UnwrittenArtifact,
} from "../src/registry/artifact.ts";
import {historyMark} from "../src/registry/history.ts";
import {treesOf} from "../src/registry/modelFile.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import {sha256} from "../src/store/lake.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {horizon as checkedHorizon, isoDate} from "../src/units.ts";
import {type StoredFit, storedFits} from "./fits.ts";
import {type Bounds, type ForecastColumns, readForecasts, readIntervals} from "./forecasts.ts";
import {asJudged, type Candidate, modelGates, publishCandidates} from "./publish.ts";
import type {Stage, StageContext} from "./stage.ts";

const EXAMPLES = 5;

export const trainStage: Stage = {
  name: "train",
  does: "keep the champion's newest fit as a candidate, and promote it through its gates",
  after: ["evaluate", "intervals"],
  reads: ["features_daily", "labels_daily", "fits", "walkforward_daily", "intervals_daily", "leaderboard"],
  writes: [],
  config: ["champion", "gates", "horizons", "interval", "seed", "universe"],
  async run(context) {
    const {config, read, log} = context;
    const leaderboard = tableRows(await read("leaderboard")) as unknown as LeaderboardRow[];
    const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
    const intervals = readIntervals(await read("intervals_daily"), config.interval);
    const features = tableFrame(await read("features_daily"));
    const fits = await storedFits(read, config.champion);
    const gates = new Map(
      config.horizons.map((horizon) => [
        horizon,
        modelGates(leaderboard, {model: config.champion, horizon, config}),
      ]),
    );
    for (const [horizon, judged] of gates) {
      for (const gate of judged)
        if (!gate.passed)
          log.warn({stage: "train", horizon, ...gate}, gate.judged ? "gate not passed" : "gate not judged");
    }
    const candidates: Candidate[] = [];
    for (const horizon of config.horizons) {
      const newest = fits
        .filter((fit) => fit.horizon === horizon && fit.trainedThrough <= features.sessions.at(-1)!)
        .at(-1);
      if (!newest)
        throw new Error(
          `Cannot train ${config.champion} at ${horizon} sessions: the lake holds no fit of it; run walkforward`,
        );
      const manifest = describe(newest, {
        context,
        features,
        interval: newestMultiples(forecasts(horizon), intervals(horizon), config),
        gates: gates.get(horizon)!,
        row: leaderboard.find(
          (row) => row.model === config.champion && row.horizon === horizon && row.period === "all",
        )!,
      });
      const parents = newest.parts.map((part) => ({...part, trained_through: isoDate(part.trained_through)}));
      candidates.push({manifest, fit: newest.fit, parents, scored: forecasts(horizon)});
    }
    const registry = await publishCandidates(context, candidates);
    requireGates(gates, config.champion);
    const artifacts = candidates.map(({manifest}) => artifactFolder(manifest.name, manifest.version));
    const judged = [...gates.values()].flat().filter((gate) => gate.judged);
    const summary = `${config.champion} passed ${judged.filter(({passed}) => passed).length} of ${judged.length} gates, all that block`;
    return {summary, champion: config.champion, artifacts, registry, gates: Object.fromEntries(gates)};
  },
  async stands({lake: {store}}, {artifacts}) {
    const found = await Promise.all(
      (artifacts as string[]).flatMap((folder) => [
        store.get(`${folder}/manifest.json`),
        historyMark(store, folder.split("/").at(-2)!),
      ]),
    );
    return found.every((bytes) => bytes !== undefined);
  },
};

/** @throws {Error} naming every blocking gate that was not passed, with its figures */
function requireGates(gates: ReadonlyMap<number, readonly Gate[]>, champion: string): void {
  const failed = [...gates].flatMap(([horizon, judged]) =>
    stoppingGates(judged).map(
      ({name, value, threshold}) =>
        `${name} at ${horizon} sessions is ${value.toFixed(4)}, the gate asks for ${threshold}`,
    ),
  );
  if (failed.length === 0) return;
  throw new Error(`Cannot publish ${champion}: ${failed.join("; ")}. The model published before stays`);
}

function describe(
  {horizon, trainedThrough, trainingHash, fit}: StoredFit,
  {
    context,
    features,
    interval,
    gates,
    row,
  }: {
    context: StageContext;
    features: Frame;
    interval: ArtifactManifest["interval"];
    gates: readonly Gate[];
    row: LeaderboardRow;
  },
): UnwrittenArtifact["manifest"] {
  const {config, environment, codeHash} = context;
  const name = artifactName(config.universe.target, horizon);
  const used = [...new Set([...(fit.linear?.features ?? []), ...(fit.boosted?.features ?? [])])];
  const end = lowerBound(features.sessions, trainedThrough) + 1;
  return {
    name,
    version: artifactVersion(isoDate(trainedThrough), fit),
    model: config.champion,
    symbol: config.universe.target,
    horizon,
    created_at: environment.now,
    trained_from: isoDate(features.sessions[firstCompleteRow(features, used)]!),
    trained_through: isoDate(trainedThrough),
    seed: config.seed,
    feature_order: treesOf(fit).features,
    features: used,
    anchor: fit.linear,
    retransformation: fit.retransformation,
    interval,
    support: supportOf(features, used, end),
    metrics: {...numbersOf(row)},
    gates: gates.map(asJudged),
    hashes: {training: trainingHash, code: codeHash, configuration: sha256(JSON.stringify(config))},
    examples: examplesOf(fit, {features, used, horizon}),
  };
}

function newestMultiples(
  {sessions, forecasts}: ForecastColumns,
  intervals: ReadonlyMap<number, Bounds>,
  {champion, interval}: Config,
): ArtifactManifest["interval"] {
  const bounds = intervals.get(sessions.at(-1)!);
  const forecast = forecasts[champion]!.volatility.at(-1)!;
  return bounds ? intervalMultiples(bounds, {forecast, coverage: interval.coverage}) : null;
}

function firstCompleteRow({sessions, columns}: Frame, names: readonly string[]): number {
  return sessions.findIndex((_, t) => names.every((name) => Number.isFinite(columns[name]![t]!)));
}

function supportOf({columns}: Frame, names: readonly string[], end: number): ArtifactManifest["support"] {
  return Object.fromEntries(
    names.map((name) => {
      const known = columns[name]!.subarray(0, end).filter(Number.isFinite);
      return [
        name,
        [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))] as const,
      ];
    }),
  );
}

// The newest sessions the model can judge, so that whoever loads it can see that it still says the same.
function examplesOf(
  fit: LogFit,
  {features, used, horizon}: {features: Frame; used: readonly string[]; horizon: number},
): ArtifactExample[] {
  const count = features.sessions.length;
  const rows = {start: Math.max(0, count - EXAMPLES), end: count};
  const {variance, volatility} = forecastLog(fit, {features, rows, horizon: checkedHorizon(horizon)});
  const {features: columns, trees} = treesOf(fit);
  const margins = predictMargin(trees, createMatrix(toMatrix(features, columns, rows), columns.length));
  return Array.from(variance, (_, i) => ({
    date: isoDate(features.sessions[rows.start + i]!),
    features: Object.fromEntries(used.map((name) => [name, features.columns[name]![rows.start + i]!])),
    tree_margin: margins[i]!,
    variance: variance[i]!,
    volatility: volatility[i]!,
  })).filter(({volatility: value}) => Number.isFinite(value));
}

function numbersOf(row: LeaderboardRow): Record<string, number | null> {
  const numbers = Object.entries(row).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(numbers.map(([name, value]) => [name, finite(value)]));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
