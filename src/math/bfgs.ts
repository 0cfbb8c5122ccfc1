// Where is a smooth function of a few numbers lowest, given its gradient?

/** The function's value at a point; writes its gradient. A value that is not finite bars the point. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface BfgsOptions {
  /** A first guess of the inverse Hessian, row-major and positive definite. Default: scaled identity. */
  readonly inverseHessian?: Float64Array | undefined;
  /** Stop where a Newton step would lower the value by no more than this. Default 1e-10. */
  readonly tolerance?: number;
  readonly maxIterations?: number; // default 200
  /** No coordinate moves further in one step. Default 2. */
  readonly maxStep?: number;
  /**
   * Coordinates along which the function may have kinks, where `inverseHessian` is known well: near a kink these stay
   * where they are, and the others go on.
   */
  readonly kinked?: readonly number[];
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** The last approximation, row-major; the one given, where coordinates stayed on a kink. */
  readonly inverseHessian: Float64Array;
  /** By how much a Newton step would still lower the value: half g' H^-1 g. */
  readonly predictedDecrease: number;
  readonly iterations: number;
  readonly evaluations: number;
  /**
   * Why it stopped: little is left to gain; no step lowers the value by more than rounding, not even straight
   * downhill; or the iterations are used up. The second is what a minimum on a kink looks like.
   */
  readonly stop: "tolerance" | "no descent" | "iterations";
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const MOST_TRIALS = 40;
/** Where a gradient leaps, the variance that it implies falls below this share of what it was. */
const COLLAPSE = 0.02;
const ROUNDING = 1e-12; // of a value that sums thousands of terms, relative

/**
 * A local minimum by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno with a line search
 * for the weak Wolfe conditions. Nocedal and Wright (2006), algorithm 6.1; Lewis and Overton (2013),
 * algorithm 2.6. Deterministic.
 *
 * @param start where to begin; left as it is
 * @throws {RangeError} if the value or the gradient is not finite at the start
 */
export function bfgs(
  objective: Objective,
  start: Float64Array,
  {inverseHessian, tolerance = 1e-10, maxIterations = 200, maxStep = 2, kinked = []}: BfgsOptions = {},
): Minimum {
  const width = start.length;
  let point = start.slice();
  let gradient = new Float64Array(width);
  let next = new Float64Array(width);
  let nextGradient = new Float64Array(width);
  const direction = new Float64Array(width);
  let value = objective(point, gradient);
  let evaluations = 1;
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite))
    throw new RangeError(`Cannot minimise: the value at the start is ${value}, or its gradient not finite`);
  const h = inverseHessian?.slice() ?? identity(width, gradient);
  let fresh = inverseHessian === undefined; // nothing is known of the curvature yet
  let held = false; // on a kink

  let stop: Minimum["stop"] = "iterations";
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    let slope = descend(direction, h, gradient);
    if (!(slope < 0) && slope !== 0) {
      h.set(identity(width, gradient));
      fresh = true;
      slope = descend(direction, h, gradient);
    }
    if (-slope / 2 <= tolerance) {
      stop = "tolerance";
      break;
    }

    const longest = maxStep / Math.max(...direction.map(Math.abs));
    const found = lineSearch(objective, {point, direction, value, slope, longest, next, nextGradient});
    evaluations += found.trials;
    if (!found.ok) {
      if (-slope / 2 <= ROUNDING * (1 + Math.abs(value))) stop = "tolerance";
      else if (fresh) stop = "no descent";
      if (stop !== "iterations") break;
      h.set(identity(width, gradient)); // the curvature misleads: forget it, and try steepest descent
      fresh = true;
      continue;
    }
    if (found.slope > slope) {
      updateInverse(h, {next, point, nextGradient, gradient, rescale: fresh});
      fresh = false;
    }
    if (inverseHessian && !held && kinked.some((i) => isCollapsed(h, inverseHessian, i * (width + 1)))) {
      hold(h, {at: kinked, width});
      held = true;
    }
    [point, next] = [next, point];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = found.value;
  }
  const predictedDecrease = -descend(direction, h, gradient) / 2;
  return {
    point,
    value,
    gradient,
    inverseHessian: held && inverseHessian ? inverseHessian : h,
    predictedDecrease,
    iterations,
    evaluations,
    stop,
  };
}

