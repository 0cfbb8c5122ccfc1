// Did the intervals keep their promise? The Coverage page before anything is queried.

import {NULL_INTEGER, type Table} from "../store/table.ts";
import {tableRows} from "../store/tableRows.ts";
import {isoDate} from "../units.ts";

const MAIN_HORIZON = 5;
const ALL = "all";
/** A year of fewer outcomes is not called the worst. */
const FEWEST_A_YEAR = 100;

/** A line of the dataset coverage; the worst window's last session as text, empty where there is none. */
export interface CoverageRow {
  readonly horizon: number;
  readonly model: string;
  readonly method: string;
  readonly level: number;
  readonly period: string;
  readonly n: number;
  readonly covered: number;
  readonly rate: number;
  readonly below: number;
  readonly mean_width: number;
  readonly interval_score_pct: number;
  readonly worst_rate: number;
  readonly worst_end: string;
}

export interface CoverageSummary {
  /** Numbers as {{path|format}}. */
  readonly sentences: readonly string[];
  readonly champion: string;
  /** What is served: of the published intervals. */
  readonly method: string;
  readonly level: number;
  readonly methods: readonly string[];
  readonly levels: readonly number[];
  readonly models: readonly string[];
  readonly horizons: readonly number[];
  /** The served intervals of the champion at the main horizon over the whole; absent before any outcome is known. */
  readonly served: (CoverageRow & {readonly n_effective: number}) | undefined;
  /** Its calendar year of the lowest rate, of those with a hundred outcomes. */
  readonly worstYear: CoverageRow | undefined;
  /** The champion's at the main horizon over the whole, every method and level. */
  readonly rows: readonly CoverageRow[];
}

export function summarizeCoverage(
  coverage: Table,
  {champion, method, level}: {readonly champion: string; readonly method: string; readonly level: number},
): CoverageSummary {
  const all = tableRows(coverage).map((row) => ({
    ...row,
    worst_end: Number(row.worst_end) > NULL_INTEGER ? isoDate(Number(row.worst_end)) : "",
  })) as unknown as CoverageRow[];
  const main = all.filter((row) => row.model === champion && row.horizon === MAIN_HORIZON);
  const own = main.filter((row) => row.method === method && row.level === level);
  const served = own.find(({period}) => period === ALL);
  const worstYear = own
    .filter(({period, n}) => /^\d{4}$/.test(period) && n >= FEWEST_A_YEAR)
    .reduce<CoverageRow | undefined>(
      (least, row) => (least && least.rate <= row.rate ? least : row),
      undefined,
    );
  const distinct = <Value>(of: (row: CoverageRow) => Value): Value[] => [...new Set(all.map(of))];
  return {
    sentences: sentences(served, worstYear),
    champion,
    method,
    level,
    methods: distinct((row) => row.method),
    levels: distinct((row) => row.level).sort((a, b) => a - b),
    models: distinct((row) => row.model).sort((a, b) => Number(b === champion) - Number(a === champion)),
    horizons: distinct((row) => row.horizon).sort((a, b) => a - b),
    served: served && {...served, n_effective: served.n / served.horizon},
    worstYear,
    rows: main.filter(({period}) => period === ALL),
  };
}

function sentences(served: CoverageRow | undefined, worstYear: CoverageRow | undefined): string[] {
  if (!served) return ["No interval has a known outcome yet: the first ones follow 250 known outcomes."];
  const worst =
    served.worst_end === ""
      ? ""
      : "In their worst quarter, the 63 sessions to {{coverage.served.worst_end|longDate}}, it was {{coverage.served.worst_rate|percent}}.";
  const year = worstYear
    ? `The worst calendar year was ${worstYear.period}, with {{coverage.worstYear.rate|percent}}.`
    : "";
  return [
    "Of {{coverage.served.n|count}} five-session intervals that were to hold {{coverage.level|wholePercent}} of outcomes ({{coverage.served.n_effective|count}} without overlap), {{coverage.served.covered|count}} did: {{coverage.served.rate|percent}}.",
    worst,
    year,
  ].filter((text) => text !== "");
}
