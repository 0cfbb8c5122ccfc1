// Which version of a model counts, since when and why? Told from records that only grow.
import {readJson, toJson} from "../store/lake.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {ChainBroken, type Chained, chainHead, inspectChain} from "./chain.ts";

export type Stage = "candidate" | "champion" | "archived";

/** A gate as it was judged: its figure, what was asked, and what came of it. */
export interface JudgedGate {
  readonly name: string;
  /** null where the figure does not exist. */
  readonly value: number | null;
  readonly threshold: number;
  /** Whether the figure exists; absent in artifacts of before. */
  readonly judged?: boolean;
  readonly passed: boolean;
  readonly blocking: boolean;
}

/** What is recorded of a version when it is first kept. It is a candidate from then on. */
export interface Registration {
  readonly event: "registered";
  readonly version: string;
  /** Which run or command did it. */
  readonly run: string;
  readonly by: Actor;
  readonly model: string;
  readonly symbol: string;
  readonly horizon: number;
  readonly trained_from: string;
  readonly trained_through: string;
  /** The fits it is put together from; none where it is one fit. */
  readonly parents: readonly {
    readonly model: string;
    readonly trained_through: string;
    readonly weight: number;
  }[];
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly gates: readonly JudgedGate[];
  /** SHA-256 of model.json, manifest.json, the training rows, the code and the configuration. */
  readonly hashes: Readonly<Record<"model" | "manifest" | "training" | "code" | "configuration", string>>;
}

/** Why the champion is another one now, or why it is not. */
export interface Decision {
  readonly event: "promoted" | "refused" | "rolled_back";
  /** The version it is about; the champion from then on unless it was refused. */
  readonly version: string;
  /** The champion until then. */
  readonly previous: string | null;
  readonly run: string;
  readonly by: Actor;
  readonly reason: string;
  /** The profile and the gates it was judged by; absent for a rollback. */
  readonly profile?: string;
  readonly gates?: readonly JudgedGate[];
}

export type Actor = "train" | "promote" | "rollback" | "import";
export type HistoryEvent = Registration | Decision;
export type HistoryRecord = Chained<HistoryEvent>;

export interface VersionState {
  readonly version: string;
  readonly stage: Stage;
  readonly registered: Chained<Registration>;
}

export interface ModelHistory {
  readonly name: string;
  readonly records: readonly HistoryRecord[];
  /** The version that counts; undefined before the first promotion. */
  readonly champion: string | undefined;
  /** In the order of their registration. */
  readonly versions: readonly VersionState[];
  /** Champions that led to this one, it included: where a rollback goes. */
  readonly succession: readonly string[];
  /** Versions that a rollback left and nothing has promoted since. */
  readonly withdrawn: ReadonlySet<string>;
}

/** Names the champion, for whoever reads files alone. Derived: the records are the truth. */
export interface Alias {
  readonly version: string;
  /** The newest record when this was written; absent before there was a history. */
  readonly sequence?: number;
  readonly hash?: string;
}

export const historyFolder = (name: string): string => `registry/${name}`;
export const aliasKey = (name: string): string => `artifacts/model/${name}/latest.json`;

/**
 * The history of a name; without records where there is none.
 *
 * @throws {ChainBroken} naming the records that were edited, replaced or removed
 */
export async function readHistory(store: ObjectStore, name: string): Promise<ModelHistory> {
  // The alias first: a record it names must be among those that are read after it.
  const alias = await readAlias(store, name);
  const {records, problems} = await inspectChain<HistoryEvent>(store, historyFolder(name));
  const problem = problems.length === 0 ? anchorProblem(records, alias) : undefined;
  if (problem) problems.push(problem);
  if (problems.length > 0) throw new ChainBroken(historyFolder(name), problems);
  return foldHistory(name, {records, alias});
}

/** The version that counts for a name; undefined where there is none. */
export async function latestVersion(store: ObjectStore, name: string): Promise<string | undefined> {
  return (await readHistory(store, name)).champion;
}

/** Differs where what counts may have changed. Names are listed, nothing is read. */
export async function historyMark(store: ObjectStore, name: string): Promise<string | undefined> {
  return chainHead(store, historyFolder(name));
}

/** Names of which there is a history, sorted. */
export async function registeredNames(store: ObjectStore): Promise<string[]> {
  const keys = (await store.list("registry")).map(({key}) => key.split("/")[1]!);
  return [...new Set(keys)].sort();
}

/** Brings the alias to where the records are. Of several writers at once the last one leaves the newest. */
export async function restoreAlias(store: ObjectStore, name: string): Promise<void> {
  for (;;) {
    const {champion, records} = await readHistory(store, name);
    const newest = records.at(-1);
    if (champion === undefined || !newest) return;
    const alias: Alias = {version: champion, sequence: newest.sequence, hash: newest.hash};
    const stored = await store.get(aliasKey(name));
    if (stored && Buffer.compare(stored, toJson(alias)) === 0) return;
    await store.replace(aliasKey(name), toJson(alias));
  }
}

/** What records say, in their order. */
export function foldHistory(
  name: string,
  {records, alias}: {readonly records: readonly HistoryRecord[]; readonly alias?: Alias | undefined},
): ModelHistory {
  const registered: Chained<Registration>[] = [];
  const champions = new Set<string>(); // of all times
  const withdrawn = new Set<string>();
  let succession: string[] = [];
  for (const record of records) {
    if (record.event === "registered") registered.push(record);
    if (record.event === "promoted") {
      succession.push(record.version);
      withdrawn.delete(record.version);
    }
    if (record.event === "rolled_back") {
      if (record.previous) withdrawn.add(record.previous);
      withdrawn.delete(record.version);
      const place = succession.lastIndexOf(record.version);
      succession = place < 0 ? [...succession, record.version] : succession.slice(0, place + 1);
    }
    if (record.event !== "registered" && record.event !== "refused") champions.add(record.version);
  }
  const champion = succession.at(-1) ?? (alias?.sequence === undefined ? alias?.version : undefined);
  const stageOf = (version: string): Stage => {
    if (version === champion) return "champion";
    return champions.has(version) ? "archived" : "candidate";
  };
  const versions = registered.map((record) => ({
    version: record.version,
    stage: stageOf(record.version),
    registered: record,
  }));
  return {name, records, champion, versions, succession, withdrawn};
}

// What the chain alone cannot tell: whether its end was cut off, or all of it written anew.
function anchorProblem(
  records: readonly HistoryRecord[],
  alias: Alias | undefined,
): {sequence: number; text: string} | undefined {
  if (alias?.sequence === undefined) return undefined;
  const {sequence, hash} = alias;
  const named = records[sequence - 1];
  if (!named) return {sequence, text: `record ${sequence} is missing, which latest.json names`};
  if (named.hash === hash) return undefined;
  return {sequence, text: `record ${sequence} is not the one that latest.json names`};
}

async function readAlias(store: ObjectStore, name: string): Promise<Alias | undefined> {
  return readJson<Alias>(store, aliasKey(name));
}
