// The lake's fits of one model, by horizon and by the end of their training span.
import type {LogFit} from "../src/models/logFit.ts";
import {integers, type Table, texts} from "../src/store/table.ts";

export interface StoredFit {
  readonly horizon: number;
  readonly trainedThrough: number; // days since 1970-01-01
  readonly trainingHash: string;
  readonly fit: LogFit;
}

/** Fits of models of log variance, in the order of their horizons and spans. */
export function storedFits(fits: Table): StoredFit[] {
  const horizons = integers(fits, "horizon");
  const trained = integers(fits, "trained_through");
  const hashes = texts(fits, "training_hash");
  return texts(fits, "fit").map((value, row) => ({
    horizon: horizons[row]!,
    trainedThrough: trained[row]!,
    trainingHash: hashes[row]!,
    fit: JSON.parse(value) as LogFit,
  }));
}
