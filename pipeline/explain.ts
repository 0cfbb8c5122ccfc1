// Which features move the forecasts, which earn their gain, and what did each refit change?

import {modelCatalogue} from "../src/models/catalogue.ts";
import {BASE} from "../src/report/attribution.ts";
import {columnTypes} from "../src/store/contract.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import {integers, numbers, type Table, tableFromRows, texts} from "../src/store/table.ts";
import {civilFromDays, sessionDate} from "../src/units.ts";
import {anatomyRows} from "./anatomy.ts";
import {explainedForecasts, restatedRows} from "./explained.ts";
import {storedFits} from "./fits.ts";
import {readForecasts} from "./forecasts.ts";
import type {Stage} from "./stage.ts";

export const explainStage: Stage = {
  name: "explain",
  does: "average the contributions of each feature, and share the gain among groups of them",
  after: ["infer"],
  reads: ["shap_daily", "walkforward_daily", "labels_daily", "features_daily", "fits"],
  writes: ["importance", "shap_restated", "loss_anatomy"],
  config: ["champion", "horizons", "walk_forward"],
  async run({read, write, config, lake, progress}) {
    const {champion, horizons, walk_forward: plan} = config;
    const shap = await read("shap_daily");
    const features = tableFrame(await read("features_daily"));
    const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
    const fits = await storedFits(read, champion);
    const {name, first, last} = plan.reference_period;
    const game = {
      champion,
      features,
      trainFrom: sessionDate(plan.train_from),
      // A combination's members may have windows of their own; those of models of logs expand.
      window: modelCatalogue.find(({model}) => model.name === champion)?.window ?? ("expanding" as const),
      reference: {name, first: sessionDate(first), last: sessionDate(last)},
    };
    const parts = horizons.map((horizon) => {
      progress(`${horizon} sessions ahead`);
      const own = forecasts(horizon);
      const explained = explainedForecasts(shap, {forecasts: own, champion, fits});
      return {
        restated: restatedRows(explained, features),
        anatomy: anatomyRows(explained, {...game, forecasts: own}),
      };
    });
    const tableOf = (dataset: string, rows: readonly object[]): Table =>
      tableFromRows(columnTypes(lake.contract(dataset)), rows as readonly Record<string, unknown>[]);
    const restated = parts.flatMap((part) => part.restated);
    await write("shap_restated", tableOf("shap_restated", restated));
    const anatomy = await write(
      "loss_anatomy",
      tableOf(
        "loss_anatomy",
        parts.flatMap((part) => part.anatomy),
      ),
    );
    const {rows} = await write("importance", importanceTable(shap));
    return {rows, anatomy: anatomy.rows, restated: restated.length};
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
