// Does variance of a falling session foretell more than variance of a rising one?

import {column, type Frame} from "../frame.ts";
import {type HarFit, levelHar} from "./levelHar.ts";
import type {Model} from "./model.ts";
import {RANGE_FEATURES} from "./wlsHar.ts";

const [SESSION, WEEK, MONTH] = RANGE_FEATURES;

/**
 * y = b0 + b+ R_1 [r > 0] + b- R_1 [r <= 0] + b5 R_5 + b22 R_22 by weighted least squares, R_k the mean range
 * variance of k sessions. Patton and Sheppard (2015) part the session's variance into
 * semivariances of intraday returns; a daily bar has one return, whose sign takes all of it.
 */
export const shar: Model<HarFit> = levelHar({
  name: "shar",
  features: ["spy_ret_1d", ...RANGE_FEATURES],
  regressors: {names: ["range_var_up", "range_var_down", WEEK, MONTH], of: semivariances},
  weights: "inverse_fitted",
});

function semivariances(features: Frame): Frame {
  const returns = column(features, "spy_ret_1d");
  const session = column(features, SESSION);
  const where = (isCounted: (ret: number) => boolean): Float64Array =>
    session.map((variance, t) => {
      const ret = returns[t]!;
      if (Number.isNaN(ret)) return Number.NaN;
      return isCounted(ret) ? variance : 0 * variance; // a missing variance stays missing
    });
  return {
    sessions: features.sessions,
    columns: {
      range_var_up: where((ret) => ret > 0),
      range_var_down: where((ret) => ret <= 0),
      [WEEK]: column(features, WEEK),
      [MONTH]: column(features, MONTH),
    },
  };
}
