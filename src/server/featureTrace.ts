// By which ways do the features a client sends, and those of the lake, reach the model?

import {catalogue} from "../features/catalogue.ts";
import {type Feature, isDerived} from "../features/feature.ts";

const BY_NAME: ReadonlyMap<string, Feature> = new Map(catalogue.map((entry) => [entry.name, entry]));

/** Names in the catalogue's order. */
export interface FeatureTrace {
  /** Sent, and it moves something that the model reads. */
  readonly reaching: readonly string[];
  /** Sent, and the model's answer is the same whatever its value. */
  readonly idle: readonly string[];
  /** Recomputed, as something they are derived from was sent. */
  readonly derived: readonly string[];
  /** Taken as they stand on the session: read by the model, or by what is recomputed. */
  readonly standing: readonly string[];
}

/**
 * Follows each of the model's features to its inputs, as far as something sent changes it. A sent feature whose
 * every way is cut off by another sent one is idle too.
 *
 * @param used the features that the model reads
 * @param sent the names of those that were sent
 */
export function traceFeatures(used: readonly string[], sent: ReadonlySet<string>): FeatureTrace {
  const reaching = new Set<string>();
  const derived = new Set<string>();
  const standing = new Set<string>();
  const known = new Map<string, boolean>();

  function moves(name: string): boolean {
    const moved = known.get(name) ?? visit(name);
    known.set(name, moved);
    return moved;
  }

  function visit(name: string): boolean {
    if (sent.has(name)) {
      reaching.add(name);
      return true;
    }
    const inputs = inputsOf(name);
    const moved = inputs.filter(moves);
    if (moved.length === 0) return false;
    derived.add(name);
    for (const input of inputs) if (!moved.includes(input)) standing.add(input);
    return true;
  }

  for (const name of used) if (!moves(name)) standing.add(name);
  const ordered = (names: ReadonlySet<string>) => [...BY_NAME.keys()].filter((name) => names.has(name));
  return {
    reaching: ordered(reaching),
    idle: ordered(sent).filter((name) => !reaching.has(name)),
    derived: ordered(derived),
    standing: ordered(standing),
  };
}

/** The market's features that would make a missing one known, itself where it is one of them. */
export function missingRoots(name: string, row: Readonly<Record<string, number>>): string[] {
  const absent = inputsOf(name).filter((input) => Number.isNaN(row[input] ?? Number.NaN));
  return absent.length === 0 ? [name] : [...new Set(absent.flatMap((input) => missingRoots(input, row)))];
}

/** Features from which at least one of the model's can be moved: its own and all they are derived from. */
export function reachingFeatures(used: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    inputsOf(name).forEach(visit);
  };
  used.forEach(visit);
  return [...BY_NAME.keys()].filter((name) => found.has(name));
}

function inputsOf(name: string): readonly string[] {
  const entry = BY_NAME.get(name);
  return entry && isDerived(entry) ? entry.inputs : [];
}
