// Which of the lakes under DATA_DIR is served?

import type {Config, Source} from "../config.ts";
import {type Lake, readJson} from "../store/lake.ts";
import {type Commit, commitPrefix} from "../store/manifest.ts";
import {SOURCES} from "./environment.ts";

export interface ChosenLake {
  readonly source: Source;
  readonly lake: Lake;
}

/**
 * The lake of the source asked for; with "auto" the one whose features were written last, and of several as new the
 * first of yahoo, csv, sample.
 *
 * @param open the lake of a source, whether it holds anything or not
 * @returns undefined where no lake holds features yet
 */
export async function chooseLake(
  source: Config["source"],
  open: (source: Source) => Lake | Promise<Lake>,
): Promise<ChosenLake | undefined> {
  const candidates = source === "auto" ? SOURCES : [source];
  let newest: (ChosenLake & {readonly written: number}) | undefined;
  for (const candidate of candidates) {
    const lake = await open(candidate);
    // The newest commit tells what the manifest would, which lists every file of the dataset.
    const commit = (await lake.store.list(commitPrefix("features_daily"))).at(-1);
    if (!commit) continue;
    if (candidates.length === 1) return {source: candidate, lake};
    const written = Date.parse((await readJson<Commit>(lake.store, commit.key))?.committed_at ?? "");
    if (!newest || written > newest.written) newest = {source: candidate, lake, written};
  }
  return newest && {source: newest.source, lake: newest.lake};
}
