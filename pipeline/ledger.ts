// What does the champion say before anybody can know better? It is recorded, and scored once the outcome is known.
import {type Frame, lowerBound} from "../src/frame.ts";
import {forecastLog} from "../src/models/logFit.ts";
import {type Artifact, artifactName, readArtifact} from "../src/registry/artifact.ts";
import {latestVersion} from "../src/registry/history.ts";
import {
  appendForecasts,
  type LedgerRecord,
  type LiveForecast,
  newestRecord,
  readLedger,
  requirePublished,
} from "../src/registry/ledger.ts";
import {ledgerTable, recordsOfTable} from "../src/registry/ledgerTable.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import {horizon as checkedHorizon, isoDate} from "../src/units.ts";
import {type Bounds, type ForecastColumns, readForecasts, readIntervals} from "./forecasts.ts";
import type {RunContext, Stage, StageContext} from "./stage.ts";

export const ledgerStage: Stage = {
  name: "ledger",
  does: "record the champion's forecasts before their outcome, score those whose outcome is known",
  after: ["train", "intervals"],
  reads: ["features_daily", "labels_daily", "walkforward_daily", "intervals_daily"],
  writes: ["live_ledger"],
  config: ["champion", "horizons", "interval", "universe"],
  fingerprint: async (context) => JSON.stringify([seesNewest(context), ...(await championsOf(context))]),
  stands: async ({lake}, {records}) => (await newestRecord(lake.store)) === records,
  async run(context) {
    const {read, write, lake, environment, runId, log} = context;
    const records = await readLedger(lake.store);
    requirePublished(records, recordsOfTable(await lake.read("live_ledger")));
    const features = tableFrame(await read("features_daily"));
    const day = features.sessions.at(-1)!;
    const isLive = seesNewest(context) && day === environment.lastClosed;
    const forecasts = isLive ? await forecastsAfter(day, {context, features}) : [];
    if (forecasts.length > 0) {
      const recording = {createdAt: environment.now, run: runId};
      const record = await appendForecasts(lake.store, {day, forecasts}, recording);
      if (record) log.info({stage: "ledger", ...factsOf(record)}, "recorded");
    }
    const known = await readLedger(lake.store);
    const newest = known.at(-1);
    const facts = {records: known.length, newest: newest?.date ?? null, head: newest?.hash ?? null};
    // A run that sees the market as of an earlier day would take known outcomes away.
    if (!seesNewest(context))
      return {...facts, summary: "as of an earlier day nothing is recorded or scored"};
    const labels = await read("labels_daily");
    await write("live_ledger", ledgerTable(lake.contract("live_ledger"), {records: known, labels}));
    if (!isLive)
      log.warn({stage: "ledger", newest: isoDate(day), closed: isoDate(environment.lastClosed)}, LATE);
    return {...facts, summary: `${known.length} forecasts recorded before their outcome`};
  },
};

const LATE = "not recorded: a session has closed whose bar is not there, so the outcome is not in the future";

/** Whether a run may record: it sees all that there is, and is no look at how the lake once was. */
function seesNewest({environment}: Pick<RunContext, "environment">): boolean {
  return environment.vintage === undefined && environment.asOf === environment.lastClosed;
}

async function championsOf({lake, config}: RunContext): Promise<(string | null)[]> {
  const names = config.horizons.map((horizon) => artifactName(config.universe.target, horizon));
  return Promise.all(names.map(async (name) => (await latestVersion(lake.store, name)) ?? null));
}

async function forecastsAfter(
  day: number,
  {context, features}: {readonly context: StageContext; readonly features: Frame},
): Promise<LiveForecast[]> {
  const {config, lake, read} = context;
  const model = config.champion;
  const own = await read("walkforward_daily", {model});
  const evaluated = readForecasts(own, await read("labels_daily"));
  const intervals = readIntervals(await read("intervals_daily"), config.interval);
  const found = await Promise.all(
    config.horizons.map((horizon) => readArtifact(lake.store, artifactName(config.universe.target, horizon))),
  );
  return found.flatMap((artifact) => {
    if (!artifact) return [];
    const {horizon} = artifact.manifest;
    const bounds = boundsAround(evaluated(horizon), {day, model, bounds: intervals(horizon).get(day)});
    const forecast = forecastOf(artifact, {features, day, bounds, coverage: config.interval.coverage});
    return forecast ? [forecast] : [];
  });
}

/** The ends of the interval for a forecast of 1, as the server scales them: 1 where the champion is the newest fit. */
function boundsAround(
  {sessions, forecasts}: ForecastColumns,
  {day, model, bounds}: {readonly day: number; readonly model: string; readonly bounds: Bounds | undefined},
): (volatility: number) => Bounds | undefined {
  const forecast = forecasts[model]?.volatility[lowerBound(sessions, day)] ?? Number.NaN;
  return (volatility) => {
    const ratio = volatility / forecast;
    return bounds && ratio > 0 ? {lower: bounds.lower * ratio, upper: bounds.upper * ratio} : undefined;
  };
}

function forecastOf(
  {manifest, fit}: Artifact,
  {
    features,
    day,
    bounds,
    coverage,
  }: {
    readonly features: Frame;
    readonly day: number;
    readonly bounds: (volatility: number) => Bounds | undefined;
    readonly coverage: number;
  },
): LiveForecast | undefined {
  const row = lowerBound(features.sessions, day);
  const rows = {start: row, end: row + 1};
  const made = forecastLog(fit, {features, rows, horizon: checkedHorizon(manifest.horizon)});
  const [rv_hat, var_hat] = [made.volatility[0]!, made.variance[0]!];
  if (!Number.isFinite(rv_hat)) return undefined;
  const interval = bounds(rv_hat);
  return {
    horizon: manifest.horizon,
    model: manifest.model,
    model_version: manifest.version,
    rv_hat,
    var_hat,
    lo: interval?.lower ?? null,
    hi: interval?.upper ?? null,
    coverage: interval ? coverage : null,
  };
}

function factsOf({sequence, date, supersedes, forecasts}: LedgerRecord): Record<string, unknown> {
  const hats = Object.fromEntries(forecasts.map(({horizon, rv_hat}) => [`rv_${horizon}d_hat`, rv_hat]));
  return {sequence, date, supersedes, ...hats, model_version: forecasts.at(-1)!.model_version};
}
