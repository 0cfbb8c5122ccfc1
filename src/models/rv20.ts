// What does the last month say about the next days? The required baseline.

import {column} from "../frame.ts";
import type {Model} from "./model.ts";
import {scaledVariance} from "./scaledVariance.ts";

/** Variance: horizon x the mean of the last 20 squared log returns. Nothing is fitted. */
export const rv20: Model<null> = {
  name: "rv20",
  features: ["sq_ret_mean_20d"],
  fit: () => null,
  forecast: (_fit, request) => scaledVariance(column(request.features, "sq_ret_mean_20d"), request),
};
