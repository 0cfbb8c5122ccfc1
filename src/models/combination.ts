// What is a combination of forecasts? Weights for its members, from what has become known of them.

import {minimizeOnSimplex} from "../math/simplex.ts";

/** What a combination may learn from: past forecasts whose outcome is known, oldest first. */
export interface TrackRecord {
  /** Variance forecasts over the horizon, a column a member. */
  readonly variance: readonly Float64Array[];
  /** QLIKE of each of these. */
  readonly loss: readonly Float64Array[];
  /** Variance that came, > 0. */
  readonly actual: Float64Array;
}

export const COMBINATION_KINDS = ["mean", "log_mean", "inverse_loss", "stacked", "leader"] as const;
export type CombinationKind = (typeof COMBINATION_KINDS)[number];

/** How members become one forecast: the weighted mean, or exp of the weighted mean of logs. */
export type Pool = "linear" | "log";

export interface CombinationEntry {
  readonly title: string;
  /** How the forecast is made, in one line; f(k) is member k's variance forecast. */
  readonly equation: string;
  readonly source: string;
  readonly pool: Pool;
  /** One weight a member, none negative, summing to 1; null where they are equal whatever is known. */
  readonly weigh: ((record: TrackRecord) => Float64Array) | null;
}

export interface Combination extends CombinationEntry {
  readonly name: string;
  readonly kind: CombinationKind;
  /** Models, or combinations made before this one. */
  readonly members: readonly string[];
}

/** A past loss counts .95 of one a quarter later. Stock and Watson (2004), the middle of their three. */
const DISCOUNT_A_SESSION = 0.95 ** (1 / 63);

export const combinationKinds: Readonly<Record<CombinationKind, CombinationEntry>> = {
  mean: {
    title: "Mean of the members",
    equation: "variance = mean of f(k)",
    source: "Bates and Granger (1969)",
    pool: "linear",
    weigh: null,
  },
  log_mean: {
    title: "Mean of the members in logs",
    equation: "ln variance = mean of ln f(k)",
    source: "Clemen (1989), Genest and Zidek (1986)",
    pool: "log",
    weigh: null,
  },
  inverse_loss: {
    title: "Weights by past losses",
    equation: "variance = sum of w(k) f(k), w(k) proportional to 1 / discounted mean QLIKE",
    source: "Bates and Granger (1969), Stock and Watson (2004)",
    pool: "linear",
    weigh: inverseLossWeights,
  },
  stacked: {
    title: "Weights that would have been best",
    equation: "ln variance = sum of w(k) ln f(k), w >= 0, sum 1, least QLIKE of the past",
    source: "Wolpert (1992), Breiman (1996)",
    pool: "log",
    weigh: stackedWeights,
  },
  leader: {
    title: "The member that has led so far",
    equation: "variance = f(k) of the member with the least mean QLIKE of the past",
    source: "Hannan (1957), follow the leader",
    pool: "log", // while too little is known; one member alone is itself in either pool
    weigh: leaderWeights,
  },
};

/**
 * The combination of a name, a kind and its members.
 *
 * @throws {RangeError} if there are fewer than two members, or one twice
 */
export function createCombination({
  name,
  kind,
  members,
}: Pick<Combination, "name" | "kind" | "members">): Combination {
  const twice = members.find((member, k) => members.indexOf(member) !== k);
  if (members.length < 2 || twice !== undefined) {
    throw new RangeError(
      `Cannot combine forecasts as ${name}: members must be two or more, each once, ` +
        `current value is ${members.join(", ") || "none"}`,
    );
  }
  return {...combinationKinds[kind], name, kind, members};
}

/** Weights proportional to 1 / the mean QLIKE, where a loss counts the less the longer ago it was. */
export function inverseLossWeights({loss}: TrackRecord): Float64Array {
  return normalized(loss.map((own) => 1 / discountedMean(own)));
}

/** All weight to the least mean QLIKE; the first of equals. */
export function leaderWeights({loss}: TrackRecord): Float64Array {
  const means = loss.map((own) => own.reduce((sum, value) => sum + value, 0) / own.length);
  const best = means.indexOf(Math.min(...means));
  return Float64Array.from(loss, (_, k) => (k === best ? 1 : 0));
}

/**
 * The weights of the log pool with the least mean QLIKE over the past: with x(k) = ln f(k) they minimise the
 * mean of y exp(-sum w(k) x(k)) + sum w(k) x(k), which is convex, so that the least is one.
 */
export function stackedWeights({variance, actual}: TrackRecord): Float64Array {
  const width = variance.length;
  const rows = actual.length;
  const logs = new Float64Array(rows * width); // row-major: the loops below take a row at a time
  variance.forEach((forecasts, k) => {
    for (let t = 0; t < rows; t++) logs[t * width + k] = Math.log(forecasts[t]!);
  });
  return minimizeOnSimplex((weights) => {
    let value = 0;
    const gradient = new Float64Array(width);
    const hessian = new Float64Array(width * width);
    for (let t = 0, row = 0; t < rows; t++, row += width) {
      let pooled = 0;
      for (let k = 0; k < width; k++) pooled += weights[k]! * logs[row + k]!;
      const ratio = actual[t]! * Math.exp(-pooled); // y / f
      value += ratio + pooled;
      for (let k = 0; k < width; k++) {
        const x = logs[row + k]!;
        gradient[k]! += (1 - ratio) * x;
        const curved = ratio * x;
        for (let j = 0; j <= k; j++) hessian[k * width + j]! += curved * logs[row + j]!;
      }
    }
    for (let k = 0; k < width; k++)
      for (let j = 0; j < k; j++) hessian[j * width + k] = hessian[k * width + j]!;
    const mean = (sum: number): number => sum / rows;
    return {value: mean(value), gradient: gradient.map(mean), hessian: hessian.map(mean)};
  }, width);
}

function discountedMean(losses: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (const loss of losses) {
    sum = DISCOUNT_A_SESSION * sum + loss;
    total = DISCOUNT_A_SESSION * total + 1;
  }
  return sum / total;
}

function normalized(scores: readonly number[]): Float64Array {
  const total = scores.reduce((sum, score) => sum + score, 0);
  return Float64Array.from(scores, (score) => score / total);
}
