// Which of the lakes under DATA_DIR is served?

import type {Config, Source} from "../config.ts";
import type {Lake} from "../store/lake.ts";
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
    const manifest = await lake.manifest("features_daily");
    if (!manifest) continue;
    const written = Date.parse(manifest.committed_at);
    if (!newest || written > newest.written) newest = {source: candidate, lake, written};
  }
  return newest && {source: newest.source, lake: newest.lake};
}
