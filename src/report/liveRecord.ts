// What came of the forecasts that were recorded before their outcome? They are few, and kept apart from the backtest.

import {NULL_INTEGER, type Table} from "../store/table.ts";
import {tableRows} from "../store/tableRows.ts";
import {isoDate} from "../units.ts";

/** The newest are shown one by one. */
const SHOWN = 60;

/** A recorded forecast; volatilities over the horizon. NaN where a figure does not exist or is not known yet. */
export interface LiveForecast {
  readonly date: string;
  readonly horizon: number;
  readonly model: string;
  readonly rv_hat: number;
  readonly lo: number;
  readonly hi: number;
  readonly outcome: number;
  readonly qlike: number;
  readonly made_at: string; // ISO instant
  /** SHA-256 of the record. */
  readonly hash: string;
}

/** What came of those of one horizon; of a session recorded twice the first counts. */
export interface LiveHorizon {
  readonly horizon: number;
  readonly made: number;
  readonly first: string;
  readonly last: string;
  /** Those whose outcome is known since. */
  readonly known: number;
  /** Mean QLIKE of those that have one. */
  readonly qlike: number;
  /** Of the known ones, with an interval, and those that it contained. */
  readonly bounded: number;
  readonly contained: number;
}

export interface LiveRecord {
  readonly horizons: readonly LiveHorizon[];
  /** The newest first, at most sixty. */
  readonly forecasts: readonly LiveForecast[];
}

/** The dataset live_ledger as the page shows it. */
export function liveRecord(ledger: Table): LiveRecord {
  const rows = tableRows(ledger) as unknown as (Omit<LiveForecast, "date" | "made_at"> & {
    date: number;
    made_at: number;
    supersedes: number;
  })[];
  const counted = rows.filter(({supersedes}) => supersedes === NULL_INTEGER);
  const byHorizon = [...Map.groupBy(counted, ({horizon}) => horizon)].sort(([a], [b]) => a - b);
  return {
    horizons: byHorizon.map(([horizon, own]) => {
      const known = own.filter(({outcome}) => outcome >= 0);
      const scored = known.filter(({qlike}) => !Number.isNaN(qlike));
      const bounded = known.filter(({lo, hi}) => lo <= hi);
      return {
        horizon,
        made: own.length,
        first: isoDate(own[0]!.date),
        last: isoDate(own.at(-1)!.date),
        known: known.length,
        qlike: scored.reduce((sum, {qlike}) => sum + qlike, 0) / scored.length,
        bounded: bounded.length,
        contained: bounded.filter(({outcome, lo, hi}) => outcome >= lo && outcome <= hi).length,
      };
    }),
    forecasts: rows
      .slice(-SHOWN)
      .reverse()
      .map(({date, horizon, model, rv_hat, lo, hi, outcome, qlike, made_at, hash}) => {
        const when = {date: isoDate(date), made_at: new Date(made_at).toISOString()};
        return {...when, horizon, model, rv_hat, lo, hi, outcome, qlike, hash};
      }),
  };
}
