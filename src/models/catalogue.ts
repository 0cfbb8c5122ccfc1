// Which models are there, what is each equation, and how often is it refitted?

import {anchored} from "./anchored.ts";
import {cart} from "./cart.ts";
import {ewma} from "./ewma.ts";
import {forest} from "./forest.ts";
import {egarch, egarchT, garch, garchT, gjr, gjrT} from "./garch/garchModels.ts";
import {gbdt} from "./gbdt.ts";
import {har} from "./har.ts";
import {logHarRange, logHarVix} from "./logHar.ts";
import {logHarGamma} from "./logHarGamma.ts";
import type {Model, TrainingWindow} from "./model.ts";
import {rv20} from "./rv20.ts";
import {shar} from "./shar.ts";
import {thresholdHar} from "./thresholdHar.ts";
import {vix} from "./vix.ts";
import {harRangeWls, harWls} from "./wlsHar.ts";

export interface CatalogueEntry {
  readonly model: Model;
  readonly title: string;
  /** How the forecast is made, in one line. */
  readonly equation: string;
  readonly source: string;
  /** Sessions from one refit to the next, unless the configuration says otherwise. */
  readonly refitEvery: number;
  readonly window: TrainingWindow;
  /** Features without which there is no such model; the others a fit can do without. None where left out. */
  readonly needs?: readonly string[];
}

/** Every model of the leaderboard, from the plainest on. */
export const modelCatalogue: readonly CatalogueEntry[] = [
  {
    model: rv20,
    title: "20-day realized volatility",
    equation: "variance = h × mean of the last 20 squared returns",
    source: "the required baseline",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: ewma,
    title: "Exponential average",
    equation: "variance = h × v, v = .94 v' + .06 r²",
    source: "RiskMetrics (1996)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: vix,
    title: "VIX as it stands",
    equation: "variance = (vix / 100)² × h / 252",
    source: "Cboe (2019)",
    refitEvery: 21,
    window: "expanding",
    needs: ["vix"],
  },
  {
    model: har,
    title: "HAR on squared returns",
    equation: "variance = b0 + b1 RV(1) + b5 RV(5) + b22 RV(22), least squares, insanity filter",
    source: "Corsi (2009)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: harWls,
    title: "HAR on squared returns, weighted",
    equation: "har by least squares weighted by 1 / fitted value",
    source: "Patton and Sheppard (2015), Clements and Preve (2021)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: harRangeWls,
    title: "HAR on ranges, weighted",
    equation: "variance = b0 + b1 R(1) + b5 R(5) + b22 R(22), R the mean range variance, weighted as har_wls",
    source: "Corsi (2009), Garman and Klass (1980)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: shar,
    title: "Semivariance HAR on ranges",
    equation: "har_range_wls with R(1) of rising and of falling sessions apart",
    source: "Patton and Sheppard (2015)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: logHarRange,
    title: "HAR on log ranges",
    equation: "ln variance = b0 + b1 ln R(1) + b5 ln R(5) + b22 ln R(22), R the mean range variance",
    source: "Corsi (2009), Garman and Klass (1980)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: logHarVix,
    title: "HAR on log ranges, VIX and leverage",
    equation: "log_har_range + ln VIX variance + leverage of 1 and 5 sessions: 7 coefficients",
    source: "Corsi (2009), Corsi and Renò (2012)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: thresholdHar,
    title: "log_har_vix in two regimes of VIX",
    equation: "log_har_vix once for VIX up to a threshold and once above it, threshold by least squares",
    source: "Tong and Lim (1980), Hansen (2000)",
    refitEvery: 63,
    window: "expanding",
  },
  {
    model: logHarGamma,
    title: "The regression by least QLIKE",
    equation:
      "ln variance = log_har_vix + changes of VIX + gains + calendar ahead, gamma deviance with a ridge, on squared returns and ranges",
    source: "Patton (2011), McCullagh and Nelder (1989)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: garch,
    title: "GARCH(1,1)",
    equation: "variance = sum of E[σ²], σ² = ω + α e² + β σ² of the session before",
    source: "Bollerslev (1986)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: garchT,
    title: "GARCH(1,1), Student t",
    equation: "garch by the likelihood of Student's t",
    source: "Bollerslev (1987)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: gjr,
    title: "GJR-GARCH(1,1,1)",
    equation: "garch, the news of a decline being (α + γ) e²",
    source: "Glosten, Jagannathan and Runkle (1993)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: gjrT,
    title: "GJR-GARCH(1,1,1), Student t",
    equation: "gjr by the likelihood of Student's t",
    source: "Glosten, Jagannathan and Runkle (1993), Bollerslev (1987)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: egarch,
    title: "EGARCH(1,1)",
    equation: "variance = sum of E[σ²], ln σ² = ω + α (|z| - E|z|) + γ z + β ln σ² of the session before",
    source: "Nelson (1991)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: egarchT,
    title: "EGARCH(1,1), Student t",
    equation: "egarch by the likelihood of Student's t",
    source: "Nelson (1991), Bollerslev (1987)",
    refitEvery: 21,
    window: "expanding",
  },
  {
    model: cart,
    title: "One regression tree",
    equation:
      "volatility = a tree of depth 4 on 14 features, last 1,000 sessions; variance = its square x a factor",
    source: "Breiman et al. (1984), ml-cart",
    refitEvery: 252, // its split search is quadratic in the rows
    window: {sessions: 1000},
  },
  {
    model: gbdt,
    title: "Boosted trees on the 14 required features",
    equation: "ln variance = 200 trees of depth 3 on 14 features in levels",
    source: "Friedman (2001), Chen and Guestrin (2016)",
    refitEvery: 63,
    window: "expanding",
  },
  {
    model: forest,
    title: "Random forest on the 14 required features",
    equation: "ln variance = mean of 100 trees of depth 8 on 14 features in levels",
    source: "Breiman (2001)",
    refitEvery: 252, // a hundred deep trees a fit, and half a megabyte to keep
    window: "expanding",
  },
  {
    model: anchored,
    title: "Regression, then boosted trees on what it leaves",
    equation:
      "ln variance = log_har_vix + changes of VIX + calendar ahead + the mean of 5 × 80 trees of depth 3 on ratio features",
    source: "Friedman (2001) on Corsi (2009)",
    refitEvery: 63,
    window: "expanding",
  },
];

/**
 * The entry of a model by name.
 *
 * @throws {RangeError} if there is none, naming those there are
 */
export function catalogueEntry(name: string): CatalogueEntry {
  const entry = modelCatalogue.find(({model}) => model.name === name);
  if (entry) return entry;
  const names = modelCatalogue.map(({model}) => model.name).join(", ");
  throw new RangeError(`Cannot find the model ${name}: there are ${names}`);
}

/** The models, by name, that can do with these features: a target without an implied index has no model `vix`. */
export function modelsWith(features: ReadonlySet<string>, names: readonly string[]): string[] {
  return names.filter((name) => (catalogueEntry(name).needs ?? []).every((feature) => features.has(feature)));
}
