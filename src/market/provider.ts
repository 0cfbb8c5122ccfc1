// Where do bars come from, and what does a source promise about what it hands over?

import type {SessionDate} from "../units.ts";
import type {Bar, Bars, QuarantinedBar} from "./bars.ts";

export interface MarketRequest {
  readonly symbols: readonly string[];
  /** Bars dated later are left out, unseen. */
  readonly asOf: SessionDate;
  /** The instant of the run, ISO 8601; the only clock. */
  readonly now: string;
  /** What is stored already, by symbol: a source may then send only what follows or was revised. */
  readonly known?: ReadonlyMap<string, Bars>;
}

export interface MarketAnswer {
  /** As the source said them, unchecked, in no promised order. */
  readonly bars: readonly Bar[];
  /** What could not be read as a bar; NaN stands where a value was unreadable. */
  readonly quarantined: readonly QuarantinedBar[];
  /** What a reader of the log should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface MarketProvider {
  readonly source: "yahoo" | "csv" | "sample";
  /** Bars of every symbol asked for; an error, and never a part of them, where one cannot be had. */
  fetch(request: MarketRequest): Promise<MarketAnswer>;
}
