// How volatile did the sessions after each session turn out to be?
import {computeLabels} from "../src/labels/realizedVolatility.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {frameTable} from "../src/store/frameTable.ts";
import type {Stage} from "./stage.ts";

export const labelsStage: Stage = {
  name: "labels",
  does: "compute realized volatility of the sessions ahead",
  after: ["ingest"],
  reads: ["curated.market_daily"],
  writes: ["labels_daily"],
  config: ["universe"],
  async run({read, write, config}) {
    const bars = barsBySymbol(await read("curated.market_daily")).get(config.universe.target);
    if (!bars)
      throw new Error(
        `Cannot compute labels: there is no bar of ${config.universe.target}; run ingest first`,
      );
    const {rows, added, revised} = await write("labels_daily", frameTable(computeLabels(bars)));
    return {rows, added, revised};
  },
};
