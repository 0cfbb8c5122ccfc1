// Can all published numbers be right at once? A gain follows from its levels, a p from its statistic, parts from a whole.

import {EVALUATED} from "../store/evaluationDatasets.ts";
import type {Table} from "../store/table.ts";
import {tableRows} from "../store/tableRows.ts";
import {checkAnatomy, checkContributions, checkImportance} from "./consistency/explanationRules.ts";
import {
  checkCoverage,
  checkIntervals,
  checkLabels,
  checkPredictions,
  checkWeights,
} from "./consistency/forecastRules.ts";
import {type Inconsistency, type Ledger, openLedger, rowName} from "./consistency/ledger.ts";
import {
  checkEffective,
  checkFluctuation,
  checkLeaderboard,
  checkModelTests,
  checkReliability,
  checkSuperiorAbility,
  type EvaluationRow,
} from "./consistency/lossRules.ts";
import {
  checkCertificate,
  checkClaims,
  checkMultiverse,
  checkOracle,
  checkTargets,
} from "./consistency/robustnessRules.ts";

export type {Inconsistency} from "./consistency/ledger.ts";

export interface ConsistencyOptions {
  readonly champion: string;
  /** The method of the published intervals. */
  readonly intervalMethod: string;
}

export interface ConsistencyReport {
  readonly inconsistencies: readonly Inconsistency[];
  /** Relations looked at, by dataset. */
  readonly checked: Readonly<Record<string, number>>;
}

const KEYS: Readonly<Record<(typeof EVALUATED)[number], readonly string[]>> = {
  leaderboard: ["horizon", "period", "model"],
  model_tests: ["horizon", "period", "model", "other"],
  superior_ability: ["horizon", "period", "benchmark"],
  fluctuation: ["horizon", "model", "date"],
  calibration: ["horizon", "period", "model", "scale"],
  reliability: ["horizon", "period", "model", "decile"],
};

/**
 * Every relation between the published tables that arithmetic demands. It uses no data beside them: what it finds is a
 * contradiction within what is published, whoever made it.
 *
 * @param tables by dataset; relations of a dataset that is absent or without rows are not looked at
 */
export function checkConsistency(
  tables: Readonly<Record<string, Table>>,
  {champion, intervalMethod}: ConsistencyOptions,
): ConsistencyReport {
  const ledgers = new Map<string, Ledger>();
  const ledgerOf = (dataset: string): Ledger => {
    const ledger = ledgers.get(dataset) ?? openLedger(dataset);
    ledgers.set(dataset, ledger);
    return ledger;
  };
  const present = (...names: readonly string[]): boolean =>
    names.every((name) => (tables[name]?.rows ?? 0) > 0);
  const rowsOf = (name: string): EvaluationRow[] =>
    present(name) ? (tableRows(tables[name]!) as unknown as EvaluationRow[]) : [];

  const leaderboard = rowsOf("leaderboard");
  for (const dataset of EVALUATED) {
    const nameOf = (row: EvaluationRow) => rowName(row, KEYS[dataset]);
    checkEffective(rowsOf(dataset), {ledger: ledgerOf(dataset), nameOf});
  }
  checkLeaderboard(leaderboard, ledgerOf("leaderboard"));
  checkModelTests(rowsOf("model_tests"), {leaderboard, ledger: ledgerOf("model_tests")});
  checkSuperiorAbility(rowsOf("superior_ability"), ledgerOf("superior_ability"));
  checkFluctuation(rowsOf("fluctuation"), ledgerOf("fluctuation"));
  checkReliability(rowsOf("reliability"), {leaderboard, ledger: ledgerOf("reliability")});
  checkCoverage(rowsOf("coverage"), ledgerOf("coverage"));
  checkWeights(rowsOf("combination_weights"), ledgerOf("combination_weights"));
  checkImportance(rowsOf("importance"), ledgerOf("importance"));
  checkAnatomy(rowsOf("loss_anatomy"), ledgerOf("loss_anatomy"));
  checkMultiverse(rowsOf("multiverse"), ledgerOf("multiverse"));
  checkClaims(rowsOf("multiverse_claims"), ledgerOf("multiverse_claims"));
  checkOracle(rowsOf("oracle"), ledgerOf("oracle"));
  checkCertificate(rowsOf("certificate"), ledgerOf("certificate"));
  checkTargets(rowsOf("targets"), ledgerOf("targets"));
  if (present("labels_daily")) checkLabels(tables.labels_daily!, ledgerOf("labels_daily"));
  if (present("intervals_daily")) checkIntervals(tables.intervals_daily!, ledgerOf("intervals_daily"));
  if (present("predictions_daily", "walkforward_daily", "intervals_daily")) {
    const {walkforward_daily: walkforward, intervals_daily: intervals} = tables;
    checkPredictions(tables.predictions_daily!, {
      walkforward: walkforward!,
      intervals: intervals!,
      champion,
      method: intervalMethod,
      ledger: ledgerOf("predictions_daily"),
    });
  }
  if (present("shap_daily", "predictions_daily"))
    checkContributions(tables.shap_daily!, {
      predictions: tables.predictions_daily!,
      ledger: ledgerOf("shap_daily"),
    });
  return {
    inconsistencies: [...ledgers.values()].flatMap((ledger) => ledger.inconsistencies),
    checked: Object.fromEntries([...ledgers].map(([dataset, {checked}]) => [dataset, checked])),
  };
}
