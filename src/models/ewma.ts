// What does an exponential average of squared returns say?

import {column} from "../frame.ts";
import type {Model} from "./model.ts";
import {scaledVariance} from "./scaledVariance.ts";

/**
 * Variance: horizon x the RiskMetrics average of squared returns, decay .94. RiskMetrics (1996), section
 * 5.2.
 */
export const ewma: Model<null> = {
  name: "ewma",
  features: ["ewma_var_1d"],
  fit: () => null,
  forecast: (_fit, request) => scaledVariance(column(request.features, "ewma_var_1d"), request),
};