interface Line {
  readonly point: Float64Array;
  readonly direction: Float64Array;
  readonly value: number;
  readonly slope: number;
  readonly longest: number;
  readonly next: Float64Array; // overwritten by the point found
  readonly nextGradient: Float64Array;
}

function lineSearch(objective: Objective, {point, direction, value, slope, longest, ...out}: Line) {
  const {next, nextGradient} = out;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let step = Math.min(1, longest);
  let trials = 0;
  while (trials++ < MOST_TRIALS) {
    for (let i = 0; i < next.length; i++) next[i] = point[i]! + step * direction[i]!;
    const found = objective(next, nextGradient);
    if (!(found <= value + SUFFICIENT_DECREASE * step * slope)) {
      if (-step * slope <= ROUNDING * (1 + Math.abs(value))) break; // what it promised is rounding
      high = step;
      step = low > 0 ? (low + high) / 2 : step * shrink((found - value) / (step * slope));
      continue;
    }
    const steepness = dot(nextGradient, direction);
    if (steepness >= CURVATURE * slope || step >= longest)
      return {ok: true, value: found, slope: steepness, trials};
    low = step;
    step = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : Math.min(2 * step, longest);
  }
  return {ok: false, value, slope, trials: Math.min(trials, MOST_TRIALS)};
}

// Where the parabola through the value, the slope and the trial has its lowest point, within [.1, .6].
function shrink(ratio: number): number {
  const lowest = 1 / (2 * (1 - ratio)); // the trial's change is `ratio` of what the slope promised
  return lowest > 0.1 && lowest < 0.6 ? lowest : 0.3;
}

// direction = -H^-1 g; returns the slope along it.
function descend(direction: Float64Array, h: Float64Array, gradient: Float64Array): number {
  const width = gradient.length;
  let slope = 0;
  for (let i = 0; i < width; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum -= h[i * width + j]! * gradient[j]!;
    direction[i] = sum;
    slope += sum * gradient[i]!;
  }
  return slope;
}

function updateInverse(
  h: Float64Array,
  {
    next,
    point,
    nextGradient,
    gradient,
    rescale,
  }: {
    next: Float64Array;
    point: Float64Array;
    nextGradient: Float64Array;
    gradient: Float64Array;
    rescale: boolean;
  },
): void {
  const width = point.length;
  const s = next.map((x, i) => x - point[i]!);
  const y = nextGradient.map((g, i) => g - gradient[i]!);
  const sy = dot(s, y);
  if (!(sy > 0)) return;
  if (rescale) {
    h.fill(0);
    for (let i = 0; i < width; i++) h[i * width + i] = sy / dot(y, y); // Nocedal and Wright (2006), eq. 6.20
  }
  const hy = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) hy[i]! += h[i * width + j]! * y[j]!;
  }
  const both = (1 + dot(hy, y) / sy) / sy;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++)
      h[i * width + j]! += both * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
  }
}

function isCollapsed(h: Float64Array, given: Float64Array, at: number): boolean {
  return h[at]! < COLLAPSE * given[at]!;
}

// No step moves these coordinates from here on: their rows and columns are zero, and updates along the others keep them so.
function hold(h: Float64Array, {at, width}: {at: readonly number[]; width: number}): void {
  for (const i of at) {
    for (let j = 0; j < width; j++) {
      h[i * width + j] = 0;
      h[j * width + i] = 0;
    }
  }
}

// Steepest descent, its first step no longer than one.
function identity(width: number, gradient: Float64Array): Float64Array {
  const h = new Float64Array(width * width);
  const length = Math.sqrt(dot(gradient, gradient));
  for (let i = 0; i < width; i++) h[i * width + i] = 1 / Math.max(length, 1);
  return h;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
