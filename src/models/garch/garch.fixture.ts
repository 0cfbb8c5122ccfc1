// Which specifications do the tests go through, and on which returns?

import {existsSync, readFileSync} from "node:fs";
import {logReturns} from "../../math/logReturns.ts";
import type {GarchParameters, GarchSpecification} from "./specification.ts";

const SHARED = new URL("../../../../shared/", import.meta.url);

/** To be shown where it is false: `it.skipIf(!hasShared)`. */
export const hasShared = existsSync(SHARED);

/** Every model with either innovation, and parameters typical of daily returns in percent. */
export const specifications: readonly {
  name: string;
  specification: GarchSpecification;
  parameters: GarchParameters;
}[] = (["garch", "gjr", "egarch"] as const).flatMap((variance) =>
  (["normal", "student"] as const).map((innovations) => ({
    name: `${variance}, ${innovations}`,
    specification: {variance, innovations, mean: "constant" as const},
    parameters: {
      mu: 0.05,
      omega: variance === "egarch" ? 0.004 : 0.02,
      alpha: {garch: 0.09, gjr: 0.03, egarch: 0.16}[variance],
      gamma: {garch: 0, gjr: 0.12, egarch: -0.1}[variance],
      beta: {garch: 0.89, gjr: 0.89, egarch: 0.97}[variance],
      nu: innovations === "student" ? 6 : null,
    },
  })),
);

/** Returns of the Deutschmark against sterling in percent: Bollerslev and Ghysels (1996). */
export function poundReturns(): Float64Array {
  const text = readFileSync(new URL("reference/garch/dmbp_bollerslev_ghysels.csv", SHARED), "utf8");
  const [, ...rows] = text.trim().split("\n");
  return Float64Array.from(rows, (row) => Number(row.split(",")[1]));
}

/** The published estimates on those. */
export function publishedGarch(): {
  params: Record<string, number>;
  std_err: Record<string, number>;
} {
  const text = readFileSync(new URL("reference/garch/published_garch11.json", SHARED), "utf8");
  return JSON.parse(text).garch11_normal_const_mean;
}

/** Log returns of a symbol's adjusted closes, sessions without one left out. */
export function sharedReturns(file: string): Float64Array {
  const [header = "", ...rows] = readFileSync(new URL(`market/${file}.csv`, SHARED), "utf8")
    .trim()
    .split("\n");
  const at = header.split(",").indexOf("adj_close");
  const closes = Float64Array.from(rows, (row) => Number(row.split(",")[at] || Number.NaN));
  return logReturns(closes.filter((close) => close > 0)).subarray(1);
}
