// What is the mean in logs of several models of logs? Again one of them.

import {sumTrees} from "./gbdt/ensemble.ts";
import type {BoostedTrees} from "./gbdt/tree.ts";
import type {LinearFit} from "./linear.ts";
import type {BoostedPart, LogFit} from "./logFit.ts";
import {fromPlainTrees, toPlainTrees} from "./plainTrees.ts";

export interface WeightedFit {
  readonly fit: LogFit;
  readonly weight: number;
}

/**
 * The fit whose forecasts are the weighted geometric mean of those of its parts: ln f = sum_k w_k ln f_k, for the
 * variance and for the volatility. Its regression is the weighted sum of theirs, its trees are all of theirs with
 * scaled leaves: so it is explained, published and served like any other.
 *
 * @param parts weights above 0 that sum to 1
 * @throws {RangeError} if the weights do not
 */
export function logMean(parts: readonly WeightedFit[]): LogFit {
  return createLogMeans()(parts);
}

/** logMean() for many means that share parts: the trees of the same parts with the same weights are added up once. */
export function createLogMeans(): (parts: readonly WeightedFit[]) => LogFit {
  let last: {parts: readonly Weighted<BoostedPart>[]; sum: BoostedPart | null} | undefined;
  return (parts) =>
    meanOf(parts, (boosted) => {
      if (!last || !isSame(last.parts, boosted)) last = {parts: boosted, sum: sumBoosted(boosted)};
      return last.sum;
    });
}

function meanOf(
  parts: readonly WeightedFit[],
  addUp: (parts: readonly Weighted<BoostedPart>[]) => BoostedPart | null,
): LogFit {
  const total = parts.reduce((sum, {weight}) => sum + weight, 0);
  if (!(Math.abs(total - 1) < 1e-9) || parts.some(({weight}) => !(weight > 0))) {
    throw new RangeError(
      `Cannot take a mean of fits: the weights must be > 0 and sum to 1, they are ${parts.map(({weight}) => weight).join(", ")}`,
    );
  }
  if (parts.length === 1) return parts[0]!.fit;
  return {
    linear: sumLinear(parts.flatMap(({fit, weight}) => (fit.linear ? [{part: fit.linear, weight}] : []))),
    boosted: addUp(parts.flatMap(({fit, weight}) => (fit.boosted ? [{part: fit.boosted, weight}] : []))),
    retransformation: {
      variance: geometric(parts, "variance"),
      volatility: geometric(parts, "volatility"),
    },
  };
}

function isSame(one: readonly Weighted<BoostedPart>[], other: readonly Weighted<BoostedPart>[]): boolean {
  return (
    one.length === other.length &&
    one.every(({part, weight}, k) => part === other[k]!.part && weight === other[k]!.weight)
  );
}

interface Weighted<Part> {
  readonly part: Part;
  readonly weight: number;
}

function sumLinear(parts: readonly Weighted<LinearFit>[]): LinearFit | null {
  if (parts.length === 0) return null;
  const features = [...new Set(parts.flatMap(({part}) => part.features))];
  const terms = features.map((name) => {
    let coefficient = 0;
    let mean = 0;
    let share = 0;
    for (const {part, weight} of parts) {
      const at = part.features.indexOf(name);
      if (at < 0) continue;
      coefficient += weight * part.coefficients[at]!;
      mean += weight * part.means[at]!;
      share += weight;
    }
    return {coefficient, mean: mean / share};
  });
  return {
    features,
    intercept: parts.reduce((sum, {part, weight}) => sum + weight * part.intercept, 0),
    coefficients: terms.map(({coefficient}) => coefficient),
    means: terms.map(({mean}) => mean),
  };
}

function sumBoosted(parts: readonly Weighted<BoostedPart>[]): BoostedPart | null {
  if (parts.length === 0) return null;
  const features = [...new Set(parts.flatMap(({part}) => part.features))];
  const trees: BoostedTrees = sumTrees(
    parts.map(({part, weight}) => ({
      trees: fromPlainTrees(part.trees),
      weight,
      columns: part.features.map((name) => features.indexOf(name)),
    })),
    features.length,
  );
  return {features, trees: toPlainTrees(trees)};
}

function geometric(parts: readonly WeightedFit[], factor: "variance" | "volatility"): number {
  return Math.exp(
    parts.reduce((sum, {fit, weight}) => sum + weight * Math.log(fit.retransformation[factor]), 0),
  );
}
