// What would Yahoo answer? A server on this machine that replays its chart service, faults included, for tests.

import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {newYorkTime} from "../calendar/newYorkTime.ts";
import type {Bar} from "./bars.ts";

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string as it stands; anything else as JSON. */
  readonly body?: unknown;
  /** cut: the connection ends in the middle of the body. hang: no answer ever comes. */
  readonly fault?: "cut" | "hang";
}

export interface YahooReplay {
  readonly baseUrl: string;
  /** Path and query of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * A server on 127.0.0.1 that answers each symbol's requests with its replies in turn, the last one again
 * and again. A symbol without replies is unknown to it, as to Yahoo: 404. It keeps no process alive.
 */
export async function replayYahoo(
  replies: Readonly<Record<string, readonly ((query: URLSearchParams) => Reply)[]>>,
): Promise<YahooReplay> {
  const requests: string[] = [];
  const asked = new Map<string, number>();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const {pathname, searchParams, search} = new URL(request.url ?? "/", "http://127.0.0.1");
    requests.push(pathname + search);
    const symbol = decodeURIComponent(pathname.replace("/v8/finance/chart/", ""));
    const turns = replies[symbol] ?? [() => NOT_FOUND];
    const turn = asked.get(symbol) ?? 0;
    asked.set(symbol, turn + 1);
    send(response, turns[Math.min(turn, turns.length - 1)]!(searchParams));
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The reply for bars in the span that was asked for, written as Yahoo writes it; a NaN becomes null. */
export function chartReply(
  symbol: string,
  bars: readonly Bar[],
  meta: Readonly<Record<string, unknown>> = {},
): (query: URLSearchParams) => Reply {
  return (query) => {
    const asked = bars.filter(({session}) => {
      const stamp = openStamp(session);
      return stamp >= Number(query.get("period1")) && stamp < Number(query.get("period2"));
    });
    return {body: chartJson(symbol, asked, {firstTradeDate: openStamp(bars[0]?.session ?? 0), ...meta})};
  };
}

function chartJson(symbol: string, bars: readonly Bar[], meta: Readonly<Record<string, unknown>>): unknown {
  const column = (name: "open" | "high" | "low" | "close" | "adjClose" | "volume") =>
    bars.map((bar) => (Number.isNaN(bar[name]) ? null : bar[name]));
  const quote = {
    open: column("open"),
    high: column("high"),
    low: column("low"),
    close: column("close"),
    volume: column("volume"),
  };
  const result = {
    meta: {
      currency: "USD",
      symbol,
      exchangeName: "PCX",
      fullExchangeName: "NYSEArca",
      instrumentType: "ETF",
      gmtoffset: -18_000,
      timezone: "EST",
      exchangeTimezoneName: "America/New_York",
      priceHint: 2,
      dataGranularity: "1d",
      range: "",
      validRanges: ["1d", "5d", "1mo", "max"],
      ...meta,
    },
    ...(bars.length > 0 ? {timestamp: bars.map(({session}) => openStamp(session))} : {}),
    indicators: {quote: [bars.length > 0 ? quote : {}], adjclose: [{adjclose: column("adjClose")}]},
  };
  return {chart: {result: [result], error: null}};
}

/** Seconds since 1970-01-01T00:00Z of 09:30 in New York. */
function openStamp(session: number): number {
  const winter = session * 86_400 + 14.5 * 3600;
  return newYorkTime(winter * 1000).minutes === 570 ? winter : winter - 3600;
}

const NOT_FOUND: Reply = {
  status: 404,
  body: {
    chart: {result: null, error: {code: "Not Found", description: "No data found, symbol may be delisted"}},
  },
};

function send(response: ServerResponse, {status = 200, headers = {}, body = "", fault}: Reply): void {
  if (fault === "hang") return;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json;charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  if (fault === "cut") {
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  } else {
    response.end(text);
  }
}
