// Which features are there, and which of them does each model take?

import type {Horizon} from "../units.ts";
import {calendarFeatures} from "./calendarFeatures.ts";
import {documentFeatures} from "./documentFeatures.ts";
import type {Feature} from "./feature.ts";
import {dynamicsFeatures, ratioFeatures, regressionFeatures} from "./modelFeatures.ts";
import {sessionFeatures} from "./sessionFeatures.ts";
import {varianceFeatures} from "./varianceFeatures.ts";

/** Every feature there is, each after the ones it is derived from. */
export const catalogue: readonly Feature[] = [
  ...documentFeatures,
  ...sessionFeatures,
  ...varianceFeatures,
  ...regressionFeatures,
  ...dynamicsFeatures,
  ...ratioFeatures,
  ...calendarFeatures,
];

/** The 14 features the requirements name, in their order. */
export const DOCUMENT_FEATURES: readonly string[] = documentFeatures.map(({name}) => name);

/** What the log-HAR-range-VIX regression with leverage takes, beside its constant. */
export const ANCHOR_FEATURES: readonly string[] = regressionFeatures.map(({name}) => name);

/** How VIX moved to where it is: the price of options reacts within a day to what takes the ranges a week. */
export const VIX_DYNAMICS_FEATURES: readonly string[] = ["vix_ret_1d", "vix_ret_5d", "vix_gap_22d"];

/** The positive counterparts of leverage. */
export const GAIN_FEATURES: readonly string[] = ["gain_1d", "gain_5d"];

/** What is known of the sessions ahead by their dates. */
export function calendarFeatureNames(horizon: Horizon): readonly string[] {
  return [`jobs_reports_ahead_${horizon}d`, `year_end_ahead_${horizon}d`];
}

/** What the trees boosted on that regression take. The level of VIX is the regression's own: to a tree any log of it is one. */
export const RATIO_FEATURES: readonly string[] = [
  ...ratioFeatures.map(({name}) => name),
  "log_vix_var",
  "drawdown_60d",
  "neg_semivar_share_22d",
  "vix_ret_5d",
];

/** The catalogue under the configuration's flags. */
export function selectCatalogue({
  enableOptionalCorrelations,
}: {
  readonly enableOptionalCorrelations: boolean;
}): readonly Feature[] {
  return enableOptionalCorrelations ? catalogue : catalogue.filter((entry) => entry.optional === undefined);
}
