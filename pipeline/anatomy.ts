// Which groups of features earned the champion's gain? The lake's tables as the game that lossAnatomy() shares out.

import {qlike} from "../src/evaluation/losses.ts";
import {type Period, planPeriods} from "../src/evaluation/periods.ts";
import {
  absenceLevels,
  type GroupedForecasts,
  groupContributions,
  lossAnatomy,
} from "../src/explain/lossAnatomy.ts";
import {MEANINGS, meaningOf} from "../src/features/meaning.ts";
import {column, type Frame, lowerBound} from "../src/frame.ts";
import type {TrainingWindow} from "../src/models/model.ts";
import type {ExplainedForecasts} from "./explained.ts";
import type {ForecastColumns} from "./forecasts.ts";

/** One session in so many trains the levels: neighbours say the same. */
const SAMPLE_STEP = 22;

export interface AnatomyRow {
  readonly horizon: number;
  readonly period: string;
  readonly group: string;
  readonly value: number;
  readonly n: number;
  readonly qlike_base: number;
  readonly qlike_full: number;
}

/** A row a period and group. */
export function anatomyRows(
  explained: ExplainedForecasts,
  {
    forecasts,
    champion,
    features,
    trainFrom,
    window,
    reference,
  }: {
    readonly forecasts: ForecastColumns;
    readonly champion: string;
    readonly features: Frame;
    readonly trainFrom: number; // days since 1970-01-01
    readonly window: TrainingWindow;
    readonly reference: Period;
  },
): AnatomyRow[] {
  const {horizon, sessions, fitOf, fits} = explained;
  const groups = MEANINGS.filter((meaning) => explained.features.some((name) => meaningOf(name) === meaning));
  const groupsOf = (names: readonly string[]) => names.map((name) => groups.indexOf(meaningOf(name)));
  const rows = Array.from(sessions, (day) => lowerBound(forecasts.sessions, day));
  const {variance} = forecasts.forecasts[champion]!;
  const sample = everyNth(features, {names: explained.features, from: trainFrom, step: SAMPLE_STEP});
  const grouped: GroupedForecasts = {
    groups,
    actual: Float64Array.from(rows, (t) => forecasts.actual[t]!),
    logForecast: Float64Array.from(rows, (t) => Math.log(variance[t]!)),
    contributions: groupContributions(explained.contributions, {
      groupOf: groupsOf(explained.features),
      groups: groups.length,
    }),
    fit: fitOf,
    levels: fits.map(({trainedThrough, explain}) => {
      const {start, end} = trainingRows(sample, {features, trainedThrough, horizon, window});
      // The whole sample: fits that share trees share what the trees say of it.
      const all = {start: 0, end: sample.sessions.length};
      const {features: names, values} = explain({features: sample, rows: all});
      const trained = values.subarray(start * names.length, end * names.length);
      const contributions = groupContributions(trained, {groupOf: groupsOf(names), groups: groups.length});
      return absenceLevels(contributions, groups.length);
    }),
  };
  const periods = planPeriods(sessions, reference).map(({name, first, last}) => ({
    period: name,
    start: lowerBound(sessions, first),
    end: lowerBound(sessions, last + 1),
  }));
  return lossAnatomy(grouped, {loss: qlike, periods}).flatMap(({period, n, values, baseOnly, full}) =>
    groups.map((group, g) => ({
      horizon,
      period,
      group,
      value: values[g]!,
      n,
      qlike_base: baseOnly,
      qlike_full: full,
    })),
  );
}

// Rows of the sample whose label the fit may have seen: t + horizon <= the last return that trained it.
function trainingRows(
  sample: Frame,
  {
    features,
    trainedThrough,
    horizon,
    window,
  }: {features: Frame; trainedThrough: number; horizon: number; window: TrainingWindow},
): {start: number; end: number} {
  const last = lowerBound(features.sessions, trainedThrough) - horizon;
  const first = window === "expanding" ? 0 : Math.max(0, last + 1 - window.sessions);
  return {
    start: lowerBound(sample.sessions, features.sessions[first]!),
    end: lowerBound(sample.sessions, features.sessions[last]! + 1),
  };
}

function everyNth(
  features: Frame,
  {names, from, step}: {readonly names: readonly string[]; readonly from: number; readonly step: number},
): Frame {
  const first = lowerBound(features.sessions, from);
  const taken = Array.from(
    {length: Math.ceil((features.sessions.length - first) / step)},
    (_, i) => first + i * step,
  );
  return {
    sessions: Int32Array.from(taken, (t) => features.sessions[t]!),
    columns: Object.fromEntries(
      names.map((name) => [name, Float64Array.from(taken, (t) => column(features, name)[t]!)]),
    ),
  };
}
