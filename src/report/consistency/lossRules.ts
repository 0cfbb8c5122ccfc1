// Does each figure of the evaluation follow from the ones it is made of?

import {BASELINE, REFERENCE} from "../../evaluation/scorecard.ts";
import {studentTwoSided} from "../../math/studentT.ts";
import type {Ledger} from "./ledger.ts";

/** A row of any of the evaluation's tables. */
export interface EvaluationRow extends Readonly<Record<string, unknown>> {
  readonly horizon: number;
  readonly period: string;
  readonly n: number;
  readonly n_effective: number;
}

type Rows = readonly EvaluationRow[];

/** Unchanged closes, outcomes of one session, have no QLIKE: at most so large a share of n is not compared. */
const UNCHANGED_SHARE = 0.05;

const MODEL_KEY = (row: EvaluationRow): string => `${row.horizon} ${row.period} ${row.model}`;
const SPAN = (row: EvaluationRow): string => `${row.horizon} ${row.period}`;

/** n_effective = n / horizon, in every table that has both. */
export function checkEffective(rows: Rows, {ledger, nameOf}: {ledger: Ledger; nameOf: NameOf}): void {
  for (const row of rows) {
    const expected = row.n / row.horizon;
    ledger.equal({
      row: nameOf(row),
      what: "n_effective",
      found: row.n_effective,
      expected,
      because: "n / horizon",
    });
  }
}

type NameOf = (row: EvaluationRow) => string;

/** Gains follow from levels, p from t; losses have their order; periods add up to the whole. */
export function checkLeaderboard(rows: Rows, ledger: Ledger): void {
  const byModel = new Map(rows.map((row) => [MODEL_KEY(row), row]));
  for (const row of rows) {
    const name = MODEL_KEY(row);
    for (const [suffix, other] of [
      ["rv20", BASELINE],
      ["har_vix", REFERENCE],
    ] as const) {
      const reference = byModel.get(MODEL_KEY({...row, model: other}));
      if (reference) checkGains(row, {reference, suffix, ledger});
      checkP(row, {name, t: `dm_t_${suffix}`, p: `dm_p_${suffix}`, ledger});
    }
    const rmse = row.rmse_pct as number;
    ledger.atMost({
      row: name,
      what: "mae_pct",
      found: row.mae_pct as number,
      expected: rmse,
      because: "rmse_pct",
    });
  }
  for (const [span, own] of Map.groupBy(rows, SPAN)) {
    const [first] = own;
    for (const {model, n} of own)
      ledger.equal({
        row: `${span} ${model}`,
        what: "n",
        found: n,
        expected: first!.n,
        because: "n of the others",
      });
    for (const name of ["mcs_p", "mcs_p_range"]) {
      const found = own.map((row) => row[name] as number).filter((p) => !Number.isNaN(p));
      if (found.length === 0) continue;
      ledger.hold(
        span,
        Math.max(...found) === 1,
        `${name}: no model has 1, which the last one standing has; the largest is ${Math.max(...found)}`,
      );
    }
  }
  checkYears(rows, ledger);
}

function checkGains(
  row: EvaluationRow,
  {reference, suffix, ledger}: {reference: EvaluationRow; suffix: string; ledger: Ledger},
): void {
  const name = MODEL_KEY(row);
  for (const [loss, level] of [
    ["qlike", "qlike"],
    ["rmse", "rmse_pct"],
  ] as const) {
    const what = `gain_${loss}_${suffix}`;
    const gain = row[what] as number;
    ledger.equal({
      row: name,
      what,
      found: gain,
      expected: 1 - (row[level] as number) / (reference[level] as number),
      because: `1 - ${level} / ${level} of ${reference.model}`,
    });
    checkInterval(name, {
      what,
      value: gain,
      low: row[`${what}_lo`] as number,
      high: row[`${what}_hi`] as number,
      ledger,
    });
  }
}

