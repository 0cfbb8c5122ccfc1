// Is this model good enough to be published?

import {BASELINE, type LeaderboardRow, REFERENCE} from "./scorecard.ts";

export interface Gate {
  readonly name: string;
  /** What is asked, in words. */
  readonly claim: string;
  readonly value: number;
  readonly threshold: number;
  readonly passed: boolean;
  /** Training fails where a blocking gate does; the others are reported. */
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
}

/** A model is in the 90 % model confidence set iff its p-value is at least this. */
const CONFIDENCE_SET_LEVEL = 0.1;

/**
 * The gates of one model at one horizon. The documents' two, gains on rv20, block; those that decide between
 * good models are shown. A figure that is missing fails its gate.
 *
 * @throws {RangeError} if the leaderboard has no row of the model at the horizon and period
 */
export function evaluateGates(leaderboard: readonly LeaderboardRow[], options: GateOptions): Gate[] {
  const {model, horizon, period = "all"} = options;
  const own = leaderboard.filter((row) => row.model === model && row.horizon === horizon);
  const judged = own.find((row) => row.period === period);
  if (!judged) {
    throw new RangeError(
      `Cannot judge ${model} at ${horizon} sessions: the leaderboard has no row for the period ${period}`,
    );
  }
  const worstYear = own
    .filter((row) => /^\d{4}$/.test(row.period) && !Number.isNaN(row.gain_qlike_rv20))
    .reduce<LeaderboardRow | undefined>(
      (worst, row) => (!worst || row.gain_qlike_rv20 < worst.gain_qlike_rv20 ? row : worst),
      undefined,
    );
  const percent = (fraction: number) => `${+(100 * fraction).toFixed(2)} %`;
  return [
    atLeast({
      name: "gain_rmse",
      claim: `RMSE of volatility at least ${percent(options.minimumGainRmse)} below ${BASELINE}`,
      value: judged.gain_rmse_rv20,
      threshold: options.minimumGainRmse,
      blocking: true,
    }),
    atLeast({
      name: "gain_qlike",
      claim: `QLIKE of variance at least ${percent(options.minimumGainQlike)} below ${BASELINE}`,
      value: judged.gain_qlike_rv20,
      threshold: options.minimumGainQlike,
      blocking: true,
    }),
    atMost({
      name: "diebold_mariano",
      claim: `Diebold-Mariano t against ${REFERENCE} at most ${options.dieboldMarianoT}`,
      value: judged.dm_t_har_vix,
      threshold: options.dieboldMarianoT,
    }),
    atLeast({
      name: "confidence_set",
      claim: "in the 90 % model confidence set",
      value: judged.mcs_p,
      threshold: CONFIDENCE_SET_LEVEL,
      blocking: false,
    }),
    atLeast({
      name: "minimum_bias",
      claim: `mean variance forecast at least ${options.minimumBias} of the mean outcome`,
      value: judged.bias,
      threshold: options.minimumBias,
      blocking: false,
    }),
    atMost({
      name: "maximum_bias",
      claim: `mean variance forecast at most ${options.maximumBias} of the mean outcome`,
      value: judged.bias,
      threshold: options.maximumBias,
    }),
    atLeast({
      name: "worst_year",
      claim: `QLIKE no worse than ${BASELINE} in any calendar year${worstYear ? ` (worst: ${worstYear.period})` : ""}`,
      value: worstYear?.gain_qlike_rv20 ?? Number.NaN,
      threshold: 0,
      blocking: false,
    }),
  ];
}

function atLeast(gate: Omit<Gate, "passed">): Gate {
  return {...gate, passed: gate.value >= gate.threshold};
}

function atMost(gate: Omit<Gate, "passed" | "blocking">): Gate {
  return {...gate, passed: gate.value <= gate.threshold, blocking: false};
}
