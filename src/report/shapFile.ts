// How does a page get every explanation without a database? One row a forecast, two columns a feature.

import {lowerBound} from "../frame.ts";
import {integers, numbers, type Table, texts} from "../store/table.ts";
import {BASE} from "./attribution.ts";

/**
 * The explanations of one horizon, wide: `date`, `(base)`, and of each feature its value, `<feature>`, and its
 * contribution, `<feature> shap`. NaN where a forecast's fit left the feature out.
 *
 * @param shap shap_daily
 */
export function shapFile(shap: Table, horizon: number): Table {
  const horizons = integers(shap, "horizon");
  const dates = integers(shap, "date");
  const features = texts(shap, "feature");
  const [values, shaps] = [numbers(shap, "value"), numbers(shap, "shap")];
  const own = Array.from(horizons.keys()).filter((row) => horizons[row] === horizon);
  const sessions = Int32Array.from(new Set(own.map((row) => dates[row]!))).sort();
  const names = [...new Set(own.map((row) => features[row]!))].filter((name) => name !== BASE).sort();
  const column = (): Float64Array => new Float64Array(sessions.length).fill(Number.NaN);
  const columns: Record<string, Float64Array> = Object.fromEntries(
    [BASE, ...names.flatMap((name) => [name, `${name} shap`])].map((name) => [name, column()]),
  );
  for (const row of own) {
    const at = lowerBound(sessions, dates[row]!);
    const name = features[row]!;
    if (name === BASE) {
      columns[BASE]![at] = shaps[row]!;
      continue;
    }
    columns[name]![at] = values[row]!;
    columns[`${name} shap`]![at] = shaps[row]!;
  }
  return {rows: sessions.length, columns: {date: sessions, ...columns}};
}
