// What are the logarithm of the gamma function and its slope?

/**
 * ln Γ(x), x > 0: Stirling's series after shifting the argument above 10. Abramowitz and Stegun (1964),
 * 6.1.41; relative error below 1e-14.
 */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift += Math.log(z);
    z += 1;
  }
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/**
 * ψ(x) = d ln Γ(x) / dx, x > 0: the asymptotic series after shifting the argument above 10. Abramowitz and
 * Stegun (1964), 6.3.18; absolute error below 1e-14.
 */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift += 1 / z;
    z += 1;
  }
  const w = 1 / (z * z);
  const series = w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w / 132))));
  return Math.log(z) - 0.5 / z - series - shift;
}
