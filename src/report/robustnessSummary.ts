// What holds whatever choices are made? The Robustness page before anything is queried.

import {type ChoiceEffect, choiceEffects, type EffectCell} from "../evaluation/choiceEffects.ts";
import type {MultiverseClaim} from "../evaluation/multiverseClaims.ts";
import {BASELINE, REFERENCE} from "../evaluation/scorecard.ts";
import type {Table} from "../store/table.ts";
import {tableRows} from "../store/tableRows.ts";
import {isoDate} from "../units.ts";

export interface RobustnessTables {
  readonly multiverse: Table;
  readonly multiverse_claims: Table;
  readonly targets: Table;
}

/** A committed search: docs/trials.csv. */
export interface SearchLine {
  readonly date: string;
  readonly question: string;
  readonly configurations: number;
  readonly span: string;
  readonly outcome: string;
}

export interface RobustnessRun {
  readonly champion: string;
  readonly period: string;
  /** The first of each list of the multiverse. */
  readonly main: Parameters<typeof choiceEffects>[1];
  readonly trials: {readonly lake: number; readonly committed: number; readonly total: number};
  readonly searches: readonly SearchLine[];
}

export interface RobustnessSummary extends RobustnessRun {
  /** Numbers as {{path|format}}. */
  readonly sentences: readonly string[];
  readonly tested: number; // claims
  readonly robust: number; // claims
  readonly baseline: string;
  readonly reference: string;
  /** Cells of the multiverse; 0 where it was not run. */
  readonly cells: number;
  readonly horizon: number;
  readonly models: readonly string[];
  readonly claims: readonly MultiverseClaim[];
  readonly effects: readonly ChoiceEffect[];
  readonly symbols: readonly string[];
}

export function summarizeRobustness(tables: RobustnessTables, run: RobustnessRun): RobustnessSummary {
  const claims = tableRows(tables.multiverse_claims) as unknown as MultiverseClaim[];
  const cells = (
    tableRows(tables.multiverse) as unknown as (Omit<EffectCell, "train_from"> & {
      train_from: number;
      horizon: number;
    })[]
  ).map((cell) => ({...cell, train_from: isoDate(cell.train_from)}));
  const models = [...new Set(claims.map(({model}) => model))].sort(
    (a, b) => Number(b === run.champion) - Number(a === run.champion),
  );
  return {
    ...run,
    sentences: sentences(claims, run.champion),
    tested: claims.length,
    robust: claims.filter(({robust}) => robust === 1).length,
    baseline: BASELINE,
    reference: REFERENCE,
    cells: cells.length,
    horizon: cells[0]?.horizon ?? 0,
    models,
    claims,
    effects: choiceEffects(
      cells.filter(({reference}) => reference === BASELINE),
      run.main,
    ),
    symbols: [...new Set((tableRows(tables.targets) as {symbol: string}[]).map(({symbol}) => symbol))],
  };
}

function sentences(claims: readonly MultiverseClaim[], champion: string): string[] {
  const tried = "At least {{robustness.trials.total|count}} configurations were tried on these years";
  if (claims.length === 0) {
    return [
      "The multiverse has not been run on this lake, so that nothing can be said of other choices: `make multiverse`, then `make report`.",
      `${tried}.`,
    ];
  }
  const at = claims.findIndex(({claim, model}) => claim === `beats_${REFERENCE}` && model === champion);
  const main =
    at < 0
      ? ""
      : `\`${champion}\` loses less than \`${REFERENCE}\` in {{robustness.claims.${at}.share|wholePercent}} of {{robustness.claims.${at}.cells|count}} cells that differ in training span, refits, purge, features, proxy, loss and retransformation.`;
  return [
    main,
    "{{robustness.robust|count}} of {{robustness.tested|count}} claims hold in at least {{robustness.claims.0.threshold|wholePercent}} of their cells and are called robust.",
    `${tried} before and beside them.`,
  ].filter((text) => text !== "");
}
