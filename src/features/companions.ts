// Which features can be computed where the target has only some of the other series beside it?

import type {MarketRole} from "../market/align.ts";
import {catalogue} from "./catalogue.ts";
import {type Feature, isDerived} from "./feature.ts";

/** The series beside the target's that a feature cannot be computed without, those of its inputs included. */
export function companionsOf(entry: Feature, entries: readonly Feature[] = catalogue): Set<MarketRole> {
  if (!isDerived(entry)) return new Set(entry.companions);
  const inputs = entry.inputs.map((name) => {
    const input = entries.find((candidate) => candidate.name === name);
    if (!input) throw new RangeError(`Cannot tell what ${entry.name} needs: ${name} is not in the catalogue`);
    return input;
  });
  return new Set(inputs.flatMap((input) => [...companionsOf(input, entries)]));
}

/**
 * The features that are known where only these series stand beside the target's; the others are missing on every
 * session. VIX's level and its changes are not there without VIX, its term structure not without VIX or VIX3M.
 */
export function featuresWith(
  companions: Iterable<MarketRole>,
  entries: readonly Feature[] = catalogue,
): Feature[] {
  const there = new Set(companions);
  return entries.filter((entry) => [...companionsOf(entry, entries)].every((role) => there.has(role)));
}
