// Is this model good enough to be published?

import type {GateName} from "./gateNames.ts";
import {BASELINE, type LeaderboardRow, REFERENCE} from "./scorecard.ts";

export interface Gate {
  readonly name: GateName;
  /** What is asked, in words. */
  readonly claim: string;
  readonly value: number;
  readonly threshold: number;
  /** Whether the figure exists: a history too short for a test has none, and is not held against the model. */
  readonly judged: boolean;
  readonly passed: boolean;
  /** Training fails where a blocking gate is judged and not passed; the others are reported. */
  readonly blocking: boolean;
}

export interface GateOptions {
  readonly model: string;
  readonly horizon: number;
  /** The period judged. Default "all". */
  readonly period?: string;
  /** Fractions of rv20's loss. */
  readonly minimumGainRmse: number;
  readonly minimumGainQlike: number;
  readonly dieboldMarianoT: number;
  readonly minimumBias: number;
  readonly maximumBias: number;
  /** Least p-value in the confidence set. Default .1: the 90 % set. */
  readonly confidenceSetP?: number;
  /** Least gain in QLIKE over rv20 of a calendar year, a fraction. Default 0. */
  readonly minimumGainYear?: number;
  /** A calendar year of fewer scored sessions is no year. Default 100. */
  readonly minimumYearSessions?: number;
  /** Default: the two the documents ask for. */
  readonly blocking?: readonly GateName[];
}

/** The documents' gates: gains on rv20. */
const DOCUMENT_GATES: readonly GateName[] = ["gain_rmse", "gain_qlike"];

/**
 * The gates of one model at one horizon: value, threshold, whether passed, whether it blocks. A gain that is
 * missing fails its gate; a figure that a short history cannot give is not judged.
 *
 * @throws {RangeError} if the leaderboard has no row of the model at the horizon and period
 */
export function evaluateGates(leaderboard: readonly LeaderboardRow[], options: GateOptions): Gate[] {
  const {model, horizon, period = "all", blocking = DOCUMENT_GATES} = options;
  const {confidenceSetP = 0.1, minimumGainYear = 0, minimumYearSessions = 100} = options;
  const own = leaderboard.filter((row) => row.model === model && row.horizon === horizon);
  const judged = own.find((row) => row.period === period);
  if (!judged) {
    throw new RangeError(
      `Cannot judge ${model} at ${horizon} sessions: the leaderboard has no row for the period ${period}`,
    );
  }
  const worstYear = own
    .filter((row) => /^\d{4}$/.test(row.period) && row.n >= minimumYearSessions)
    .reduce<LeaderboardRow | undefined>(
      (worst, row) => (!worst || row.gain_qlike_rv20 < worst.gain_qlike_rv20 ? row : worst),
      undefined,
    );
  const percent = (fraction: number) => `${+(100 * fraction).toFixed(2)} %`;
  const gates = [
    {
      name: "gain_rmse",
      claim: `RMSE of volatility at least ${percent(options.minimumGainRmse)} below ${BASELINE}`,
      value: judged.gain_rmse_rv20,
      threshold: options.minimumGainRmse,
      passes: atLeast,
    },
    {
      name: "gain_qlike",
      claim: `QLIKE of variance at least ${percent(options.minimumGainQlike)} below ${BASELINE}`,
      value: judged.gain_qlike_rv20,
      threshold: options.minimumGainQlike,
      passes: atLeast,
    },
    {
      name: "diebold_mariano",
      claim: `Diebold-Mariano t against ${REFERENCE} below ${options.dieboldMarianoT}`,
      value: judged.dm_t_har_vix,
      threshold: options.dieboldMarianoT,
      passes: below,
    },
    {
      name: "confidence_set",
      claim: `in the ${percent(1 - confidenceSetP)} model confidence set`,
      value: judged.mcs_p,
      threshold: confidenceSetP,
      passes: atLeast,
    },
    {
      name: "minimum_bias",
      claim: `mean variance forecast at least ${options.minimumBias} of the mean outcome`,
      value: judged.bias,
      threshold: options.minimumBias,
      passes: atLeast,
    },
    {
      name: "maximum_bias",
      claim: `mean variance forecast at most ${options.maximumBias} of the mean outcome`,
      value: judged.bias,
      threshold: options.maximumBias,
      passes: atMost,
    },
    {
      name: "worst_year",
      claim:
        minimumGainYear === 0
          ? `QLIKE no worse than ${BASELINE} in any calendar year${named(worstYear)}`
          : `QLIKE at least ${percent(minimumGainYear)} below ${BASELINE} in every calendar year${named(worstYear)}`,
      value: worstYear?.gain_qlike_rv20 ?? Number.NaN,
      threshold: minimumGainYear,
      passes: atLeast,
    },
  ] as const;
  return gates.map(({passes, ...gate}) => ({
    ...gate,
    judged: DOCUMENT_GATES.includes(gate.name) || !Number.isNaN(gate.value),
    passed: passes(gate.value, gate.threshold),
    blocking: blocking.includes(gate.name),
  }));
}

/** The gates that stop a publication: blocking, judged, and not passed. */
export function stoppingGates(gates: readonly Gate[]): Gate[] {
  return gates.filter(({blocking, judged, passed}) => blocking && judged && !passed);
}

function named(year: LeaderboardRow | undefined): string {
  return year ? ` (worst: ${year.period})` : "";
}

function atLeast(value: number, threshold: number): boolean {
  return value >= threshold;
}

function atMost(value: number, threshold: number): boolean {
  return value <= threshold;
}

function below(value: number, threshold: number): boolean {
  return value < threshold;
}
