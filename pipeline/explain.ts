// Which features move the forecasts, over all sessions and in each year?
import {BASE} from "../src/report/attribution.ts";
import {integers, numbers, type Table, texts} from "../src/store/table.ts";
import {civilFromDays} from "../src/units.ts";
import type {Stage} from "./stage.ts";

export const explainStage: Stage = {
  name: "explain",
  does: "average the contributions of each feature, by year",
  after: ["infer"],
  reads: ["shap_daily"],
  writes: ["importance"],
  config: [],
  async run({read, write}) {
    const {rows} = await write("importance", importanceTable(await read("shap_daily")));
    return {rows};
  },
};

/** Mean |contribution to ln(rv_hat)| by horizon, period ("all" or a year) and feature. */
export function importanceTable(shap: Table): Table {
  const dates = integers(shap, "date");
  const horizons = integers(shap, "horizon");
  const features = texts(shap, "feature");
  const values = numbers(shap, "shap");
  const sums = new Map<string, {horizon: number; period: string; feature: string; sum: number; n: number}>();
  for (let row = 0; row < shap.rows; row++) {
    const feature = features[row]!;
    if (feature === BASE) continue;
    const horizon = horizons[row]!;
    for (const period of ["all", String(civilFromDays(dates[row]!).year)]) {
      const key = `${horizon} ${period} ${feature}`;
      const entry = sums.get(key) ?? {horizon, period, feature, sum: 0, n: 0};
      entry.sum += Math.abs(values[row]!);
      entry.n++;
      sums.set(key, entry);
    }
  }
  const entries = [...sums.values()];
  return {
    rows: entries.length,
    columns: {
      horizon: Int32Array.from(entries, ({horizon}) => horizon),
      period: entries.map(({period}) => period),
      feature: entries.map(({feature}) => feature),
      mean_abs_shap: Float64Array.from(entries, ({sum, n}) => sum / n),
      n: Int32Array.from(entries, ({n}) => n),
    },
  };
}
