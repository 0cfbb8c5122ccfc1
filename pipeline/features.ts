// What was known at the close of each session?
import {selectCatalogue} from "../src/features/catalogue.ts";
import {computeFeatures} from "../src/features/computeFeatures.ts";
import {alignMarket} from "../src/market/align.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {frameTable} from "../src/store/frameTable.ts";
import {isoDate} from "../src/units.ts";
import type {Stage} from "./stage.ts";

export const featuresStage: Stage = {
  name: "features",
  does: "compute the features of the catalogue, as of each close",
  after: ["ingest"],
  reads: ["curated.market_daily"],
  writes: ["features_daily"],
  config: ["universe", "features"],
  async run({read, write, config}) {
    const {target, vix, vix3m, bonds, credit} = config.universe;
    const bars = barsBySymbol(await read("curated.market_daily"));
    const targetBars = bars.get(target);
    if (!targetBars)
      throw new Error(`Cannot compute features: there is no bar of ${target}; run ingest first`);
    const others = Object.fromEntries(
      Object.entries({vix, vix3m, tlt: bonds, hyg: credit}).flatMap(([role, symbol]) => {
        const found = bars.get(symbol);
        return found ? [[role, found]] : [];
      }),
    );
    const entries = selectCatalogue({
      enableOptionalCorrelations: config.features.enable_optional_correlations,
    });
    const features = computeFeatures(alignMarket({target: targetBars, others}), entries);
    const {rows, added, revised} = await write("features_daily", frameTable(features));
    return {features: entries.length, rows, added, revised, newest: isoDate(features.sessions.at(-1)!)};
  },
};
