// What is 1 / σ, given ln σ², where every step of a long recursion waits for it?

const PART_BITS = 9;
const PARTS = 1 << PART_BITS;
/** 2^(j / 512). */
const ROOTS = Float64Array.from({length: PARTS}, (_, j) => 2 ** (j / PARTS));
const GREATEST_POWER = 512;
/** 2^(k - 512). */
const POWERS = Float64Array.from({length: 2 * GREATEST_POWER}, (_, k) => 2 ** (k - GREATEST_POWER));

/** Parts in -x / 2. */
const PARTS_PER_UNIT = -PARTS / (2 * Math.LN2);
/** ln 2 / 512 in two: the first of 29 bits, so that its product with a whole number below 2^24 is exact. */
const PART = 0.0013538030834752135;
const PART_REST = 3.5559296845784106e-12;
const ROUND = 1.5 * 2 ** 52; // x + ROUND - ROUND is the whole number next to x

/**
 * e^(-x/2) within 3e-16 of its value, and the same on every engine: 2^(n / 512) from tables, times a polynomial in the
 * rest r = -x/2 - n ln 2 / 512, |r| < .0007. A shorter chain of operations than that of `Math.exp`, which is what a
 * recursion's time consists of. Tang (1989), "Table-driven implementation of the exponential function".
 *
 * @param logVariance between -700 and 700; NaN gives NaN
 */
export function inverseDeviation(logVariance: number): number {
  const whole = logVariance * PARTS_PER_UNIT + ROUND - ROUND;
  const r = -0.5 * logVariance - whole * PART - whole * PART_REST;
  const n = whole | 0;
  const scale = ROOTS[n & (PARTS - 1)]! * POWERS[(n >> PART_BITS) + GREATEST_POWER]!;
  const square = r * r;
  return scale + scale * (r + square * (0.5 + r * (1 / 6) + square * (1 / 24)));
}
