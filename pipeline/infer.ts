// What does the champion say of each session, and why? Every row by a model that was trained before it.
import {createExplanations} from "../src/explain/explainForecast.ts";
import {type Frame, lowerBound} from "../src/frame.ts";
import {artifactVersion} from "../src/registry/artifact.ts";
import {BASE} from "../src/report/attribution.ts";
import {tableFrame} from "../src/store/frameTable.ts";
import type {Table} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";
import {type StoredFit, storedFits} from "./fits.ts";
import {type Bounds, type ForecastColumns, readForecasts, readIntervals} from "./forecasts.ts";
import type {Stage, StageContext} from "./stage.ts";

const MAIN_HORIZON = 5;
const DRIVERS = 3;
const LOGGED_FORECASTS = 22; // of a backfill; a daily run has one

/** Contributions of one forecast, the base apart. */
interface Explained {
  readonly session: number;
  readonly horizon: number;
  readonly features: readonly string[];
  readonly values: readonly number[]; // of the features
  readonly shap: readonly number[];
  readonly base: number;
}

export const inferStage: Stage = {
  name: "infer",
  does: "write the champion's forecasts with their drivers",
  after: ["train", "intervals", "ledger"],
  reads: ["features_daily", "labels_daily", "fits", "walkforward_daily", "intervals_daily"],
  writes: ["predictions_daily", "shap_daily"],
  config: ["champion", "horizons", "interval"],
  async run(context) {
    const {read, write, config, log} = context;
    const features = tableFrame(await read("features_daily"));
    const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
    const intervals = readIntervals(await read("intervals_daily"), config.interval);
    const fits = await storedFits(read, config.champion);
    const explained = config.horizons.flatMap((horizon) =>
      explain(forecasts(horizon), {fits, features, champion: config.champion}),
    );
    const shap = await write("shap_daily", shapTable(explained));
    const rows = predictionRows(context, {
      forecasts,
      intervals,
      fits,
      explained,
      newest: features.sessions.at(-1)!,
    });
    const predictions = await write("predictions_daily", predictionsTable(rows, config.interval));
    for (const {session, volatility, drivers} of rows.slice(-Math.min(predictions.added, LOGGED_FORECASTS))) {
      if (predictions.added > 0)
        log.info(
          {
            stage: "infer",
            date: isoDate(session),
            rv_5d_hat: volatility.get(MAIN_HORIZON),
            top_drivers: drivers,
          },
          "forecast",
        );
    }
    const last = rows.at(-1)!;
    if (last.session !== features.sessions.at(-1)) {
      throw new Error(
        `Cannot forecast ${isoDate(features.sessions.at(-1)!)}, the newest session: a feature the champion needs is missing; the newest forecast is of ${isoDate(last.session)}`,
      );
    }
    return {
      predictions: predictions.rows,
      shap: shap.rows,
      newest: isoDate(last.session),
      rv_5d_hat: last.volatility.get(MAIN_HORIZON),
      top_drivers: last.drivers,
      model_version: last.version,
    };
  },
};

// Each forecast is explained by the fit that made it.
function explain(
  {sessions, horizon, trainedThrough}: ForecastColumns,
  {fits, features, champion}: {fits: readonly StoredFit[]; features: Frame; champion: string},
): Explained[] {
  const trained = trainedThrough[champion]!;
  const explainFit = createExplanations({rowsAlone: false});
  const all: Explained[] = [];
  for (let start = 0; start < sessions.length; ) {
    const by = trained[start]!;
    let end = start + 1;
    while (end < sessions.length && trained[end] === by) end++;
    const found = fits.find((fit) => fit.horizon === horizon && fit.trainedThrough === by);
    if (by !== 0 && !found)
      throw new Error(
        `Cannot explain the forecasts trained through ${isoDate(by)}: their fit is not in the lake; run walkforward`,
      );
    if (found) {
      const first = lowerBound(features.sessions, sessions[start]!);
      const last = lowerBound(features.sessions, sessions[end - 1]!);
      const {
        features: names,
        values,
        base,
      } = explainFit(found.fit)({features, rows: {start: first, end: last + 1}});
      for (let row = first; row <= last; row++) {
        const shap = values.subarray((row - first) * names.length, (row - first + 1) * names.length);
        if (Number.isNaN(shap[0]!)) continue;
        all.push({
          session: features.sessions[row]!,
          horizon,
          features: names,
          values: names.map((name) => features.columns[name]![row]!),
          shap: Array.from(shap),
          base,
        });
      }
    }
    start = end;
  }
  return all;
}

