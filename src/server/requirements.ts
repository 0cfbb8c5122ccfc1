// May the model be asked this row? What it cannot do without must be known, and lead to a number that means something.

import {annualizedVolatility} from "../units.ts";
import {type FeatureTrace, missingRoots} from "./featureTrace.ts";
import type {Origin} from "./originDay.ts";
import {Problem} from "./problem.ts";
import {MAIN_HORIZON} from "./schemas.ts";

type Row = Readonly<Record<string, number>>;

/**
 * Annualised volatilities beyond which inputs, not markets, are at fault: 1 % and 500 %. SPY's five sessions lay
 * between 0.9 % (after 1996-09-20) and 134 % (after 2020-03-11).
 */
const LEAST_VOLATILITY = 0.01;
const LARGEST_VOLATILITY = 5;

/** How far outside its training range a value may lie, in widths of that range. */
const MOST_WIDTHS = 1;

/** @throws {Problem} missing-features, naming each and what would supply it */
export function requireKnown(
  row: Row,
  {needed, origin, at}: {readonly needed: readonly string[]; readonly origin: Origin; readonly at: string},
): void {
  const missing = needed.filter((name) => Number.isNaN(row[name]!));
  if (missing.length === 0) return;
  const roots = [...new Set(missing.flatMap((name) => missingRoots(name, row)))];
  const {absence} = origin;
  throw new Problem("missing-features", {
    field: inside(at, absence ? "as_of_date" : "feature_vector"),
    detail: `${absence ? `${absence.detail}, and the` : "The"} model needs ${missing.join(", ")}, which ${
      absence ? "the request lacks" : "neither the request nor features_daily has"
    }`,
    remedy: `${absence ? `${absence.remedy}; or send` : "Send"} ${roots.join(", ")}, or what is derived from them`,
    features: missing,
  });
}

/**
 * Trees answer any value beyond their last threshold alike, so a value in the wrong unit would pass unseen. What the
 * lake holds has happened, and passes.
 *
 * @param options.support smallest and largest value in training, by feature
 * @throws {Problem} beyond-training where a feature that was sent, or follows from one, lies absurdly far from training
 */
export function requireWithinReach(
  row: Row,
  {
    support,
    trace,
    sent,
    at,
  }: {
    readonly support: ReadonlyMap<string, readonly [number, number]>;
    readonly trace: FeatureTrace;
    readonly sent: Row;
    readonly at: string;
  },
): void {
  const far = [...trace.reaching, ...trace.derived].filter((name) => {
    const [low, high] = support.get(name) ?? [-Infinity, Infinity];
    const reach = MOST_WIDTHS * (high - low);
    return row[name]! < low - reach || row[name]! > high + reach;
  });
  if (far.length === 0) return;
  throw new Problem(
    "beyond-training",
    far.map((name) => {
      const [low, high] = support.get(name)!;
      return {
        field: inside(at, "feature_vector"),
        detail: `${name} would be ${digits(row[name]!)}: the model was trained on ${digits(low)} to ${digits(high)}`,
        remedy: unitsToCheck(trace, sent),
      };
    }),
  );
}

/** @throws {Problem} implausible-forecast where no market could be so calm or so wild */
export function requirePlausible(
  volatility: number,
  {trace, sent, at}: {readonly trace: FeatureTrace; readonly sent: Row; readonly at: string},
): void {
  const annual = annualizedVolatility(volatility, MAIN_HORIZON);
  const happened = trace.reaching.length === 0 && Number.isFinite(annual);
  if (happened || (annual >= LEAST_VOLATILITY && annual <= LARGEST_VOLATILITY)) return;
  throw new Problem("implausible-forecast", {
    field: inside(at, "feature_vector"),
    detail: `The features lead to an annualised volatility of ${(100 * annual).toPrecision(3)} %, outside ${
      100 * LEAST_VOLATILITY
    } % to ${100 * LARGEST_VOLATILITY} %`,
    remedy: unitsToCheck(trace, sent),
  });
}

function unitsToCheck(trace: FeatureTrace, sent: Row): string {
  const values = trace.reaching.map((name) => `${name} = ${digits(sent[name]!)}`);
  return `Check the units of ${values.join(", ")}: GET /model/info gives them`;
}

function inside(at: string, field: string): string {
  return at ? `${at}.${field}` : field;
}

/** Four digits tell a person how large a value is. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
