// What exactly is a model handed to learn from?

import {type FoldTask, forecastFold, type MarketTable} from "../evaluation/walkForward.ts";
import {firstDifference} from "../features/lookAhead.ts";
import type {Model, TrainingSet} from "../models/model.ts";

/** The rows, features and labels that a fold's fit is given: taken from the fit's own argument. */
export function trainingSetOf(task: FoldTask, table: MarketTable): TrainingSet {
  let handed: TrainingSet | undefined;
  const witness: Model<null> = {
    name: task.model,
    features: [],
    fit(set) {
      handed = set;
      return null;
    },
    forecast: (_fit, {rows}) => {
      const none = new Float64Array(rows.end - rows.start).fill(Number.NaN);
      return {variance: none, volatility: none};
    },
  };
  forecastFold(task, {model: witness, table});
  return handed!;
}

/** Every array of numbers in a training set, by its place: features.columns.vix, variance, … */
export function trainingArrays(set: TrainingSet): Map<string, Float64Array | Int32Array> {
  const found = new Map<string, Float64Array | Int32Array>();
  const visit = (value: unknown, place: string): void => {
    if (value instanceof Float64Array || value instanceof Int32Array) found.set(place, value);
    else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) visit(part, place ? `${place}.${name}` : name);
    }
  };
  visit(set, "");
  return found;
}

/** How many values were compared, and the earliest row of an array in which two training sets differ. */
export interface TrainingComparison {
  readonly cells: number;
  readonly difference: {readonly row: number; readonly text: string} | null;
}

/** Compares two training sets value by value: arrays, row ranges, horizon, seed. */
export function compareTrainingSets(before: TrainingSet, after: TrainingSet): TrainingComparison {
  const others = trainingArrays(after);
  let cells = 0;
  let difference: TrainingComparison["difference"] = null;
  for (const [place, values] of trainingArrays(before)) {
    cells += values.length;
    const other = others.get(place) ?? new Float64Array(0);
    const end = Math.max(values.length, other.length);
    const row = firstDifference(values, other, end);
    if (row < 0 || (difference && difference.row <= row)) continue;
    difference = {row, text: `${place} was ${values[row] ?? "absent"}, became ${other[row] ?? "absent"}`};
  }
  const plain = [before, after].map(({rows, horizon, seed}) => JSON.stringify({rows, horizon, seed}));
  if (!difference && plain[0] !== plain[1]) {
    difference = {row: before.rows.start, text: `its options were ${plain[0]}, became ${plain[1]}`};
  }
  return {cells, difference};
}
