// What does a lake know of one symbol, ready to try features and models on?

import {joinLabels} from "../evaluation/marketTable.ts";
import type {MarketTable} from "../evaluation/walkForward.ts";
import {featuresWith} from "../features/companions.ts";
import {computeFeatures} from "../features/computeFeatures.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import {alignMarket, MARKET_ROLES, type Market, type MarketRole} from "../market/align.ts";
import type {Bars} from "../market/bars.ts";
import type {CalendarOf} from "../market/tradingCalendar.ts";
import {barsBySymbol} from "../store/barsBySymbol.ts";
import type {LakeReader} from "../store/lakeFolder.ts";
import {targetOf} from "../store/lakeName.ts";

/** Features and outcomes of a symbol, a row a session, and the market columns that features are made of. */
export interface LabTable extends MarketTable {
  readonly symbol: string;
  readonly market: Market;
}

/** Whose table, and which series stand beside it. */
export interface LabTableOptions {
  /** The symbol whose volatility is forecast. Default: the lake's own target. */
  readonly target?: string;
  /** Symbols beside it by role; null for none. Default: those of ^VIX, ^VIX3M, TLT and HYG that the lake has. */
  readonly beside?: Readonly<Partial<Record<MarketRole, string | null>>>;
  /** Whose days a symbol trades on. Default: what the symbol tells. */
  readonly calendarOf?: CalendarOf;
}

const USUAL: Readonly<Record<MarketRole, string>> = {vix: "^VIX", vix3m: "^VIX3M", tlt: "TLT", hyg: "HYG"};

/**
 * The features of the catalogue and the outcomes of any bars: features that need a series which is not there are left
 * out, as the pipeline leaves them out.
 *
 * @param bars.others the series beside the target, by role
 */
export function createLabTable(
  {
    target,
    others = {},
  }: {readonly target: Bars; readonly others?: Readonly<Partial<Record<MarketRole, Bars>>>},
  {calendarOf}: Pick<LabTableOptions, "calendarOf"> = {},
): LabTable {
  const market = alignMarket({target, others}, calendarOf ? {calendarOf} : {});
  const roles = MARKET_ROLES.filter((role) => others[role]);
  const features = computeFeatures(market, featuresWith(roles));
  return {symbol: target.symbol, market, ...joinLabels(features, computeLabels(target))};
}

/**
 * The same of the lake's checked bars. On a lake as of a day, features and outcomes are those of that day.
 *
 * @throws {RangeError} if the lake has no bar of a symbol that was named, saying which it has
 */
export async function readLabTable(lake: LakeReader, options: LabTableOptions = {}): Promise<LabTable> {
  const bars = barsBySymbol(await lake.read("curated.market_daily"));
  const target = options.target ?? (await targetOf(lake.store)) ?? "";
  const others: Partial<Record<MarketRole, Bars>> = {};
  for (const role of MARKET_ROLES) {
    const named = options.beside?.[role];
    const symbol = named === undefined ? USUAL[role] : named;
    if (symbol === null || symbol === target || (named === undefined && !bars.has(symbol))) continue;
    others[role] = barsOf(bars, symbol);
  }
  return createLabTable({target: barsOf(bars, target), others}, options);
}

function barsOf(bars: ReadonlyMap<string, Bars>, symbol: string): Bars {
  const found = bars.get(symbol);
  if (found) return found;
  const there = bars.size > 0 ? [...bars.keys()].join(", ") : "no bars";
  throw new RangeError(
    `Cannot make a table of ${symbol}: the lake has ${there}; name one of them, or run "make ingest" first`,
  );
}
