// Do the tables that judge the whole study hold together: the multiverse, the oracle, the certificate, other targets?

import {BASELINE} from "../../evaluation/scorecard.ts";
import type {Ledger} from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** A cell's gain follows from its losses, and ranks follow from gains. */
export function checkMultiverse(rows: readonly Row[], ledger: Ledger): void {
  for (const row of rows) {
    const expected = 1 - (row.loss_model as number) / (row.loss_reference as number);
    ledger.equal({
      row: row.cell as string,
      what: "gain",
      found: row.gain as number,
      expected,
      because: "1 - loss_model / loss_reference",
    });
  }
  for (const [key, own] of Map.groupBy(rows, ({model, reference}) => `${model} against ${reference}`)) {
    const ranked = own.toSorted((a, b) => (a.rank as number) - (b.rank as number));
    for (const [i, row] of ranked.entries()) {
      ledger.equal({
        row: row.cell as string,
        what: "rank",
        found: row.rank as number,
        expected: i + 1,
        because: `its place among the cells of ${key}`,
      });
      const next = ranked[i + 1];
      if (next)
        ledger.atMost({
          row: row.cell as string,
          what: "gain",
          found: row.gain as number,
          expected: next.gain as number,
          because: "that of the next rank",
        });
    }
  }
}

/** A share follows from its counts, a verdict from its share. */
export function checkClaims(rows: readonly Row[], ledger: Ledger): void {
  for (const row of rows) {
    const name = `${row.horizon} ${row.model} ${row.claim}`;
    const share = row.share as number;
    ledger.equal({
      row: name,
      what: "share",
      found: share,
      expected: (row.holding as number) / (row.cells as number),
      because: "holding / cells",
    });
    const threshold = row.threshold as number;
    if (!Number.isNaN(threshold))
      ledger.equal({
        row: name,
        what: "robust",
        found: row.robust as number,
        expected: share >= threshold ? 1 : 0,
        because: `a share of ${share} against ${threshold}`,
      });
  }
}

/** The distance to the oracle is a difference of losses. */
export function checkOracle(rows: readonly Row[], ledger: Ledger): void {
  for (const row of rows)
    ledger.equal({
      row: `${row.horizon} ${row.model} ${row.period}`,
      what: "excess",
      found: row.excess as number,
      expected: (row.qlike as number) - (row.qlike_oracle as number),
      because: "qlike - qlike_oracle",
    });
}

/** What passed has no violation and was really tried; what did not pass names its first. */
export function checkCertificate(rows: readonly Row[], ledger: Ledger): void {
  for (const row of rows) {
    const name = [row.kind, row.name, row.horizon].filter((part) => part !== null).join(" ");
    const cleared = row.violations === 0 && (row.cells as number) > 0;
    ledger.equal({
      row: name,
      what: "passed",
      found: row.passed as number,
      expected: cleared ? 1 : 0,
      because: `${row.violations} violations in ${row.cells} cells`,
    });
    ledger.atMost({
      row: name,
      what: "violations",
      found: row.violations as number,
      expected: row.changes as number,
      because: "the changes tried",
    });
    ledger.hold(name, /^[0-9a-f]{64}$/.test(row.sha256 as string), `${row.sha256} is no SHA-256`);
  }
}

/** Gains of every symbol follow from its own baseline. */
export function checkTargets(rows: readonly Row[], ledger: Ledger): void {
  for (const [key, own] of Map.groupBy(rows, ({symbol, horizon}) => `${symbol} ${horizon}`)) {
    const baseline = own.find(({model}) => model === BASELINE);
    for (const row of own) {
      const name = `${key} ${row.model}`;
      for (const [what, level] of [
        ["gain_qlike_rv20", "qlike"],
        ["gain_rmse_rv20", "rmse_pct"],
      ] as const)
        ledger.equal({
          row: name,
          what,
          found: row[what] as number,
          expected: baseline ? 1 - (row[level] as number) / (baseline[level] as number) : Number.NaN,
          because: `1 - ${level} / ${level} of ${BASELINE}`,
        });
      ledger.equal({
        row: name,
        what: "n_effective",
        found: row.n_effective as number,
        expected: (row.n as number) / (row.horizon as number),
        because: "n / horizon",
      });
    }
  }
}
