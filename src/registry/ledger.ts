// What was said before the outcome was known? One record a session, chained and never changed; scored when it is known.
import type {ObjectStore} from "../store/objectStore.ts";
import {isoDate} from "../units.ts";
import {appendToChain, ChainBroken, type Chained, chainHead, readChain} from "./chain.ts";
import type {Recording} from "./promotion.ts";

export const LEDGER = "ledger";

/** A forecast of one horizon; volatilities over the horizon, not annualised. */
export interface LiveForecast {
  readonly horizon: number;
  readonly model: string;
  readonly model_version: string;
  readonly rv_hat: number;
  readonly var_hat: number;
  /** Ends of the interval and its promised coverage; null before enough outcomes were known. */
  readonly lo: number | null;
  readonly hi: number | null;
  readonly coverage: number | null;
}

/** What was said of the sessions after a session. Its `created_at` is when. */
export interface LedgerEntry {
  /** The newest session that was known, YYYY-MM-DD. */
  readonly date: string;
  readonly run: string;
  /** The record of the same session that this one comes after; null where it is the first, the one that is scored. */
  readonly supersedes: number | null;
  readonly forecasts: readonly LiveForecast[];
}

export type LedgerRecord = Chained<LedgerEntry>;

/**
 * All live forecasts in the order in which they were made, verified.
 *
 * @throws {ChainBroken} naming the records that were edited, replaced or removed
 */
export async function readLedger(store: ObjectStore): Promise<LedgerRecord[]> {
  return readChain<LedgerEntry>(store, LEDGER);
}

/**
 * Records the forecasts made after a session's close. The caller makes sure that no outcome is known. The same ones
 * again are not recorded; others of the same session are, and name the record they come after.
 *
 * @throws {ChainBroken} if a record was edited, replaced or removed
 */
export async function appendForecasts(
  store: ObjectStore,
  {day, forecasts}: {readonly day: number; readonly forecasts: readonly LiveForecast[]},
  {createdAt, run}: Recording,
): Promise<LedgerRecord | undefined> {
  const date = isoDate(day);
  const made = forecasts.map(inOrder).sort((a, b) => a.horizon - b.horizon);
  return appendToChain<LedgerEntry>(store, LEDGER, {
    createdAt,
    decide(records) {
      const last = records.findLast((record) => record.date === date);
      if (last && JSON.stringify(last.forecasts) === JSON.stringify(made)) return undefined;
      return {date, run, supersedes: last?.sequence ?? null, forecasts: made};
    },
  });
}

/** The number of the newest record, from names alone; 0 where there is none. */
export async function newestRecord(store: ObjectStore): Promise<number> {
  const head = await chainHead(store, LEDGER);
  return head === undefined ? 0 : Number.parseInt(head.slice(LEDGER.length + 1), 10);
}

/** A forecast with its keys in the order in which they are hashed. */
export function inOrder(forecast: LiveForecast): LiveForecast {
  const {horizon, model, model_version, rv_hat, var_hat, lo, hi, coverage} = forecast;
  return {horizon, model, model_version, rv_hat, var_hat, lo, hi, coverage};
}

/**
 * Checks that records end no earlier than what was published of them: a chain does not show that its end was cut off.
 *
 * @throws {ChainBroken} naming the first record that is missing or another one
 */
export function requirePublished(
  records: readonly LedgerRecord[],
  published: readonly {readonly sequence: number; readonly hash: string}[],
): void {
  const wrong = published.find(({sequence, hash}) => records[sequence - 1]?.hash !== hash);
  if (!wrong) return;
  const {sequence} = wrong;
  const text = records[sequence - 1]
    ? `record ${sequence} is not the one that was published`
    : `record ${sequence} is missing, which was published`;
  throw new ChainBroken(LEDGER, [{sequence, text}]);
}
