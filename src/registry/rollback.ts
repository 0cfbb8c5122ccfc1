// How does the champion of before come back? The name points to its files again; they never changed.
import type {ObjectStore} from "../store/objectStore.ts";
import {readArtifact} from "./artifact.ts";
import {appendToChain, type Chained} from "./chain.ts";
import {
  type Decision,
  foldHistory,
  type HistoryEvent,
  historyFolder,
  type ModelHistory,
  readHistory,
  restoreAlias,
} from "./history.ts";
import {type Recording, requireVersion} from "./promotion.ts";

export interface RollbackOptions extends Recording {
  /** A champion of before; by default the one before this one. */
  readonly to?: string;
  readonly reason: string;
}

/**
 * Makes a champion of before the champion again. It passed its gates then; they are not asked again.
 *
 * @throws {RangeError} if there is none to go back to, or the version named was never champion
 * @throws {Error} if its files are damaged, or another became champion meanwhile
 */
export async function rollBack(
  store: ObjectStore,
  name: string,
  {to, reason, createdAt, run}: RollbackOptions,
): Promise<Chained<Decision>> {
  const before = await readHistory(store, name);
  const version = to ?? before.succession.at(-2);
  requireFormerChampion(before, version);
  await readArtifact(store, name, version); // throws where a byte of it is not what was registered
  const record = await appendToChain<HistoryEvent>(store, historyFolder(name), {
    createdAt,
    decide(records) {
      const {champion} = foldHistory(name, {records});
      if (champion !== before.champion)
        throw new Error(
          `Cannot roll back ${name} from ${before.champion}: ${champion} became the champion meanwhile. Look at its history and decide again`,
        );
      return {event: "rolled_back", version, previous: before.champion ?? null, run, by: "rollback", reason};
    },
  });
  await restoreAlias(store, name);
  return record as Chained<Decision>;
}

function requireFormerChampion(
  history: ModelHistory,
  version: string | undefined,
): asserts version is string {
  const {name, champion, versions} = history;
  if (version === undefined)
    throw new RangeError(
      `Cannot roll back ${name}: ${champion ? `no champion came before ${champion}` : "it has no champion"}`,
    );
  requireVersion(history, version);
  if (version === champion)
    throw new RangeError(`Cannot roll back ${name} to ${version}: it is the champion`);
  if (versions.some((known) => known.version === version && known.stage === "archived")) return;
  throw new RangeError(
    `Cannot roll back ${name} to ${version}: it was never champion. Use promote, which asks its gates`,
  );
}
