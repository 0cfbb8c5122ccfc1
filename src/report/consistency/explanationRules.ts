// Do the parts of a forecast, of a loss and of an importance make up the whole?

import {integers, numbers, type Table, texts} from "../../store/table.ts";
import {HORIZONS, isoDate} from "../../units.ts";
import {BASE} from "../attribution.ts";
import type {Ledger} from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** Sums of some tens of doubles, against a logarithm. */
const SUM_TOLERANCE = 1e-9;

/** Contributions and base sum to ln(forecast); the drivers named are the largest of them. */
export function checkContributions(
  shap: Table,
  {predictions, ledger}: {readonly predictions: Table; readonly ledger: Ledger},
): void {
  const parts = partsOf(shap);
  const dates = integers(predictions, "date");
  const drivers = predictions.columns.top_drivers as readonly (readonly string[])[];
  for (const horizon of HORIZONS) {
    const forecast = numbers(predictions, `rv_${horizon}d_hat`);
    for (let t = 0; t < predictions.rows; t++) {
      const found = parts.get(`${dates[t]} ${horizon}`);
      if (!found) continue;
      const row = `${isoDate(dates[t]!)} ${horizon}`;
      ledger.equal({
        row,
        what: "the sum of contributions",
        found: found.sum,
        expected: Math.log(forecast[t]!),
        because: "ln(forecast)",
        tolerance: SUM_TOLERANCE,
      });
      if (horizon !== 5) continue;
      const named = drivers[t]!;
      const least = Math.min(...named.map((name) => found.sizes.get(name) ?? Number.NaN));
      const others = [...found.sizes].filter(([name]) => !named.includes(name)).map(([, size]) => size);
      ledger.atMost({
        row,
        what: "the largest contribution of an unnamed feature",
        found: Math.max(0, ...others),
        expected: least,
        because: `the least of the drivers ${named.join(", ")}`,
      });
    }
  }
}

/** A mean over all forecasts is made of its years'. */
export function checkImportance(rows: readonly Row[], ledger: Ledger): void {
  for (const [key, own] of Map.groupBy(rows, ({horizon, feature}) => `${horizon} ${feature}`)) {
    const all = own.find(({period}) => period === "all");
    const years = own.filter(({period}) => period !== "all");
    if (!all || years.length === 0) continue;
    const n = years.reduce((sum, year) => sum + (year.n as number), 0);
    const total = years.reduce((sum, year) => sum + (year.n as number) * (year.mean_abs_shap as number), 0);
    ledger.equal({row: key, what: "n", found: all.n as number, expected: n, because: "the sum over years"});
    ledger.equal({
      row: key,
      what: "mean_abs_shap",
      found: all.mean_abs_shap as number,
      expected: total / n,
      because: "the mean of its years'",
    });
  }
}

/** Shares of the groups sum to what all of them take away. */
export function checkAnatomy(rows: readonly Row[], ledger: Ledger): void {
  for (const [key, own] of Map.groupBy(rows, ({horizon, period}) => `${horizon} ${period}`)) {
    const [first] = own;
    const gain = (first!.qlike_base as number) - (first!.qlike_full as number);
    ledger.equal({
      row: key,
      what: "the sum of the groups' shares",
      found: own.reduce((sum, {value}) => sum + (value as number), 0),
      expected: gain,
      because: "qlike_base - qlike_full",
    });
    for (const row of own)
      for (const name of ["n", "qlike_base", "qlike_full"])
        ledger.equal({
          row: `${key} ${row.group}`,
          what: name,
          found: row[name] as number,
          expected: first![name] as number,
          because: "that of the other groups",
        });
  }
}

function partsOf(shap: Table): Map<string, {sum: number; readonly sizes: Map<string, number>}> {
  const [dates, horizons] = [integers(shap, "date"), integers(shap, "horizon")];
  const features = texts(shap, "feature");
  const values = numbers(shap, "shap");
  const parts = new Map<string, {sum: number; sizes: Map<string, number>}>();
  for (let row = 0; row < shap.rows; row++) {
    const key = `${dates[row]} ${horizons[row]}`;
    const found = parts.get(key) ?? {sum: 0, sizes: new Map<string, number>()};
    parts.set(key, found);
    found.sum += values[row]!;
    if (features[row] !== BASE) found.sizes.set(features[row]!, Math.abs(values[row]!));
  }
  return parts;
}
