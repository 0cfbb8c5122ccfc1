// Between what may be chosen after a model was fitted?

/**
 * How a model that fits logs answers in levels: by the smearing factors of its own fit (Duan 1983), as if its
 * training residuals were normal, or not at all.
 */
export const RETRANSFORMATIONS = ["smearing", "lognormal", "none"] as const;
export type RetransformationName = (typeof RETRANSFORMATIONS)[number];

/** What stands for the variance that came: the squared returns, or the daily ranges of the same sessions. */
export const PROXIES = ["squared returns", "ranges"] as const;
export type ProxyName = (typeof PROXIES)[number];

/** QLIKE and mse_variance (in % to the fourth) are of variance; the others are of volatility, in squared % and in %. */
export const LOSSES = ["qlike", "mse_volatility", "mae_volatility", "mse_variance"] as const;
export type LossName = (typeof LOSSES)[number];
