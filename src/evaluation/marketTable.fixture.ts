// Which markets do tests of models look at? The simulated sample, and the shared history where it is at hand.

import {existsSync, readFileSync} from "node:fs";
import {computeFeatures} from "../features/computeFeatures.ts";
import type {Frame} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import {alignMarket} from "../market/align.ts";
import {type Bars, toBars} from "../market/bars.ts";
import {parseCsvBars} from "../market/csvBars.ts";
import {simulateMarket} from "../market/sample.ts";
import {sessionDate} from "../units.ts";
import {joinLabels} from "./marketTable.ts";
import type {MarketTable} from "./walkForward.ts";

/** Real bars, beside the repository: SPY, ^VIX, ^VIX3M, TLT, HYG to the end of 2023. */
const SHARED = new URL("../../../shared/market/", import.meta.url);
const FILES = {SPY: "SPY", "^VIX": "VIX", "^VIX3M": "VIX3M", TLT: "TLT", HYG: "HYG"};

export const hasSharedMarket = existsSync(SHARED);

/** Features and labels of the simulated market, with the truth that only the simulation knows. */
export function sampleTable({seed, first, last}: {seed: number; first: string; last: string}): MarketTable & {
  readonly truth: Frame;
} {
  const {bars, trueVariance} = simulateMarket({seed, first: sessionDate(first), last: sessionDate(last)});
  return {...marketTable(bars), truth: trueVariance};
}

/** Features and labels of the shared history, every bar as it stands. */
export function sharedTable(): MarketTable {
  return marketTable(
    Object.entries(FILES).map(([symbol, file]) => {
      const text = readFileSync(new URL(`${file}.csv`, SHARED), "utf8");
      return toBars(symbol, parseCsvBars(text, {file, symbols: new Set([symbol])}).bars);
    }),
  );
}

function marketTable(bars: readonly Bars[]): MarketTable {
  const of = (symbol: string) => bars.find((series) => series.symbol === symbol)!;
  const target = of("SPY");
  const others = {vix: of("^VIX"), vix3m: of("^VIX3M"), tlt: of("TLT"), hyg: of("HYG")};
  return joinLabels(computeFeatures(alignMarket({target, others})), computeLabels(target));
}
