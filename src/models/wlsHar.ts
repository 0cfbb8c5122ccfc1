// What is a regression in levels worth once its errors are weighed by their size, and once it reads ranges?

import {HAR_FEATURES} from "./har.ts";
import {type HarFit, levelHar} from "./levelHar.ts";
import type {Model} from "./model.ts";

/** Range variance of the last session, its means over a week and a month. */
export const RANGE_FEATURES = ["range_var_1d", "range_var_5d", "range_var_22d"] as const;

/**
 * `har` by weighted least squares, weights 1 / fitted value of the equal-weighted fit: equal weights let a
 * few weeks of 2008 decide. Patton and Sheppard (2015); Clements and Preve (2021).
 */
export const harWls: Model<HarFit> = levelHar({
  name: "har_wls",
  features: HAR_FEATURES,
  weights: "inverse_fitted",
});

/** The same on range variances, which say more of a session than its squared return. */
export const harRangeWls: Model<HarFit> = levelHar({
  name: "har_range_wls",
  features: RANGE_FEATURES,
  weights: "inverse_fitted",
});
