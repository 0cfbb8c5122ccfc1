// What may be said of a model whatever choices are made?

import type {MultiverseCell} from "./multiverseCells.ts";
import {BASELINE, REFERENCE} from "./scorecard.ts";

export interface ClaimOptions {
  /** Share of cells in which a robust claim holds. */
  readonly threshold: number;
  /** A Diebold-Mariano t below this is beyond chance. */
  readonly significantT: number;
  /** A choice matters where it moves the loss by this much or more, as a fraction. */
  readonly matters: number;
  /** The feature set of the leaderboard: on a smaller one a model is another, and is asked apart. */
  readonly mainFeatures: string;
}

export interface MultiverseClaim {
  readonly claim: string;
  readonly words: string;
  readonly horizon: number;
  readonly model: string;
  /** Cells in which the claim can be tested; of a choice, sets of cells that differ in it alone. */
  readonly cells: number;
  readonly holding: number;
  readonly share: number;
  readonly threshold: number;
  /** 1 where share >= threshold, else 0. */
  readonly robust: number;
  /** The cell that speaks most against the claim: one of a set. */
  readonly worst_cell: string;
  /** Its gain, its t, or by which fraction the choice moves the loss there. */
  readonly worst_value: number;
}

/** The choices that can move a model's own loss, beside proxy and loss, which change its unit. */
const CHOICES = [
  {claim: "training_span_matters_little", columns: ["train_from", "window"], words: "the training span"},
  {claim: "refit_interval_matters_little", columns: ["refit_sessions"], words: "the refit interval"},
  {claim: "purge_matters_little", columns: ["purge_sessions"], words: "the length of the purge"},
  {claim: "features_matter_little", columns: ["features"], words: "the feature set"},
  {claim: "retransformation_matters_little", columns: ["retransformation"], words: "the retransformation"},
] as const;

/**
 * Each claim with the share of cells in which it holds, model by model. A claim is robust where that share
 * reaches the threshold: what holds under our choices alone is a choice, not a finding. Steegen, Tuerlinckx,
 * Gelman and Vanpaemel (2016); Simonsohn, Simmons and Nelson (2020).
 */
export function multiverseClaims(cells: readonly MultiverseCell[], options: ClaimOptions): MultiverseClaim[] {
  const models = [...new Set(cells.map(({model}) => model))];
  return models.flatMap((model) => {
    // In order of their names, so that of equals the same one is shown whichever thread was first.
    const own = cells.filter((cell) => cell.model === model).sort((a, b) => (a.cell < b.cell ? -1 : 1));
    return [
      ...[BASELINE, REFERENCE].flatMap((reference) => [
        ...comparisons(own, {model, reference, given: "", ...options}),
        ...comparisons(
          own.filter(({features}) => features === options.mainFeatures),
          {model, reference, given: "_given_all_features", ...options},
        ),
      ]),
      ...CHOICES.flatMap((choice) => sensitivity(own, {model, choice, ...options})),
    ];
  });
}

function comparisons(
  own: readonly MultiverseCell[],
  {model, reference, given, ...options}: ClaimOptions & {model: string; reference: string; given: string},
): MultiverseClaim[] {
  const where = given ? `, given the features ${options.mainFeatures}` : "";
  const cells = own.filter((cell) => cell.reference === reference && !Number.isNaN(cell.gain));
  const tested = cells.filter(({dm_t}) => !Number.isNaN(dm_t));
  const {significantT} = options;
  return [
    ...verdict(
      {claim: `beats_${reference}${given}`, words: `${model} loses less than ${reference}${where}`, model},
      cells.map((cell) => ({cell, holds: cell.gain > 0, value: cell.gain, badness: -cell.gain})),
      options,
    ),
    ...verdict(
      {
        claim: `beats_${reference}_significantly${given}`,
        words: `${model} loses less than ${reference} beyond chance (t < ${significantT})${where}`,
        model,
      },
      tested.map((cell) => ({cell, holds: cell.dm_t < significantT, value: cell.dm_t, badness: cell.dm_t})),
      options,
    ),
  ];
}

function sensitivity(
  own: readonly MultiverseCell[],
  {model, choice, ...options}: ClaimOptions & {model: string; choice: (typeof CHOICES)[number]},
): MultiverseClaim[] {
  // Against rv20, which has no choices, the ratio of losses is comparable where other sessions are scored.
  const sets = Map.groupBy(
    own.filter((cell) => cell.reference === BASELINE && cell.gain < 1),
    (cell) => keyWithout(cell, choice.columns),
  );
  const spreads = [...sets.values()].flatMap((set) => {
    if (set.length < 2) return [];
    const [least, most] = [best(set), set.reduce((a, b) => (b.gain < a.gain ? b : a))];
    const spread = (1 - most.gain) / (1 - least.gain) - 1;
    return [{cell: most, holds: spread < options.matters, value: spread, badness: spread}];
  });
  const words = `${choice.words} moves the loss of ${model} by less than ${+(100 * options.matters).toFixed(4)} %`;
  return verdict({claim: choice.claim, words, model}, spreads, options);
}

function best(set: readonly MultiverseCell[]): MultiverseCell {
  return set.reduce((a, b) => (b.gain > a.gain ? b : a));
}

function keyWithout(cell: MultiverseCell, columns: readonly (keyof MultiverseCell)[]): string {
  const choices: readonly (keyof MultiverseCell)[] = [
    "horizon",
    "train_from",
    "window",
    "refit_sessions",
    "purge_sessions",
    "features",
    "proxy",
    "loss",
    "retransformation",
  ];
  return choices
    .filter((name) => !columns.includes(name))
    .map((name) => cell[name])
    .join(" | ");
}

function verdict(
  {claim, words, model}: {claim: string; words: string; model: string},
  tests: readonly {cell: MultiverseCell; holds: boolean; value: number; badness: number}[],
  {threshold}: ClaimOptions,
): MultiverseClaim[] {
  if (tests.length === 0) return [];
  const holding = tests.filter(({holds}) => holds).length;
  const worst = tests.reduce((a, b) => (b.badness > a.badness ? b : a));
  const share = holding / tests.length;
  return [
    {
      claim,
      words,
      horizon: worst.cell.horizon,
      model,
      cells: tests.length,
      holding,
      share,
      threshold,
      robust: share >= threshold ? 1 : 0,
      worst_cell: worst.cell.cell,
      worst_value: worst.value,
    },
  ];
}
