// May a version become the champion? Only through its gates, and every answer is recorded.
import type {ObjectStore} from "../store/objectStore.ts";
import {appendToChain, type Chained} from "./chain.ts";
import {
  type Actor,
  type Decision,
  foldHistory,
  type HistoryEvent,
  historyFolder,
  type JudgedGate,
  type ModelHistory,
  readHistory,
  restoreAlias,
} from "./history.ts";

/** Who records, and when. */
export interface Recording {
  /** ISO time: the run's NOW. */
  readonly createdAt: string;
  readonly run: string;
}

export interface PromotionOptions extends Recording {
  readonly by: Actor;
  readonly profile: string;
  /** What the version is judged by, against the champion of the moment. */
  readonly judge: (history: ModelHistory) => Promise<readonly JudgedGate[]> | readonly JudgedGate[];
  /** Why it is tried, in words; the gates' figures are added. */
  readonly reason: string;
}

/** What came of it and why, and the record of it; no record where that is recorded already. */
export interface PromotionResult {
  readonly outcome: "promoted" | "refused" | "already the champion";
  readonly reason: string;
  readonly record: Chained<Decision> | undefined;
}

/**
 * Makes a version the champion where it passes its gates, or records which it did not pass. Where another became the
 * champion meanwhile it is judged against that one.
 *
 * @throws {RangeError} if no such version is registered
 */
export async function promoteVersion(
  store: ObjectStore,
  {name, version}: {readonly name: string; readonly version: string},
  {createdAt, run, by, profile, judge, reason}: PromotionOptions,
): Promise<PromotionResult> {
  await readHistory(store, name); // a broken one is not added to
  let outcome: PromotionResult["outcome"] = "already the champion";
  let why = "";
  const record = await appendToChain<HistoryEvent>(store, historyFolder(name), {
    createdAt,
    async decide(records) {
      const history = foldHistory(name, {records});
      requireVersion(history, version);
      outcome = "already the champion";
      if (history.champion === version) return undefined;
      const gates = await judge(history);
      const failed = gates.filter(stops);
      outcome = failed.length > 0 ? "refused" : "promoted";
      why = inWords(failed.length > 0 ? failed : gates.filter(isBlocking));
      const decision: Decision = {
        event: outcome,
        version,
        previous: history.champion ?? null,
        run,
        by,
        reason: `${reason}: ${why}`,
        profile,
        gates,
      };
      return isKnown(history, decision) ? undefined : decision;
    },
  });
  await restoreAlias(store, name);
  return {outcome, reason: why, record: record as Chained<Decision> | undefined};
}

/** Whether a gate keeps a version from being promoted: it blocks, its figure exists, and is not enough. */
export function stops({blocking, judged = true, passed}: JudgedGate): boolean {
  return blocking && judged && !passed;
}

/** Gates with their figures: `gain_qlike 0.0310, 0.05 asked`. */
export function inWords(gates: readonly JudgedGate[]): string {
  const figures = gates.map(
    ({name, value, threshold, judged = true}) =>
      `${name} ${value === null ? (judged ? "unknown" : "not judged") : value.toFixed(4)}, ${threshold} asked`,
  );
  return figures.join("; ") || "no gate blocks";
}

/** @throws {RangeError} naming the versions there are */
export function requireVersion({name, versions}: ModelHistory, version: string): void {
  if (versions.some((known) => known.version === version)) return;
  const known = versions.map((entry) => entry.version).join(", ");
  throw new RangeError(
    `Cannot find ${name} ${version}: ${known ? `the versions are ${known}` : "it has no versions"}`,
  );
}

function isBlocking({blocking}: JudgedGate): boolean {
  return blocking;
}

// A run that is repeated refuses again for the same reason: that is one refusal.
function isKnown({records}: ModelHistory, decision: Decision): boolean {
  if (decision.event !== "refused") return false;
  const last = records.findLast(
    (record) => record.event !== "registered" && record.version === decision.version,
  );
  return (
    last?.event === "refused" &&
    last.previous === decision.previous &&
    last.profile === decision.profile &&
    JSON.stringify(last.gates) === JSON.stringify(decision.gates)
  );
}
