// What does the registry hold, and which version is to count? Each function is a command of `volbook models`.
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {
  type HistoryRecord,
  type ModelHistory,
  type Registration,
  readHistory,
  registeredNames,
  type Stage,
} from "../src/registry/history.ts";
import {promoteVersion, type Recording, requireVersion} from "../src/registry/promotion.ts";
import {rollBack} from "../src/registry/rollback.ts";
import {chooseLake} from "../src/server/chooseLake.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {tableRows} from "../src/store/tableRows.ts";
import type {Environment} from "./environment.ts";
import {readForecasts} from "./forecasts.ts";
import {asJudged, championGates, modelGates} from "./publish.ts";

/** A version as it is listed. */
export interface ListedVersion extends Omit<Registration, "event"> {
  readonly name: string;
  readonly stage: Stage;
  readonly created_at: string;
}

/** The lake of the environment's source and target; of any source, the one written last. */
export async function openRegistry({source, dataDir, config}: Environment): Promise<Lake> {
  const {target} = config.universe;
  const storeOf = (name: string) => storeAt(rootBelow(dataDir, name));
  const lakeOf = async (name: string) =>
    openLake({store: storeOf(await lakeName({source: name, target}, storeOf))});
  if (source !== "auto") return lakeOf(source);
  const chosen = await chooseLake(source, lakeOf);
  if (chosen) return chosen.lake;
  throw new Error(`Cannot find a lake in ${dataDir}: run make report, or name another with --data-dir`);
}

/** Every version, or those of a name, in the order of their registration. */
export async function listVersions({store}: Lake, name?: string): Promise<ListedVersion[]> {
  const names = await registeredNames(store);
  if (name !== undefined) requireName(names, name);
  const histories = await Promise.all(
    (name === undefined ? names : [name]).map((each) => readHistory(store, each)),
  );
  return histories.flatMap(listed);
}

/** One version with all that is recorded of it; by default the champion, or the newest where there is none. */
export async function showVersion(
  {store}: Lake,
  name: string,
  version?: string,
): Promise<ListedVersion & {readonly decisions: readonly HistoryRecord[]}> {
  const history = await historyOf(store, name);
  const wanted = version ?? history.champion ?? history.versions.at(-1)!.version;
  requireVersion(history, wanted);
  const found = listed(history).find((entry) => entry.version === wanted)!;
  const decisions = history.records.filter(
    (record) => record.event !== "registered" && record.version === wanted,
  );
  return {...found, decisions};
}

/** Every record of a name: what was registered, promoted, refused and rolled back, when, by what and why. */
export async function showHistory({store}: Lake, name: string): Promise<readonly HistoryRecord[]> {
  return (await historyOf(store, name)).records;
}

/**
 * Promotes a version through the gates of the configuration, on the record its model has in the lake now.
 *
 * @throws {Error} with the gates and their figures where it is refused; the refusal is recorded
 */
export async function promote(
  lake: Lake,
  {name, version, reason}: {readonly name: string; readonly version: string; readonly reason?: string},
  environment: Environment,
): Promise<HistoryRecord | undefined> {
  const {config} = environment;
  const history = await historyOf(lake.store, name);
  requireVersion(history, version);
  const {model, horizon} = history.versions.find((known) => known.version === version)!.registered;
  const leaderboard = tableRows(await lake.read("leaderboard")) as unknown as LeaderboardRow[];
  const gates = modelGates(leaderboard, {model, horizon, config}).map(asJudged);
  const forecasts = readForecasts(await lake.read("walkforward_daily"), await lake.read("labels_daily"));
  const scored = forecasts(horizon);
  const {
    outcome,
    record,
    reason: why,
  } = await promoteVersion(
    lake.store,
    {name, version},
    {
      ...recordingOf(environment),
      by: "promote",
      profile: config.gates.profile,
      judge: (now) => [...gates, ...championGates(now, {model, scored, config})],
      reason: reason ?? "promoted by hand",
    },
  );
  if (outcome === "refused")
    throw new Error(`Cannot promote ${name} ${version}: refused, ${why}. The champion stays`);
  return record;
}

/** Makes a champion of before the champion again. */
export async function rollback(
  {store}: Lake,
  {name, to, reason}: {readonly name: string; readonly to?: string; readonly reason?: string},
  environment: Environment,
): Promise<HistoryRecord> {
  await historyOf(store, name);
  return rollBack(store, name, {
    ...(to === undefined ? {} : {to}),
    reason: reason ?? "rolled back by hand",
    ...recordingOf(environment),
  });
}

function listed({name, versions}: ModelHistory): ListedVersion[] {
  return versions.map(({version, stage, registered}) => {
    const {
      event: _,
      sequence: __,
      previous_hash: ___,
      hash: ____,
      created_at,
      version: _____,
      ...facts
    } = registered;
    return {name, version, stage, created_at, ...facts};
  });
}

async function historyOf(store: Lake["store"], name: string): Promise<ModelHistory> {
  requireName(await registeredNames(store), name);
  return readHistory(store, name);
}

function requireName(names: readonly string[], name: string): void {
  if (names.includes(name)) return;
  const known =
    names.length > 0 ? `the models are ${names.join(", ")}` : "none is registered; run make train";
  throw new RangeError(`Cannot find the model ${name}: ${known}`);
}

function recordingOf({now}: Environment): Recording {
  return {createdAt: now, run: now.replaceAll(/[-:.]/g, "")};
}
