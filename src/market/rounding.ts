// When do two prices differ by more than the way they were written down?

// Six decimals (an error of 5e-7) or a 32-bit float (6e-8 of the price), on either side: 2e-6 covers both
// and stays below the smallest real difference, a cent, up to a price of 5000.
const TOLERANCE = 2e-6;

/** Whether a is above b beyond rounding. False where either is NaN. */
export function exceeds(a: number, b: number): boolean {
  return a - b > TOLERANCE * Math.max(1, Math.abs(b));
}

/** Whether a and b are one price written twice; NaN equals NaN only. */
export function samePrice(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return !exceeds(a, b) && !exceeds(b, a);
}
