// What does a market look like that follows no rule at all? Tests compute features on it.

import {alignMarket, type Market} from "../market/align.ts";
import {createRandom} from "../random.ts";
import {randomBars} from "./randomBars.ts";

/** 420 sessions of a target with all other series, of which VIX3M and HYG start later. */
export function randomMarket(seed = 0): Market {
  const random = createRandom(seed);
  const index = {level: 20, volatility: 0.06};
  const late = {firstDay: 10_120, count: 340};
  return alignMarket({
    target: randomBars(random, {level: 100}),
    others: {
      vix: randomBars(random, index),
      vix3m: randomBars(random, {...index, ...late}),
      tlt: randomBars(random, {level: 90, volatility: 0.008}),
      hyg: randomBars(random, {level: 75, volatility: 0.005, ...late}),
    },
  });
}
