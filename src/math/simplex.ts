// Which weights, none negative and all summing to one, make a convex function least?

/** A convex function's value, gradient and Hessian (row-major) at some weights. */
export interface Curvature {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** The predicted fall of the value, relative to its size, at which there is nothing left to gain. */
const TOLERANCE = 1e-12;
const MOST_STEPS = 50;
const MOST_SWEEPS = 2000;
const MOST_HALVINGS = 30;

/**
 * The point of the unit simplex with the least value, by Newton steps: each minimises the second-order
 * expansion on the simplex and is halved until the value falls. Bertsekas (2016), section 3.1 and 4.1.
 *
 * @param at the function, convex and twice differentiable; it is asked at points of the simplex
 * @param width number of weights; the search starts where they are equal
 * @throws {RangeError} if the function is not finite at equal weights
 */
export function minimizeOnSimplex(at: (weights: Float64Array) => Curvature, width: number): Float64Array {
  let weights: Float64Array = new Float64Array(width).fill(1 / width);
  let current = at(weights);
  if (!Number.isFinite(current.value)) {
    throw new RangeError(
      `Cannot minimise on the simplex: the value at equal weights must be finite, it is ${current.value}`,
    );
  }
  for (let step = 0; step < MOST_STEPS; step++) {
    const target = minimizeQuadratic(weights, current);
    const direction = target.map((weight, k) => weight - weights[k]!);
    const slope = direction.reduce((sum, d, k) => sum + d * current.gradient[k]!, 0);
    if (!(slope < -TOLERANCE * Math.max(1, Math.abs(current.value)))) break;
    const next = shorten(at, {weights, direction, current, slope});
    if (next === undefined) break;
    ({weights, current} = next);
  }
  return weights;
}

// The first of the steps 1, 1/2, 1/4 ... whose value falls by a part of what the slope promises (Armijo).
function shorten(
  at: (weights: Float64Array) => Curvature,
  from: {weights: Float64Array; direction: Float64Array; current: Curvature; slope: number},
): {weights: Float64Array; current: Curvature} | undefined {
  const {direction, slope} = from;
  for (let halving = 0, length = 1; halving < MOST_HALVINGS; halving++, length /= 2) {
    const weights = from.weights.map((weight, k) => Math.max(0, weight + length * direction[k]!));
    const current = at(weights);
    if (current.value <= from.current.value + 1e-4 * length * slope) return {weights, current};
  }
  return undefined;
}

/** The least of the second-order expansion at `start` on the simplex, by exchanges between pairs of weights. */
function minimizeQuadratic(start: Float64Array, {gradient, hessian}: Curvature): Float64Array {
  const width = start.length;
  const weights = start.slice();
  const slope = gradient.slice(); // of the expansion, at `weights`
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < width; i++) {
      for (let j = i + 1; j < width; j++) {
        const curvature =
          hessian[i * width + i]! +
          hessian[j * width + j]! -
          hessian[i * width + j]! -
          hessian[j * width + i]!;
        const fall = slope[j]! - slope[i]!; // what moving weight from j to i takes away, per unit
        if (fall === 0) continue;
        const free = curvature > 0 ? fall / curvature : Math.sign(fall) * Number.POSITIVE_INFINITY;
        const shift = Math.min(weights[j]!, Math.max(-weights[i]!, free));
        if (shift === 0) continue;
        weights[i]! += shift;
        weights[j]! -= shift;
        for (let k = 0; k < width; k++)
          slope[k]! += shift * (hessian[k * width + i]! - hessian[k * width + j]!);
        moved = Math.max(moved, Math.abs(shift));
      }
    }
    if (moved < TOLERANCE) break;
  }
  return weights;
}
