// Which lake is in a folder, for whoever reads it and must not change it?
import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {bucketRoot} from "./bucketRoot.ts";
import {type Lake, openLake} from "./lake.ts";
import {rootBelow, storeAt} from "./lakeRoot.ts";
import {manifestKey} from "./manifest.ts";
import type {ObjectStore} from "./objectStore.ts";

/** What can be asked of a lake without changing it. */
export type LakeReader = Pick<Lake, "store" | "contract" | "manifest" | "read" | "readVintage">;

export interface LakeFolder extends LakeReader {
  /** Its name: yahoo, csv or sample, or that of another target's lake, such as csv-QQQ. */
  readonly source: string;
  /** Its folder, <dataDir>/<name>. */
  readonly folder: string;
}

/**
 * The lake of a source, for reading: whatever would write to it throws.
 *
 * @param dataDir the folder of the lakes, as DATA_DIR names it; for s3:// see `findLake`
 * @param source yahoo, csv, sample, or the name of another target's lake (`lakeName`); "auto" is the one of yahoo, csv
 *   and sample whose newest run has the latest NOW
 * @throws {Error} if there is no such lake, naming those there are
 */
export function openLakeFolder(dataDir: string, source: string = "auto"): LakeFolder {
  if (bucketRoot(dataDir)) {
    throw new RangeError(`Cannot open ${dataDir} as a folder: it is in a bucket; use await findLake(…)`);
  }
  return chooseLake(dataDir, {source, sources: sourcesIn(dataDir)});
}

/**
 * The same for any DATA_DIR, s3://bucket/prefix too. In a bucket "auto" is one of yahoo, csv and sample.
 *
 * @throws {Error} if there is no such lake, or the bucket cannot be read
 */
export async function findLake(dataDir: string, source: string = "auto"): Promise<LakeFolder> {
  if (!bucketRoot(dataDir)) return openLakeFolder(dataDir, source);
  const names = source === "auto" ? ["yahoo", "csv", "sample"] : [source];
  const found: FoundLake[] = [];
  for (const name of names) {
    const store = storeAt(rootBelow(dataDir, name));
    const {size} = await store.sizes([manifestKey("raw.market")]);
    if (size > 0) found.push({name, run: (await store.list("runs")).at(-1)?.key.slice("runs/".length) ?? ""});
  }
  return chooseLake(dataDir, {source, sources: lastFirst(found)});
}

function chooseLake(
  dataDir: string,
  {source, sources}: {readonly source: string; readonly sources: readonly string[]},
): LakeFolder {
  const chosen =
    source === "auto" ? sources.find((name) => !name.includes("-")) : sources.find((name) => name === source);
  if (!chosen) {
    const [wanted, how] =
      source === "auto"
        ? ["a lake", "make report"]
        : [`the lake of ${source}`, `make report SOURCE=${source}`];
    const found = sources.length > 0 ? `it has ${sources.join(", ")}` : "it has none";
    throw new Error(
      `Cannot open ${wanted} in ${dataDir}: ${found}. Run "${how}", or name the folder that DATA_DIR named`,
    );
  }
  const folder = rootBelow(dataDir, chosen);
  const store = forReading(storeAt(folder), folder);
  const {contract, manifest, read, readVintage} = openLake({store});
  return {source: chosen, folder, store, contract, manifest, read, readVintage};
}

interface FoundLake {
  readonly name: string;
  readonly run: string;
}

/** The sources that have a lake, the one that ran last first. */
function sourcesIn(dataDir: string): string[] {
  if (!existsSync(dataDir)) return [];
  return lastFirst(
    readdirSync(dataDir)
      .filter((name) => existsSync(join(dataDir, name, manifestKey("raw.market"))))
      .map((name) => ({name, run: newestRun(join(dataDir, name, "runs"))})),
  );
}

function lastFirst(found: readonly FoundLake[]): string[] {
  return [...found]
    .sort((a, b) => (a.run === b.run ? a.name.localeCompare(b.name) : a.run < b.run ? 1 : -1))
    .map(({name}) => name);
}

// A run's id is its NOW in digits: the order of names is the order of time.
function newestRun(folder: string): string {
  return existsSync(folder) ? (readdirSync(folder).sort().at(-1) ?? "") : "";
}

function forReading(store: ObjectStore, folder: string): ObjectStore {
  const refuse = async (key: string): Promise<never> => {
    throw new Error(`Cannot write ${key}: ${folder} was opened for reading.`);
  };
  return {
    ...store,
    putIfAbsent: refuse,
    putAllIfAbsent: () => refuse("a batch of files"),
    replace: refuse,
    remove: refuse,
  };
}
