// What does the page need to ask the model itself? Its files, and some sessions with all that the features look back on.
import {MARKET_ROLES} from "../src/market/align.ts";
import {artifactFolder, artifactName} from "../src/registry/artifact.ts";
import {readHistory} from "../src/registry/history.ts";
import {MARKET_SESSIONS, PAGE_PREDICTION, type PageOrigin} from "../src/server/pagePredictor.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import {integers, numbers, type Table} from "../src/store/table.ts";
import {isoDate, sessionDate} from "../src/units.ts";
import {marketOf} from "./features.ts";
import type {RunContext} from "./stage.ts";

/** Days that readers know; each stands for the session on or before it. */
const KNOWN_DAYS = ["2008-10-10", "2011-08-08", "2017-10-06", "2018-02-05", "2020-03-16", "2022-06-13"];
const PRICES = ["open", "high", "low", "close", "volume"] as const;

export interface WhatIfView {
  /** The newest session first. */
  readonly origins: readonly PageOrigin[];
  readonly simulated: boolean;
}

/** Sessions to start from: the newest forecast's, and those of known days that have a forecast. */
export function whatIfView(
  {config, source}: Pick<RunContext, "config" | "source">,
  {
    bars,
    features,
    predictions,
  }: {readonly bars: Table; readonly features: Table; readonly predictions: Table},
): WhatIfView {
  const market = marketOf(barsBySymbol(bars), config);
  const dates = integers(predictions, "date");
  const rows = new Set([
    predictions.rows - 1,
    ...KNOWN_DAYS.map((day) => dates.findLastIndex((date) => date <= sessionDate(day))),
  ]);
  const origins = [...rows].flatMap((row): PageOrigin[] => {
    const day = dates[row];
    const end = day === undefined ? 0 : market.sessions.indexOf(day) + 1;
    if (end < MARKET_SESSIONS) return [];
    const part = (values: ArrayLike<number>): number[] =>
      Array.from(values).slice(end - MARKET_SESSIONS, end);
    const columns = [...PRICES, ...MARKET_ROLES].map((name) => [name, part(market[name])]);
    return [
      {
        date: isoDate(day!),
        row: rowOf(features, integers(features, "date").indexOf(day!)),
        prediction: Object.fromEntries(
          PAGE_PREDICTION.map((name) => [name, numbers(predictions, name)[row]!]),
        ),
        market: {sessions: part(market.sessions), ...Object.fromEntries(columns)} as PageOrigin["market"],
      },
    ];
  });
  return {origins, simulated: source === "sample"};
}

/** The served models' files by their names beside the pages: model/manifest_5.json, model/model_5.json. */
export async function modelFiles({
  lake,
  config,
}: Pick<RunContext, "lake" | "config">): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const horizon of config.horizons) {
    const name = artifactName(config.universe.target, horizon);
    const {champion} = await readHistory(lake.store, name);
    if (!champion) continue;
    for (const file of ["manifest", "model"]) {
      const bytes = await lake.store.get(`${artifactFolder(name, champion)}/${file}.json`);
      if (bytes) files[`model/${file}_${horizon}.json`] = bytes;
    }
  }
  return files;
}

function rowOf({columns}: Table, row: number): Record<string, number> {
  const numbers = Object.entries(columns).filter(([, values]) => values instanceof Float64Array);
  return Object.fromEntries(numbers.map(([name, values]) => [name, values[row] as number]));
}
