// The lake's fits of one model, by horizon and by the end of their training span.
import {type LogFit, requireLogFit} from "../models/logFit.ts";
import {createLogMeans} from "../models/logMean.ts";
import type {LakeReader} from "../store/lakeFolder.ts";
import {integers, type Table, texts} from "../store/table.ts";
import {isoDate} from "../units.ts";

export interface StoredFit {
  readonly horizon: number;
  readonly trainedThrough: number; // days since 1970-01-01
  readonly trainingHash: string;
  readonly fit: LogFit;
  /** The fits it is put together from; none where it is one of its own. */
  readonly parts: ComposedReference["parts"];
}

/** What is kept of the fit of a combination: which fits it is made of. Plain JSON. */
export interface ComposedReference {
  readonly parts: readonly {
    readonly model: string;
    readonly trained_through: number; // days since 1970-01-01
    readonly weight: number;
  }[];
}

/** A dataset's rows, all or those whose columns have the given texts. */
export type ReadDataset = (dataset: string, equals?: Readonly<Record<string, string>>) => Promise<Table>;

/**
 * Fits of a model of log variance, or of a combination of such, in the order of their horizons and spans.
 *
 * @throws {Error} if a combination's fit refers to one that is not in the lake
 * @throws {RangeError} if the model is not one of logs
 */
export async function storedFits(read: ReadDataset, model: string): Promise<StoredFit[]> {
  const own = rowsOf(await read("fits", {model}));
  const references = own.map(({value}) => value as LogFit | ComposedReference);
  const members = new Set(
    references.flatMap((value) => ("parts" in value ? value.parts : [])).map((part) => part.model),
  );
  const known = new Map<string, LogFit>();
  for (const member of members) {
    for (const {horizon, trainedThrough, value} of rowsOf(await read("fits", {model: member})))
      known.set(`${member} ${horizon} ${trainedThrough}`, requireLogFit(value, member));
  }
  const mean = createLogMeans();
  return own.map(({value, ...stored}) => {
    if (!("parts" in value)) return {...stored, fit: requireLogFit(value, model), parts: []};
    const parts = value.parts.map(({model: member, trained_through, weight}) => {
      const fit = known.get(`${member} ${stored.horizon} ${trained_through}`);
      if (fit) return {fit, weight};
      throw new Error(
        `Cannot compose ${model}: the fit of ${member} trained through ${isoDate(trained_through)} is not in the lake; run walkforward`,
      );
    });
    return {...stored, fit: mean(parts), parts: value.parts};
  });
}

/**
 * The fits of a model of logs, or of a combination of such, that a lake keeps: what `explainForecast` and `forecastLog`
 * take. The last of a horizon makes its newest forecasts.
 *
 * @throws {Error} if the lake has none of this model, or `storedFits` does
 */
export async function readFits(
  lake: LakeReader,
  {model, horizon = 5}: {readonly model: string; readonly horizon?: number},
): Promise<StoredFit[]> {
  const fits = await storedFits((dataset, equals = {}) => lake.read(dataset, {equals}), model);
  const own = fits.filter((fit) => fit.horizon === horizon);
  if (own.length > 0) return own;
  throw new Error(
    `Cannot read fits of ${model} ${horizon} sessions ahead: the lake has none; run "make train", or name a model of its leaderboard`,
  );
}

function rowsOf(fits: Table): (Omit<StoredFit, "fit" | "parts"> & {value: LogFit | ComposedReference})[] {
  const horizons = integers(fits, "horizon");
  const trained = integers(fits, "trained_through");
  const hashes = texts(fits, "training_hash");
  return texts(fits, "fit").map((text, row) => ({
    horizon: horizons[row]!,
    trainedThrough: trained[row]!,
    trainingHash: hashes[row]!,
    value: JSON.parse(text) as LogFit | ComposedReference,
  }));
}
