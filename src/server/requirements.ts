// May the model be asked this row? What it cannot do without must be known, and lead to a number that means something.

import {annualizedVolatility} from "../units.ts";
import {type FeatureTrace, missingRoots} from "./featureTrace.ts";
import type {Origin} from "./originDay.ts";
import {Problem} from "./problem.ts";
import {MAIN_HORIZON} from "./schemas.ts";

type Row = Readonly<Record<string, number>>;

/**
 * Annualised volatilities beyond which inputs, not markets, are at fault: 0.1 % and 1000 %. SPY's five sessions lay
 * between 0.9 % (after 1996-09-20) and 134 % (after 2020-03-11).
 */
const LEAST_VOLATILITY = 0.001;
const LARGEST_VOLATILITY = 10;

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
  });
}

/** @throws {Problem} impossible-value where a feature that the model reads overflows */
export function requireFinite(
  row: Row,
  {used, trace, at}: {readonly used: readonly string[]; readonly trace: FeatureTrace; readonly at: string},
): void {
  const infinite = used.filter((name) => !Number.isFinite(row[name]!) && !Number.isNaN(row[name]!));
  if (infinite.length === 0) return;
  throw new Problem("impossible-value", {
    field: inside(at, `feature_vector.${trace.reaching[0]}`),
    detail: `The features sent (${trace.reaching.join(", ")}) make ${infinite.join(", ")} infinite`,
    remedy: "Send values of the size that GET /model/info gives as the training support",
  });
}

/** @throws {Problem} implausible-forecast where no market could be so calm or so wild */
export function requirePlausible(
  volatility: number,
  {trace, sent, at}: {readonly trace: FeatureTrace; readonly sent: Row; readonly at: string},
): void {
  const annual = annualizedVolatility(volatility, MAIN_HORIZON);
  if (annual >= LEAST_VOLATILITY && annual <= LARGEST_VOLATILITY) return;
  throw new Problem("implausible-forecast", {
    field: inside(at, "feature_vector"),
    detail: `The features lead to an annualised volatility of ${(100 * annual).toPrecision(3)} %, outside ${
      100 * LEAST_VOLATILITY
    } % to ${100 * LARGEST_VOLATILITY} %`,
    remedy: `Check the units of ${trace.reaching.map((name) => `${name} = ${sent[name]}`).join(", ")}: GET /model/info gives them`,
  });
}

function inside(at: string, field: string): string {
  return at ? `${at}.${field}` : field;
}
