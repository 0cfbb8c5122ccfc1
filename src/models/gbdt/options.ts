// What may a fit be asked for?

import type {Matrix} from "../../math/matrix.ts";
import {MAX_BINS} from "./binning.ts";
import type {LossName} from "./tree.ts";

export interface BoostOptions {
  /** "squared": half the squared error. "gamma": gamma deviance with a log link, that is QLIKE; targets > 0. */
  readonly loss: LossName;
  readonly trees: number;
  /** Splits between the root and a leaf at most, 1 to 16. */
  readonly depth: number;
  /** Share of a leaf's best value that is added, (0, 1]. */
  readonly learningRate: number;
  /** Least sum of hessians in a leaf: with squared loss and no weights, the number of rows. */
  readonly minLeafWeight: number;
  /** Ridge on leaf values: lambda of Chen and Guestrin (2016). */
  readonly l2: number;
  /** A split must gain more than this, in XGBoost's unit (twice the loss). */
  readonly minGain?: number;
  /** Bins a feature, 2 to 255. */
  readonly bins?: number;
  /** Share of the rows, and of the columns, drawn without replacement for each tree, (0, 1]. */
  readonly rowShare: number;
  readonly columnShare: number;
  /**
   * Rows are drawn in runs of so many, 1 if not given. Where neighbours' labels overlap, as h-day volatilities do,
   * take several h: a single row left out would be known from its neighbours.
   */
  readonly rowBlock?: number;
  readonly seed: number;
  /** One a feature: the prediction may only rise (1) or fall (-1) with it. */
  readonly monotone?: readonly (-1 | 0 | 1)[];
  /** One a row, >= 0. */
  readonly weights?: Float64Array;
  /** The margin each row starts from, on the link's scale: the anchor that the trees correct. */
  readonly offset?: Float64Array;
  /** Stop when `rounds` trees in a row did not lower the validation rows' mean loss, and keep the best number. */
  readonly earlyStopping?: EarlyStopping;
}

export interface EarlyStopping {
  readonly validation: Matrix;
  readonly target: Float64Array;
  readonly offset?: Float64Array;
  readonly rounds: number;
}

/** @throws {RangeError} naming the first thing that cannot be fitted */
export function checkBoostOptions(features: Matrix, target: Float64Array, options: BoostOptions): void {
  const {rows, width} = features;
  requireWhole("trees", options.trees, [1, 1_000_000]);
  requireWhole("depth", options.depth, [1, 16]);
  requireWhole("bins", options.bins ?? MAX_BINS, [2, MAX_BINS]);
  requireWhole("rowBlock", options.rowBlock ?? 1, [1, 1_000_000]);
  requireWhole("seed", options.seed, [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
  requireShare("learningRate", options.learningRate);
  requireShare("rowShare", options.rowShare);
  requireShare("columnShare", options.columnShare);
  requireAtLeastZero("minLeafWeight", options.minLeafWeight);
  requireAtLeastZero("l2", options.l2);
  requireAtLeastZero("minGain", options.minGain ?? 0);
  if (rows < 2) refuse("rows", "2 or more", rows);
  checkTarget("target", target, {rows, loss: options.loss});
  const {weights, offset, monotone, earlyStopping} = options;
  if (weights) {
    checkColumn("weights", weights, {rows, isAllowed: (weight) => weight >= 0, wanted: "finite and >= 0"});
    if (weights.every((weight) => weight === 0)) refuse("weights", "positive in some row", 0);
  }
  if (offset) checkColumn("offset", offset, {rows});
  if (monotone) {
    if (monotone.length !== width)
      refuse("monotone", `one direction for each of ${width} features`, monotone.length);
    for (const direction of monotone)
      if (![-1, 0, 1].includes(direction)) refuse("monotone", "-1, 0 or 1 for each feature", direction);
  }
  if (earlyStopping) checkEarlyStopping(earlyStopping, {width, loss: options.loss});
}

function checkEarlyStopping(stopping: EarlyStopping, {width, loss}: {width: number; loss: LossName}): void {
  const {validation, target, offset, rounds} = stopping;
  requireWhole("earlyStopping.rounds", rounds, [1, 1_000_000]);
  if (validation.width !== width)
    refuse("earlyStopping.validation", `${width} features wide`, validation.width);
  if (validation.rows < 1) refuse("earlyStopping.validation", "1 row or more", validation.rows);
  checkTarget("earlyStopping.target", target, {rows: validation.rows, loss});
  if (offset) checkColumn("earlyStopping.offset", offset, {rows: validation.rows});
}

function checkTarget(name: string, target: Float64Array, {rows, loss}: {rows: number; loss: LossName}): void {
  if (loss === "gamma")
    checkColumn(name, target, {rows, isAllowed: (y) => y > 0, wanted: "finite and > 0 for gamma loss"});
  else checkColumn(name, target, {rows});
}

function checkColumn(
  name: string,
  values: Float64Array,
  {
    rows,
    isAllowed = () => true,
    wanted = "finite",
  }: {
    rows: number;
    isAllowed?: (value: number) => boolean;
    wanted?: string;
  },
): void {
  if (values.length !== rows) refuse(name, `one value for each of ${rows} rows`, values.length);
  const bad = values.findIndex((value) => !(Number.isFinite(value) && isAllowed(value)));
  if (bad >= 0) refuse(`${name} in row ${bad}`, wanted, values[bad]!);
}

function requireWhole(name: string, value: number, [least, most]: [number, number]): void {
  if (!Number.isInteger(value) || value < least || value > most)
    refuse(name, `a whole number from ${least} to ${most}`, value);
}

function requireShare(name: string, value: number): void {
  if (!(value > 0 && value <= 1)) refuse(name, "above 0 and at most 1", value);
}

function requireAtLeastZero(name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) refuse(name, "finite and >= 0", value);
}

function refuse(name: string, wanted: string, value: number): never {
  throw new RangeError(`Cannot fit boosted trees: ${name} must be ${wanted}, current value is ${value}`);
}
