// How volatile did the sessions after each session turn out to be?
import type {Config} from "../src/config.ts";
import type {Frame} from "../src/frame.ts";
import {computeLabels} from "../src/labels/realizedVolatility.ts";
import type {Bars} from "../src/market/bars.ts";
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
    const labels = labelsOf(barsBySymbol(await read("curated.market_daily")), config);
    const {rows, added, revised} = await write("labels_daily", frameTable(labels));
    return {rows, added, revised};
  },
};

/** The labels of the configured target. */
export function labelsOf(bars: ReadonlyMap<string, Bars>, {universe}: Pick<Config, "universe">): Frame {
  const target = bars.get(universe.target);
  if (!target)
    throw new Error(`Cannot compute labels: there is no bar of ${universe.target}; run ingest first`);
  return computeLabels(target);
}
