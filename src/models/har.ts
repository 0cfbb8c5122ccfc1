// What does the plain heterogeneous autoregression on squared returns say?

import {type HarFit, levelHar} from "./levelHar.ts";
import type {Model} from "./model.ts";

/** Squared returns of the last session, their means over a week and a month. */
export const HAR_FEATURES = ["sq_ret_mean_1d", "sq_ret_mean_5d", "sq_ret_mean_22d"] as const;

/**
 * y = b0 + b1 RV_1 + b5 RV_5 + b22 RV_22 in levels, RV_k the mean of the last k squared returns. Corsi
 * (2009).
 */
export const har: Model<HarFit> = levelHar({name: "har", features: HAR_FEATURES, weights: "equal"});
