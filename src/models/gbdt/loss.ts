// What does the boosting minimise, and what are its first two derivatives in the margin?

import type {LossName} from "./tree.ts";

/** Target values, and what is known of their rows before the first tree. */
export interface Observations {
  readonly target: Float64Array;
  readonly weights?: Float64Array | undefined;
  /** Margin a row starts from. */
  readonly offset?: Float64Array | undefined;
}

export interface Loss {
  /** XGBoost's name for it. */
  readonly objective: string;
  /** Whether all hessians are 1 where no weights are given. */
  readonly unitHessian: boolean;
  /** The best constant prediction in float32: what the trees start from, beside the offset. */
  baseScore(observations: Observations): number;
  /** The margin of a constant prediction, in float32 as XGBoost computes it. */
  baseMargin(baseScore: number): number;
  /** Writes the derivatives by the margin, times the weights; the second ones where they are asked for. */
  differentiate(
    observations: Observations,
    at: {margin: Float64Array; gradient: Float64Array; hessian: Float64Array | undefined},
  ): void;
  /** The mean loss over rows, up to a constant of the target. */
  mean(target: Float64Array, margin: Float64Array): number;
}

/** (y - m)^2 / 2, for a mean on the margin's own scale. */
const squared: Loss = {
  objective: "reg:squarederror",
  unitHessian: true,
  baseScore: (observations) => Math.fround(weightedMean(observations, (y, offset) => y - offset)),
  baseMargin: (baseScore) => baseScore,
  differentiate({target, weights}, {margin, gradient, hessian}) {
    for (let i = 0; i < target.length; i++) gradient[i] = margin[i]! - target[i]!;
    if (weights) for (let i = 0; i < target.length; i++) gradient[i]! *= weights[i]!;
    if (hessian && weights) hessian.set(weights);
    else hessian?.fill(1);
  },
  mean(target, margin) {
    let sum = 0;
    for (let i = 0; i < target.length; i++) sum += (target[i]! - margin[i]!) ** 2 / 2;
    return sum / target.length;
  },
};

/**
 * m + y exp(-m): half the gamma deviance with a log link, up to a constant. With f = exp(m) it is
 * y/f - ln(y/f) - 1, QLIKE (Patton 2011), up to the same: its optimum is the mean of y, not a mean of logs.
 */
const gamma: Loss = {
  objective: "reg:gamma",
  unitHessian: false,
  baseScore: (observations) =>
    clearLogarithm(Math.fround(weightedMean(observations, (y, offset) => y * Math.exp(-offset)))),
  baseMargin: (baseScore) => Math.fround(Math.log(baseScore)),
  differentiate({target, weights}, {margin, gradient, hessian}) {
    for (let i = 0; i < target.length; i++) {
      const weight = weights ? weights[i]! : 1;
      const ratio = target[i]! * Math.exp(-margin[i]!);
      gradient[i] = weight * (1 - ratio);
      if (hessian) hessian[i] = weight * ratio;
    }
  },
  mean(target, margin) {
    let sum = 0;
    for (let i = 0; i < target.length; i++) sum += margin[i]! + target[i]! * Math.exp(-margin[i]!);
    return sum / target.length;
  },
};

export const losses: Readonly<Record<LossName, Loss>> = {squared, gamma};

function weightedMean(
  {target, weights, offset}: Observations,
  value: (y: number, offset: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * value(target[i]!, offset ? offset[i]! : 0);
    total += weight;
  }
  return sum / total;
}

/**
 * The next float32 up whose logarithm is not next to the middle of two floats: C libraries round logf differently
 * there (one argument in a thousand), and XGBoost's margin is to be ours.
 */
function clearLogarithm(score: number): number {
  let candidate = score;
  for (let i = 0; i < 64; i++) {
    const exact = Math.log(candidate);
    const rounded = Math.fround(exact);
    const spacing = 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23);
    if (exact === 0 || Math.abs(exact - rounded) < 0.49 * spacing) return candidate;
    candidate = Math.fround(candidate * (1 + 2 ** -23));
  }
  return score;
}
