// By which steps did one forecast become the next? It imports nothing, so that a page runs the same function.

/** A forecast taken apart: ln(volatility) = base + sum of the contributions. */
export interface Parts {
  readonly base: number;
  readonly contributions: readonly {readonly feature: string; readonly shap: number}[];
}

/** One step from a forecast to the next. */
export interface Bar {
  /** The feature whose value changed; `NEW_FIT` where the model did. */
  readonly feature: string;
  /** Part of the change of ln(volatility). */
  readonly change: number;
  /** Part of the change of the volatility, in its own unit; times the same factor where it is annualised. */
  readonly points: number;
}

/** The bar of a refit: the same inputs under the new coefficients and trees. */
export const NEW_FIT = "(new fit)";

/**
 * The steps from one forecast to the next, each exact: changes sum to the change of ln(volatility), points to
 * the change of the volatility. A point is the change times the logarithmic mean of the two volatilities,
 * (b - a) / ln(b / a): Ang (2005), LMDI I.
 *
 * Across a refit the earlier row is restated: explained by the new fit. What differs between the restated
 * parts and the later ones is changed inputs; what differs between the restated forecast and the earlier one
 * is the new fit. Without the restatement the bar of the new fit is the change of the base alone, and each
 * feature's bar holds its new coefficients beside its new value.
 *
 * @param restated the earlier session under the later one's fit, where the fit changed in between
 * @returns bars that are not 0, the largest first
 */
export function bridgeForecast(before: Parts, after: Parts, restated?: Parts): Bar[] {
  const from = restated ?? before;
  const known = new Map(from.contributions.map(({feature, shap}) => [feature, shap]));
  const changes = after.contributions.map(({feature, shap}): [string, number] => {
    const change = shap - (known.get(feature) ?? 0);
    known.delete(feature);
    return [feature, change];
  });
  for (const [feature, shap] of known) changes.push([feature, -shap]);
  // A fit has one base for all its rows: what is left of the bases' difference belongs to the new fit too.
  const refit = restated
    ? logOf(restated) - logOf(before) + (after.base - restated.base)
    : after.base - before.base;
  changes.push([NEW_FIT, refit]);
  const weight = logarithmicMean(
    Math.exp(logOf(before)),
    changes.reduce((sum, [, change]) => sum + change, 0),
  );
  return changes
    .filter(([, change]) => change !== 0)
    .map(([feature, change]) => ({feature, change, points: change * weight}))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.feature < b.feature ? -1 : 1));
}

function logOf({base, contributions}: Parts): number {
  return contributions.reduce((sum, {shap}) => sum + shap, base);
}

// (b - a) / ln(b / a) for b = a exp(change); a itself where they are equal.
function logarithmicMean(a: number, change: number): number {
  return change === 0 ? a : (a * Math.expm1(change)) / change;
}
