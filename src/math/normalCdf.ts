// How likely is a standard normal below this?

/**
 * Φ(x), the series of Marsaglia (2004), "Evaluating the Normal Distribution": absolute error below 1e-15 for
 * |x| up to 6, and 0 or 1 to that precision beyond 9.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  let before = 0;
  for (let i = 3; sum !== before; i += 2) {
    before = sum;
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
