// Between which values did the outcomes promise to lie, and how often did they?

import {
  conformalIntervals,
  INTERVAL_METHODS,
  type IntervalMethod,
} from "../src/evaluation/conformal/conformalIntervals.ts";
import {type Coverage, coverageOf} from "../src/evaluation/conformal/coverage.ts";
import {planPeriods} from "../src/evaluation/periods.ts";
import {planRegimes} from "../src/evaluation/regimes.ts";
import {REFERENCE} from "../src/evaluation/scorecard.ts";
import {columnTypes} from "../src/store/contract.ts";
import {integers, numbers, type Table, tableFromRows} from "../src/store/table.ts";
import {sessionDate} from "../src/units.ts";
import {type ForecastColumns, readForecasts} from "./forecasts.ts";
import type {RunContext, Stage} from "./stage.ts";

/** Rows of which a record is kept. */
interface Span {
  readonly period: string;
  readonly rows: Uint32Array;
  /** The rows are those of consecutive sessions. */
  readonly consecutive: boolean;
}

type Row = Readonly<Record<string, unknown>>;

export const intervalsStage: Stage = {
  name: "intervals",
  does: "put intervals around the forecasts and count how often they held the outcome",
  after: ["walkforward"],
  reads: ["walkforward_daily", "labels_daily", "features_daily"],
  writes: ["intervals_daily", "coverage"],
  config: ["champion", "horizons", "interval", "walk_forward"],
  async run(context) {
    const {read, write, config, lake} = context;
    const forecasts = readForecasts(await read("walkforward_daily"), await read("labels_daily"));
    const features = await read("features_daily");
    const intervals: Row[] = [];
    const coverage: Row[] = [];
    for (const horizon of config.horizons) {
      const columns = forecasts(horizon);
      const spans = spansOf(columns, features, context);
      for (const model of new Set([config.champion, REFERENCE])) {
        if (!columns.forecasts[model]) continue;
        for (const method of INTERVAL_METHODS) {
          const found = intervalRows(columns, {model, method, spans, config});
          if (model === config.champion) intervals.push(...found.intervals);
          coverage.push(...found.coverage);
        }
      }
    }
    const table = (dataset: string, rows: readonly Row[]): Table =>
      tableFromRows(columnTypes(lake.contract(dataset)), rows);
    const written = await write("intervals_daily", table("intervals_daily", intervals));
    await write("coverage", table("coverage", coverage));
    const kept = coverage.filter(
      ({model, method, level, period}) =>
        model === config.champion &&
        method === config.interval.method &&
        level === config.interval.coverage &&
        period === "all",
    );
    return {
      intervals: written.rows,
      coverage: Object.fromEntries(kept.map(({horizon, rate}) => [`${horizon}d`, rate])),
      worst: Object.fromEntries(kept.map(({horizon, worst_rate}) => [`${horizon}d`, worst_rate])),
    };
  },
};

function intervalRows(
  {sessions, horizon, actual: variance, forecasts}: ForecastColumns,
  {
    model,
    method,
    spans,
    config,
  }: {
    readonly model: string;
    readonly method: IntervalMethod;
    readonly spans: readonly Span[];
    readonly config: RunContext["config"];
  },
): {intervals: Row[]; coverage: Row[]} {
  const {levels, window_sessions, minimum_sessions} = config.interval;
  const actual = variance.map(Math.sqrt);
  const forecast = forecasts[model]!.volatility;
  const found = conformalIntervals(
    {actual, forecast},
    {horizon, method, levels, windowSessions: window_sessions, minimumSessions: minimum_sessions},
  );
  return {
    intervals: found.flatMap(({lower, upper}, i) =>
      Array.from(sessions.keys())
        .filter((t) => !Number.isNaN(lower[t]!))
        .map((t) => ({date: sessions[t], horizon, method, level: levels[i], lo: lower[t], hi: upper[t]})),
    ),
    coverage: found.flatMap((interval, i) =>
      spans.flatMap(({period, rows, consecutive}) => {
        const record = coverageOf({...interval, actual, forecast}, {level: levels[i]!, among: rows});
        if (record.n === 0) return [];
        const worst = consecutive ? worstOf(record, sessions) : {};
        return [
          {
            ...record,
            worst_rate: undefined,
            worst_end: undefined,
            ...worst,
            horizon,
            model,
            method,
            level: levels[i],
            period,
          },
        ];
      }),
    ),
  };
}

function worstOf({worst_rate, worst_end}: Coverage, sessions: Int32Array): Row {
  return worst_end < 0 ? {} : {worst_rate, worst_end: sessions[worst_end]};
}

function spansOf(columns: ForecastColumns, features: Table, {config}: RunContext): Span[] {
  const {sessions} = columns;
  const {name, first, last} = config.walk_forward.reference_period;
  const index = {sessions: integers(features, "date"), level: numbers(features, "vix")};
  return [
    ...planPeriods(sessions, {name, first: sessionDate(first), last: sessionDate(last)}),
    ...planRegimes(columns, index),
  ].map(({name: period, first: from, last: to, members}) => ({
    period,
    consecutive: members === undefined,
    rows: Uint32Array.from(sessions.keys()).filter(
      (t) => sessions[t]! >= from && sessions[t]! <= to && (members?.[t] ?? 1) === 1,
    ),
  }));
}
