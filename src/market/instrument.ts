// What kind of thing does a symbol name? The kind decides which values of a bar are impossible.

/**
 * equity: a share or a fund. index: a computed level, nothing trades. future: a contract whose close is
 * a settlement price. currency: a pair or a coin, quoted around the clock by dealers.
 */
export type InstrumentKind = "equity" | "index" | "future" | "currency";

/** The kind by Yahoo's way of writing symbols: ^VIX, CL=F, EURUSD=X, BTC-USD, anything else an equity. */
export function instrumentKind(symbol: string): InstrumentKind {
  if (symbol.startsWith("^")) return "index";
  if (symbol.endsWith("=F")) return "future";
  if (symbol.endsWith("=X") || symbol.endsWith("-USD")) return "currency";
  return "equity";
}
