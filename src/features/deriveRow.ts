// What is a row of features when some of its values are given instead?

import {catalogue} from "./catalogue.ts";
import {type Feature, isDerived} from "./feature.ts";

/**
 * One complete row: a given value wins, a derived feature that is not given is recomputed from the row's
 * other values, and any other is the row's own. Without overrides this is the row computeFeatures made.
 * A derived feature is recomputed even if its input was given against the row's history: `vix: 40` moves
 * log_vix_var and vix_range_ratio, but not vix_ret_1d, which needs yesterday's.
 *
 * @param values one row of computeFeatures; what is absent is NaN
 * @param overrides the values that win
 * @throws {RangeError} if a name in overrides is not in the catalogue
 */
export function deriveRow(
  values: Readonly<Record<string, number>>,
  overrides: Readonly<Record<string, number>> = {},
  {entries = catalogue}: {readonly entries?: readonly Feature[]} = {},
): Record<string, number> {
  const unknown = Object.keys(overrides).filter((name) => !entries.some((entry) => entry.name === name));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot derive features: unknown ${unknown.join(", ")}; known are ${entries.map(({name}) => name).join(", ")}`,
    );
  }
  const row: Record<string, number> = {};
  for (const entry of entries) row[entry.name] = resolve(entry);
  return row;

  function resolve(entry: Feature): number {
    if (Object.hasOwn(overrides, entry.name)) return overrides[entry.name]!;
    if (isDerived(entry)) return entry.of(...entry.inputs.map((name) => row[name] ?? Number.NaN));
    return Object.hasOwn(values, entry.name) ? values[entry.name]! : Number.NaN;
  }
}
