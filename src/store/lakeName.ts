// In which lake are a target's tables? Each target has its own, so that nothing of two targets is ever in one.
import {readJson, toJson} from "./lake.ts";
import {manifestKey} from "./manifest.ts";
import type {ObjectStore} from "./objectStore.ts";

const MARK = "target.json";

/** The only target of lakes that were made before they were marked. */
const TARGET_OF_UNMARKED = "SPY";

/**
 * The name of a target's lake: `csv` for the first target of a source, `csv-QQQ` for every other. A character of the
 * symbol that may not stand in a file's name everywhere becomes `_`: `csv-_BVSP`, `csv-EURUSD_X`.
 *
 * @param source yahoo, csv or sample
 * @param storeOf the lake of a name, whether it holds anything or not
 */
export async function lakeName(
  {source, target}: {readonly source: string; readonly target: string},
  storeOf: (name: string) => ObjectStore,
): Promise<string> {
  const first = await targetOf(storeOf(source));
  const own = first === undefined || first === target;
  return own ? source : `${source}-${target.replaceAll(/[^A-Za-z0-9.-]/g, "_")}`;
}

/** The target whose lake this is; undefined where it is still free. */
export async function targetOf(store: ObjectStore): Promise<string | undefined> {
  const mark = await readJson<{target: string}>(store, MARK);
  if (mark) return mark.target;
  return (await store.get(manifestKey("raw.market"))) === undefined ? undefined : TARGET_OF_UNMARKED;
}

/**
 * Makes a free lake the target's; does nothing where it is already. Call it holding the writer's lock.
 *
 * @throws {Error} if it is another target's
 */
export async function claimLake(store: ObjectStore, target: string): Promise<void> {
  const owner = await targetOf(store);
  if (owner === undefined) await store.putIfAbsent(MARK, toJson({target}));
  else if (owner !== target) {
    throw new Error(
      `Cannot write ${target} into this lake: it holds ${owner}. Run again, or choose another DATA_DIR`,
    );
  }
}
