// How do bars become rows of the lake, and rows bars?
import type {Bar, QuarantinedBar} from "../src/market/bars.ts";
import type {CuratedBars} from "../src/market/curate.ts";
import {NULL_INTEGER, type Table} from "../src/store/table.ts";

const RAW_SCHEMA_VERSION = 1;

/** Bars as rows of raw.market, seen at `now` (ISO time). */
export function rawTable(
  bars: readonly Bar[],
  {source, now}: {readonly source: string; readonly now: string},
): Table {
  const rows = bars.length;
  return {
    rows,
    columns: {
      ...barColumns(bars),
      date: Int32Array.from(bars, ({session}) => session),
      source: new Array<string>(rows).fill(source),
      ingested_at: new Float64Array(rows).fill(Date.parse(now)),
      schema_version: new Int32Array(rows).fill(RAW_SCHEMA_VERSION),
    },
  };
}

/** Refused bars as rows of quarantine; a date that is no day is NULL. */
export function quarantineTable(refused: readonly QuarantinedBar[]): Table {
  const unique = new Map(refused.map((entry) => [JSON.stringify(entry), entry]));
  const bars = [...unique.values()];
  return {
    rows: bars.length,
    columns: {
      ...barColumns(bars.map(({bar}) => finite(bar))),
      date: Int32Array.from(bars, ({bar}) => (Number.isInteger(bar.session) ? bar.session : NULL_INTEGER)),
      reason: bars.map(({reason}) => reason),
    },
  };
}

/** Curated bars of every symbol as rows of curated.market_daily. */
export function curatedTable(curated: readonly CuratedBars[]): Table {
  const join = (column: (bars: CuratedBars) => Float64Array) =>
    Float64Array.from(curated.flatMap((bars) => [...column(bars)]));
  const sessions = Int32Array.from(curated.flatMap((bars) => [...bars.sessions]));
  return {
    rows: sessions.length,
    columns: {
      symbol: curated.flatMap((bars) => new Array<string>(bars.sessions.length).fill(bars.symbol)),
      date: sessions,
      open: join(({open}) => open),
      high: join(({high}) => high),
      low: join(({low}) => low),
      close: join(({close}) => close),
      adj_close: join(({adjClose}) => adjClose),
      volume: join(({volume}) => volume),
      ret: join(({ret}) => ret),
      log_ret: join(({logRet}) => logRet),
    },
  };
}

function barColumns(bars: readonly Bar[]): Table["columns"] {
  const column = (value: (bar: Bar) => number) => Float64Array.from(bars, value);
  return {
    symbol: bars.map(({symbol}) => symbol),
    open: column(({open}) => open),
    high: column(({high}) => high),
    low: column(({low}) => low),
    close: column(({close}) => close),
    adj_close: column(({adjClose}) => adjClose),
    volume: column(({volume}) => volume),
  };
}

// A quarantined value may be infinite, which no column holds: the reason names it, the column is NULL.
function finite(bar: Bar): Bar {
  const number = (value: number) => (Number.isFinite(value) ? value : Number.NaN);
  return {
    symbol: bar.symbol || "(none)",
    session: bar.session,
    open: number(bar.open),
    high: number(bar.high),
    low: number(bar.low),
    close: number(bar.close),
    adjClose: number(bar.adjClose),
    volume: number(bar.volume),
  };
}