// Calendar years are a partition of all sessions.
function checkYears(rows: Rows, ledger: Ledger): void {
  for (const [key, own] of Map.groupBy(rows, ({horizon, model}) => `${horizon} ${model}`)) {
    const all = own.find(({period}) => period === "all");
    const years = own.filter(({period}) => /^\d{4}$/.test(period));
    if (!all || years.length === 0) continue;
    const sum = (value: (row: EvaluationRow) => number) =>
      years.reduce((total, row) => total + value(row), 0);
    const n = sum((row) => row.n);
    ledger.equal({
      row: `${key} all`,
      what: "n",
      found: all.n,
      expected: n,
      because: "the sum over calendar years",
    });
    const squared = sum((row) => row.n * (row.rmse_pct as number) ** 2) / n;
    ledger.equal({
      row: `${key} all`,
      what: "rmse_pct",
      found: all.rmse_pct as number,
      expected: Math.sqrt(squared),
      because: "what its calendar years make",
    });
    ledger.equal({
      row: `${key} all`,
      what: "mae_pct",
      found: all.mae_pct as number,
      expected: sum((row) => row.n * (row.mae_pct as number)) / n,
      because: "what its calendar years make",
    });
  }
}

/** A comparison is the other's turned round, and the leaderboard's is one of them. */
export function checkModelTests(
  rows: Rows,
  {leaderboard, ledger}: {leaderboard: Rows; ledger: Ledger},
): void {
  const nameOf = (row: EvaluationRow): string => `${SPAN(row)} ${row.model} against ${row.other}`;
  const byPair = new Map(rows.map((row) => [nameOf(row), row]));
  const lines = new Map(leaderboard.map((row) => [MODEL_KEY(row), row]));
  for (const row of rows) {
    const name = nameOf(row);
    const turned = byPair.get(nameOf({...row, model: row.other, other: row.model}));
    ledger.hold(name, turned !== undefined, "the comparison the other way round is missing");
    for (const [what, opposite] of [
      ["difference", "difference"],
      ["difference_lo", "difference_hi"],
      ["dm_t", "dm_t"],
    ] as const) {
      const expected = -((turned?.[opposite] as number) ?? Number.NaN);
      ledger.equal({
        row: name,
        what,
        found: row[what] as number,
        expected,
        because: `${opposite} the other way round, negated,`,
      });
    }
    checkP(row, {name, t: "dm_t", p: "dm_p", ledger});
    checkInterval(name, {
      what: "difference",
      value: row.difference as number,
      low: row.difference_lo as number,
      high: row.difference_hi as number,
      ledger,
    });
    const t = row.dm_t as number;
    ledger.hold(
      name,
      Number.isNaN(t) || Math.sign(t) === Math.sign(row.difference as number),
      `dm_t ${t} and the difference ${row.difference} have two signs`,
    );
    const [own, other] = [lines.get(MODEL_KEY(row)), lines.get(MODEL_KEY({...row, model: row.other}))];
    if (!own || !other) continue;
    ledger.equal({
      row: name,
      what: "difference",
      found: row.difference as number,
      expected: (own.qlike as number) - (other.qlike as number),
      because: "the difference of the leaderboard's QLIKE",
    });
    const suffix = row.other === BASELINE ? "rv20" : row.other === REFERENCE ? "har_vix" : undefined;
    if (suffix)
      ledger.equal({
        row: name,
        what: "dm_t",
        found: t,
        expected: own[`dm_t_${suffix}`] as number,
        because: "the leaderboard's",
      });
  }
}

/** p-values of Hansen's test are in order. */
export function checkSuperiorAbility(rows: Rows, ledger: Ledger): void {
  for (const row of rows) {
    const name = `${SPAN(row)} ${row.benchmark}`;
    for (const [low, high] of [
      ["p_lower", "p_consistent"],
      ["p_consistent", "p_upper"],
    ] as const)
      ledger.atMost({
        row: name,
        what: low,
        found: row[low] as number,
        expected: row[high] as number,
        because: high,
      });
    ledger.hold(name, row.best_rival !== row.benchmark, "the best rival is the model itself");
    const others = rows.filter(({horizon, period}) => horizon === row.horizon && period === row.period);
    ledger.equal({
      row: name,
      what: "rivals",
      found: row.rivals as number,
      expected: others.length - 1,
      because: "the number of other models",
    });
  }
}

