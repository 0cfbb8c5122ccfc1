// Which fits, with which weights, made each forecast of a combination?

import type {RowRange} from "../frame.ts";
import type {Combination} from "../models/combination.ts";
import type {WeightsRefit} from "./combineForecasts.ts";

/** A fit of one model and the rows it forecasts. */
export interface FittedRows {
  readonly rows: RowRange;
  readonly trainedThrough: number; // days since 1970-01-01
}

/** A combination and the weights it had, from each refit to the next. */
export interface WeightedCombination {
  readonly combination: Combination;
  readonly refits: readonly WeightsRefit[];
}

export interface ComposedPart<Fitted extends FittedRows> {
  readonly fitted: Fitted;
  readonly model: string;
  readonly weight: number; // > 0; a run's weights sum to 1
}

/** Consecutive rows that were forecast by the same fits with the same weights. */
export interface ComposedRun<Fitted extends FittedRows> {
  readonly rows: RowRange;
  /** Models, never combinations: the weights of a combination within a combination are multiplied out. */
  readonly parts: readonly ComposedPart<Fitted>[];
  /** The newest of the fits and of the outcomes that the weights have seen. */
  readonly trainedThrough: number;
}

/**
 * Takes a combination of models of logs apart into their fits. A mean in logs of means in logs is one; so is a choice
 * of a single member.
 *
 * @param name the combination
 * @param options.fits of every model among the members, in order of their rows
 * @param options.combinations those among the members, and the combination itself
 * @throws {RangeError} if it averages forecasts in levels, or has a member that is neither
 */
export function composeFits<Fitted extends FittedRows>(
  name: string,
  {
    fits,
    combinations,
  }: {
    readonly fits: ReadonlyMap<string, readonly Fitted[]>;
    readonly combinations: ReadonlyMap<string, WeightedCombination>;
  },
): ComposedRun<Fitted>[] {
  const starts = [...new Set(startsOf(name, {fits, combinations}))].sort((a, b) => a - b);
  const last = Math.max(...[...fits.values()].flatMap((own) => own.map(({rows}) => rows.end)));
  const runs: ComposedRun<Fitted>[] = [];
  for (const [i, start] of starts.entries()) {
    const {parts, lastOutcome} = partsAt(name, start, {fits, combinations});
    if (parts.length === 0) continue; // before the first joint forecast
    const end = Math.min(starts[i + 1] ?? last, ...parts.map(({fitted}) => fitted.rows.end));
    const trainedThrough = Math.max(lastOutcome, ...parts.map(({fitted}) => fitted.trainedThrough));
    const run = {rows: {start, end}, parts: merged(parts), trainedThrough};
    const before = runs.at(-1);
    // A new fit of a member without weight begins nothing new.
    if (before?.rows.end === start && isSame(before, run))
      runs[runs.length - 1] = {...before, rows: {start: before.rows.start, end}};
    else runs.push(run);
  }
  return runs;
}

interface Known<Fitted extends FittedRows> {
  readonly fits: ReadonlyMap<string, readonly Fitted[]>;
  readonly combinations: ReadonlyMap<string, WeightedCombination>;
}

function startsOf<Fitted extends FittedRows>(name: string, known: Known<Fitted>): number[] {
  const own = known.combinations.get(name);
  if (!own) return fitsOf(name, known).map(({rows}) => rows.start);
  return [
    ...own.refits.map(({row}) => row),
    ...own.combination.members.flatMap((member) => startsOf(member, known)),
  ];
}

// The newest outcome counts too that chose among the members of a member: nothing of a forecast is older.
function partsAt<Fitted extends FittedRows>(
  name: string,
  row: number,
  known: Known<Fitted>,
): {parts: ComposedPart<Fitted>[]; lastOutcome: number} {
  const own = known.combinations.get(name);
  if (!own) {
    const fitted = fitsOf(name, known).findLast(({rows}) => rows.start <= row && row < rows.end);
    return {parts: fitted ? [{fitted, model: name, weight: 1}] : [], lastOutcome: 0};
  }
  const {combination, refits} = own;
  const refit = refits.findLast((candidate) => candidate.row <= row);
  if (!refit) return {parts: [], lastOutcome: 0};
  const taken = combination.members.flatMap((member, k) => {
    const weight = refit.weights[k]!;
    return weight > 0 ? [{weight, inner: partsAt(member, row, known)}] : [];
  });
  if (combination.pool === "linear" && taken.length > 1) {
    throw new RangeError(
      `Cannot make one fit of ${name}: it averages variances, and a mean of models of logs must be one of logs; take log_mean, stacked or leader`,
    );
  }
  if (taken.some(({inner}) => inner.parts.length === 0)) return {parts: [], lastOutcome: 0};
  return {
    parts: taken.flatMap(({weight, inner}) =>
      inner.parts.map((part) => ({...part, weight: weight * part.weight})),
    ),
    lastOutcome: Math.max(refit.lastOutcome, ...taken.map(({inner}) => inner.lastOutcome)),
  };
}

function fitsOf<Fitted extends FittedRows>(name: string, {fits}: Known<Fitted>): readonly Fitted[] {
  const own = fits.get(name);
  if (own) return own;
  throw new RangeError(
    `Cannot make one fit of a combination: ${name} is neither a fitted model nor a combination`,
  );
}

function isSame<Fitted extends FittedRows>(one: ComposedRun<Fitted>, other: ComposedRun<Fitted>): boolean {
  return (
    one.trainedThrough === other.trainedThrough &&
    one.parts.length === other.parts.length &&
    one.parts.every(({fitted, weight}, k) => {
      const part = other.parts[k]!;
      return part.fitted === fitted && part.weight === weight;
    })
  );
}

// A model that two members share enters once.
function merged<Fitted extends FittedRows>(parts: readonly ComposedPart<Fitted>[]): ComposedPart<Fitted>[] {
  const byModel = new Map<string, ComposedPart<Fitted>>();
  for (const part of parts) {
    const weight = part.weight + (byModel.get(part.model)?.weight ?? 0);
    byModel.set(part.model, {...part, weight});
  }
  return [...byModel.values()];
}
