// What do the folds of a walk-forward read? Features and outcomes, a row a session.

import {column, type Frame} from "../frame.ts";
import type {MarketTable} from "./walkForward.ts";

const LABEL = /^rv_(\d+)d$/;

/**
 * Features with the outcomes that the labels know of their sessions, as variances; NaN where they know none. The
 * horizons are those of the labels' columns `rv_<h>d`, each with its `range_rv_<h>d`.
 *
 * @throws {RangeError} if a horizon lacks its range label
 */
export function joinLabels(features: Frame, labels: Frame): MarketTable {
  const rowOf = new Map(Array.from(labels.sessions, (day, t) => [day, t]));
  const squared = (name: string) => {
    const values = column(labels, name);
    return Float64Array.from(features.sessions, (day) => (values[rowOf.get(day) ?? -1] ?? Number.NaN) ** 2);
  };
  const horizons = Object.keys(labels.columns).flatMap((name) => LABEL.exec(name)?.[1] ?? []);
  const byHorizon = (prefix: string) =>
    Object.fromEntries(horizons.map((h) => [h, squared(`${prefix}_${h}d`)]));
  return {features, variance: byHorizon("rv"), rangeVariance: byHorizon("range_rv")};
}
