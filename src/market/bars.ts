// What is a daily bar, and when is one impossible?

/** One symbol's daily bars as columns, sessions strictly increasing. Prices in the quote's currency; volume in shares. */
export interface Bars {
  readonly symbol: string;
  readonly sessions: Int32Array; // days since 1970-01-01
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly adjClose: Float64Array; // adjusted for splits and dividends
  readonly volume: Float64Array; // 0 for an index; whole numbers
}

/** One bar as a provider hands it over: any number may be NaN where the vendor sent none. */
export interface Bar {
  readonly symbol: string;
  readonly session: number; // days since 1970-01-01
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly adjClose: number;
  readonly volume: number;
}

/** A bar that was refused, with the reason in words. */
export interface QuarantinedBar {
  readonly bar: Bar;
  readonly reason: string;
}