function shapTable(explained: readonly Explained[]): Table {
  const rows = explained.reduce((sum, {features}) => sum + features.length + 1, 0);
  const date = new Int32Array(rows);
  const horizon = new Int32Array(rows);
  const feature: string[] = [];
  const value = new Float64Array(rows);
  const shap = new Float64Array(rows);
  for (const entry of explained) {
    for (let j = -1; j < entry.features.length; j++) {
      const row = feature.length;
      date[row] = entry.session;
      horizon[row] = entry.horizon;
      feature.push(j < 0 ? BASE : entry.features[j]!);
      value[row] = j < 0 ? Number.NaN : entry.values[j]!;
      shap[row] = j < 0 ? entry.base : entry.shap[j]!;
    }
  }
  return {rows, columns: {date, horizon, feature, value, shap}};
}

interface PredictionRow {
  readonly session: number;
  readonly volatility: ReadonlyMap<number, number>; // by horizon
  readonly bounds: ReadonlyMap<number, Bounds | undefined>; // by horizon
  readonly drivers: readonly string[];
  readonly version: string;
  readonly trainedThrough: number;
  readonly kind: "live" | "walk-forward";
}

function predictionRows(
  {config}: StageContext,
  {
    forecasts,
    intervals,
    fits,
    explained,
    newest,
  }: {
    forecasts: (horizon: number) => ForecastColumns;
    intervals: (horizon: number) => ReadonlyMap<number, Bounds>;
    fits: readonly StoredFit[];
    explained: readonly Explained[];
    newest: number;
  },
): PredictionRow[] {
  const main = forecasts(MAIN_HORIZON);
  const byHorizon = new Map(
    config.horizons.map((horizon) => {
      const columns = horizon === MAIN_HORIZON ? main : forecasts(horizon);
      const {volatility} = columns.forecasts[config.champion]!;
      return [horizon, new Map(Array.from(columns.sessions, (day, t) => [day, volatility[t]!]))];
    }),
  );
  const forecast = main.forecasts[config.champion]!.volatility;
  const bounds = new Map(config.horizons.map((horizon) => [horizon, intervals(horizon)]));
  const drivers = new Map(
    explained
      .filter(({horizon}) => horizon === MAIN_HORIZON)
      .map((entry) => [entry.session, topDrivers(entry)]),
  );
  const versions = new Map(
    fits
      .filter(({horizon}) => horizon === MAIN_HORIZON)
      .map(({trainedThrough, fit}) => [trainedThrough, artifactVersion(isoDate(trainedThrough), fit)]),
  );
  return Array.from(main.sessions.keys()).flatMap((t) => {
    const session = main.sessions[t]!;
    const trainedThrough = main.trainedThrough[config.champion]![t]!;
    if (Number.isNaN(forecast[t]!)) return [];
    return [
      {
        session,
        volatility: new Map(
          [...byHorizon].map(([horizon, values]) => [horizon, values.get(session) ?? Number.NaN]),
        ),
        bounds: new Map([...bounds].map(([horizon, found]) => [horizon, found.get(session)])),
        drivers: drivers.get(session)!,
        version: versions.get(trainedThrough)!,
        trainedThrough,
        kind: session === newest ? "live" : "walk-forward",
      },
    ];
  });
}

function topDrivers({features, shap}: Explained): string[] {
  return features
    .map((name, j) => ({name, size: Math.abs(shap[j]!)}))
    .sort((a, b) => b.size - a.size)
    .slice(0, DRIVERS)
    .map(({name}) => name);
}

function predictionsTable(rows: readonly PredictionRow[], {coverage}: {readonly coverage: number}): Table {
  const column = (value: (row: PredictionRow) => number) => Float64Array.from(rows, value);
  return {
    rows: rows.length,
    columns: {
      date: Int32Array.from(rows, ({session}) => session),
      rv_5d_hat: column(({volatility}) => volatility.get(5) ?? Number.NaN),
      top_drivers: rows.map(({drivers}) => drivers),
      rv_1d_hat: column(({volatility}) => volatility.get(1) ?? Number.NaN),
      rv_22d_hat: column(({volatility}) => volatility.get(22) ?? Number.NaN),
      ...Object.fromEntries(
        [5, 1, 22].flatMap((h) => [
          [`rv_${h}d_lo`, column(({bounds}) => bounds.get(h)?.lower ?? Number.NaN)],
          [`rv_${h}d_hi`, column(({bounds}) => bounds.get(h)?.upper ?? Number.NaN)],
        ]),
      ),
      interval_coverage: column(() => coverage),
      model_version: rows.map(({version}) => version),
      trained_through: Int32Array.from(rows, ({trainedThrough}) => trainedThrough),
      kind: rows.map(({kind}) => kind),
    },
  };
}
