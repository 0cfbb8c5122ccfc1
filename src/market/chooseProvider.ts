// Which source does a run use, and why?

import type {MarketProvider} from "./provider.ts";

export interface SourceOptions {
  readonly yahoo: () => MarketProvider;
  readonly csv: () => MarketProvider;
  readonly sample: () => MarketProvider;
  /** Why Yahoo cannot be used now; undefined if it can. */
  readonly probe: () => Promise<string | undefined>;
}

export interface ChosenProvider {
  readonly provider: MarketProvider;
  /** In words, for the log and the site's banner. */
  readonly reason: string;
}

/** The provider asked for; with "auto" Yahoo if it answers and otherwise the simulated sample. */
export async function chooseProvider(
  source: "auto" | MarketProvider["source"],
  {yahoo, csv, sample, probe}: SourceOptions,
): Promise<ChosenProvider> {
  if (source === "yahoo") return {provider: yahoo(), reason: "Yahoo was asked for"};
  if (source === "csv") return {provider: csv(), reason: "the CSV folder was asked for"};
  if (source === "sample") return {provider: sample(), reason: "the simulated sample was asked for"};
  const failure = await probe();
  if (failure === undefined) return {provider: yahoo(), reason: "Yahoo answered"};
  return {provider: sample(), reason: `Yahoo did not answer (${failure}): using the simulated sample`};
}