/** Ten groups that make up all forecasts and rise; bias is a ratio within its interval. */
export function checkReliability(
  rows: Rows,
  {leaderboard, ledger}: {leaderboard: Rows; ledger: Ledger},
): void {
  const lines = new Map(leaderboard.map((row) => [MODEL_KEY(row), row]));
  for (const [key, own] of Map.groupBy(rows, MODEL_KEY)) {
    const groups = own.toSorted((a, b) => (a.decile as number) - (b.decile as number));
    const sum = (value: (row: EvaluationRow) => number) =>
      groups.reduce((total, row) => total + value(row), 0);
    for (const [i, row] of groups.entries()) {
      const name = `${key} decile ${row.decile}`;
      const bias = (row.var_hat as number) / (row.var as number);
      ledger.equal({
        row: name,
        what: "bias",
        found: row.bias as number,
        expected: bias,
        because: "var_hat / var",
      });
      checkInterval(name, {
        what: "bias",
        value: bias,
        low: row.bias_lo as number,
        high: row.bias_hi as number,
        ledger,
      });
      const next = groups[i + 1];
      if (next)
        ledger.atMost({
          row: name,
          what: "var_hat",
          found: row.var_hat as number,
          expected: next.var_hat as number,
          because: "that of the next group",
        });
    }
    const line = lines.get(key);
    if (!line) continue;
    ledger.equal({
      row: key,
      what: "n of all groups",
      found: sum(({n}) => n),
      expected: line.n,
      because: "the leaderboard's n",
    });
    ledger.equal({
      row: key,
      what: "bias",
      found: line.bias as number,
      expected: sum((row) => row.n * (row.var_hat as number)) / sum((row) => row.n * (row.var as number)),
      because: "what its ten groups make",
    });
  }
}

/** One critical value a model. */
export function checkFluctuation(rows: Rows, ledger: Ledger): void {
  for (const [key, own] of Map.groupBy(rows, ({horizon, model}) => `${horizon} ${model}`)) {
    for (const row of own)
      ledger.equal({
        row: key,
        what: "critical",
        found: row.critical as number,
        expected: own[0]!.critical as number,
        because: "that of the other windows",
      });
  }
}

function checkInterval(
  row: string,
  {what, value, low, high, ledger}: {what: string; value: number; low: number; high: number; ledger: Ledger},
): void {
  ledger.atMost({row, what: `${what}_lo`, found: low, expected: value, because: what});
  ledger.atMost({row, what, found: value, expected: high, because: `${what}_hi`});
}

// Student's t with as many degrees of freedom as rows compared, less one.
function checkP(
  row: EvaluationRow,
  {name, t, p, ledger}: {name: string; t: string; p: string; ledger: Ledger},
): void {
  const statistic = row[t] as number;
  const found = row[p] as number;
  ledger.hold(
    name,
    Number.isNaN(statistic) === Number.isNaN(found),
    `of ${t} ${statistic} and ${p} ${found} one is missing`,
  );
  if (Number.isNaN(statistic)) return;
  const least = studentTwoSided(statistic, row.n - 1);
  const compared = row.horizon === 1 ? (1 - UNCHANGED_SHARE) * row.n : row.n;
  const most = studentTwoSided(statistic, Math.max(1, compared - 1));
  ledger.hold(
    name,
    found >= least * (1 - 1e-9) - 1e-300 && found <= most * (1 + 1e-9) + 1e-300,
    `${p} is ${found}, but ${t} ${statistic} makes it ${least}`,
  );
}
