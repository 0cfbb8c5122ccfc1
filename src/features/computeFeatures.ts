// What were the features on each session, known at its close?

import {createFrame, type Frame} from "../frame.ts";
import type {Market} from "../market/align.ts";
import {catalogue} from "./catalogue.ts";
import {type Feature, isDerived} from "./feature.ts";

/**
 * One column a feature, one row a session of the target. Row t depends on rows 0..t of the market
 * alone, down to the last bit. NaN where a feature's window is not full or a value in it is missing.
 *
 * @param entries what to compute; inputs of derived features are taken from the catalogue where absent here
 * @throws {RangeError} if a derived feature's input is nowhere
 */
export function computeFeatures(market: Market, entries: readonly Feature[] = catalogue): Frame {
  const known = new Map([...catalogue, ...entries].map((entry) => [entry.name, entry]));
  const done = new Map<string, Float64Array>();

  function columnOf(name: string): Float64Array {
    const values = done.get(name) ?? compute(name);
    done.set(name, values);
    return values;
  }

  function compute(name: string): Float64Array {
    const entry = known.get(name);
    if (!entry) throw new RangeError(`Cannot compute ${name}: it is not in the catalogue`);
    if (!isDerived(entry)) return entry.compute(market);
    const inputs = entry.inputs.map(columnOf);
    return Float64Array.from(market.sessions, (_, t) => entry.of(...inputs.map((values) => values[t]!)));
  }

  return createFrame(market.sessions, Object.fromEntries(entries.map(({name}) => [name, columnOf(name)])));
}
