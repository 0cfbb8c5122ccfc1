// What do option prices say, taken at their word?

import {column} from "../frame.ts";
import {SESSIONS_PER_YEAR} from "../units.ts";
import type {Model} from "./model.ts";
import {scaledVariance} from "./scaledVariance.ts";

/** Variance: (vix / 100)^2 x horizon / 252. The price includes a premium for risk, so it runs high. */
export const vix: Model<null> = {
  name: "vix",
  features: ["vix"],
  fit: () => null,
  forecast(_fit, request) {
    const daily = column(request.features, "vix").map((points) => (points / 100) ** 2 / SESSIONS_PER_YEAR);
    return scaledVariance(daily, request);
  },
};
