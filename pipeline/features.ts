// What was known at the close of each session?
import type {Config} from "../src/config.ts";
import {selectCatalogue} from "../src/features/catalogue.ts";
import {computeFeatures} from "../src/features/computeFeatures.ts";
import type {Frame} from "../src/frame.ts";
import {alignMarket, type Market} from "../src/market/align.ts";
import type {Bars} from "../src/market/bars.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {frameTable} from "../src/store/frameTable.ts";
import {isoDate} from "../src/units.ts";
import type {Stage} from "./stage.ts";
import {calendarOf, companions} from "./universe.ts";

export const featuresStage: Stage = {
  name: "features",
  does: "compute the features of the catalogue, as of each close",
  after: ["ingest"],
  reads: ["curated.market_daily"],
  writes: ["features_daily"],
  config: ["universe", "features"],
  async run({read, write, config}) {
    const features = featuresOf(barsBySymbol(await read("curated.market_daily")), config);
    const {rows, added, revised} = await write("features_daily", frameTable(features));
    const {length: count} = Object.keys(features.columns);
    return {features: count, rows, added, revised, newest: isoDate(features.sessions.at(-1)!)};
  },
};

/** The configured features of the configured universe. */
export function featuresOf(
  bars: ReadonlyMap<string, Bars>,
  {universe, features}: Pick<Config, "universe" | "features">,
): Frame {
  const entries = selectCatalogue({enableOptionalCorrelations: features.enable_optional_correlations});
  return computeFeatures(marketOf(bars, {universe}), entries);
}

/** The other series of the universe joined to the target's sessions. */
export function marketOf(bars: ReadonlyMap<string, Bars>, {universe}: Pick<Config, "universe">): Market {
  const {target} = universe;
  const targetBars = bars.get(target);
  if (!targetBars) throw new Error(`Cannot compute features: there is no bar of ${target}; run ingest first`);
  const others = Object.fromEntries(
    [...companions(universe)].flatMap(([role, symbol]) => {
      const found = bars.get(symbol);
      return found ? [[role, found]] : [];
    }),
  );
  return alignMarket({target: targetBars, others}, {calendarOf: calendarOf(universe)});
}
