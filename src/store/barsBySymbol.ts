// How do rows of bars become columns a symbol?
import type {Bars} from "../market/bars.ts";
import {integers, numbers, type Table, texts} from "./table.ts";

/** Rows of raw.market or curated.market_daily, sorted by symbol and date, as bars by symbol. */
export function barsBySymbol(table: Table): Map<string, Bars> {
  const symbols = texts(table, "symbol");
  const bySymbol = new Map<string, Bars>();
  for (let start = 0; start < table.rows; ) {
    const symbol = symbols[start]!;
    let end = start + 1;
    while (end < table.rows && symbols[end] === symbol) end++;
    const part = (name: string) => numbers(table, name).slice(start, end);
    bySymbol.set(symbol, {
      symbol,
      sessions: integers(table, "date").slice(start, end),
      open: part("open"),
      high: part("high"),
      low: part("low"),
      close: part("close"),
      adjClose: part("adj_close"),
      volume: part("volume"),
    });
    start = end;
  }
  return bySymbol;
}
