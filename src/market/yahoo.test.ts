import {afterEach, describe, expect, it} from "vitest";
import {sessionsBetween} from "../calendar/sessions.ts";
import {sessionDate} from "../units.ts";
import {type Bar, toBars} from "./bars.ts";
import {probeYahoo, type YahooOptions, yahooProvider} from "./yahoo.ts";
import {chartReply, type Reply, replayYahoo, type YahooReplay} from "./yahooReplay.ts";

const NOW = "2024-03-29T12:00:00Z"; // Good Friday: the last session is the 28th
const LAST = sessionDate("2024-03-28");
const request = {asOf: LAST, now: NOW} as const;

let replay: YahooReplay | undefined;
afterEach(async () => {
  await replay?.close();
  replay = undefined;
});

type Script = Parameters<typeof replayYahoo>[0];

async function provider(script: Script, options: Partial<YahooOptions> = {}) {
  replay = await replayYahoo(script);
  const {baseUrl} = replay;
  return yahooProvider({baseUrl, firstDelayMs: 5, timeoutMs: 1000, ...options});
}

/** Bars of every session from 2023-01-03, or from a later first day, to 2024-03-28. */
function history(symbol: string, change: (bar: Bar, i: number) => Partial<Bar> = () => ({})): Bar[] {
  return Array.from(sessionsBetween(sessionDate("2023-01-03"), LAST), (session, i) => {
    const close = 400 + 40 * Math.sin(i / 30) + i / 10;
    const bar = {
      symbol,
      session,
      open: close - 1,
      high: close + 2,
      low: close - 3,
      close,
      adjClose: close * 0.98,
      volume: 80_000_000 + i,
    };
    return {...bar, ...change(bar, i)};
  });
}

const always = (reply: Reply) => [() => reply];

describe("yahooProvider() hands over what Yahoo holds", () => {
  it("gives every bar of every symbol, dated by New York's day, prices and adjusted close unchanged", async () => {
    const [spy, vix] = [history("SPY"), history("^VIX", () => ({volume: 0}))];
    const yahoo = await provider({SPY: [chartReply("SPY", spy)], "^VIX": [chartReply("^VIX", vix)]});
    const answer = await yahoo.fetch({...request, symbols: ["SPY", "^VIX"]});
    expect(answer).toEqual({bars: [...spy, ...vix], quarantined: [], notes: []});
    expect(replay!.requests).toHaveLength(2); // no cookie, crumb or survey besides the charts
  });

  it("leaves out bars after the as-of day and rows without prices, and says which", async () => {
    const hole = {
      open: Number.NaN,
      high: Number.NaN,
      low: Number.NaN,
      close: Number.NaN,
      adjClose: Number.NaN,
    };
    const spy = history("SPY", (_, i) => (i === 100 ? hole : {}));
    const yahoo = await provider({SPY: [chartReply("SPY", spy)]});
    const {bars, notes} = await yahoo.fetch({...request, asOf: sessionDate("2023-12-29"), symbols: ["SPY"]});
    expect(bars).toEqual(spy.filter(({session}, i) => i !== 100 && session <= sessionDate("2023-12-29")));
    expect(notes).toEqual(["SPY: 1 rows without prices left out, the latest 2023-05-26"]);
  });

  it("leaves out the bar of a session that is still open", async () => {
    const spy = history("SPY");
    // This server ignores the end of the span, as Yahoo does for the live row.
    const yahoo = await provider({SPY: [(query) => chartReply("SPY", spy)(widened(query))]});
    const {bars, notes} = await yahoo.fetch({...request, now: "2024-03-28T19:59:00Z", symbols: ["SPY"]});
    expect(bars).toEqual(spy.slice(0, -1));
    expect(notes).toEqual(["SPY 2024-03-28 left out: its session had not closed"]);
  });

  it("takes another exchange's bar when its day has ended in UTC, on New York's holiday too", async () => {
    const friday = sessionDate("2024-03-29"); // Good Friday
    const euro = [...history("EURUSD=X"), {...history("EURUSD=X").at(-1)!, session: friday}];
    for (const [now, last] of [
      ["2024-03-29T22:00:00Z", LAST],
      ["2024-03-30T00:00:00Z", friday],
    ] as const) {
      const yahoo = await provider({"EURUSD=X": [chartReply("EURUSD=X", euro)]});
      const {bars} = await yahoo.fetch({asOf: friday, now, symbols: ["EURUSD=X"]});
      expect(bars.at(-1)!.session).toBe(last);
      await replay!.close();
    }
  });

  it("keeps a currency's last close outside its range: a quote, not a bar that is being written", async () => {
    const euro = history("EURUSD=X");
    euro[euro.length - 1] = {...euro.at(-1)!, close: euro.at(-1)!.high + 0.5};
    const yahoo = await provider({"EURUSD=X": [chartReply("EURUSD=X", euro)]});
    const {bars, quarantined} = await yahoo.fetch({...request, symbols: ["EURUSD=X"]});
    expect(bars).toEqual(euro);
    expect(quarantined).toEqual([]);
  });

  it("quarantines a last bar whose close lies outside its range", async () => {
    const spy = history("SPY");
    spy[spy.length - 1] = {...spy.at(-1)!, close: spy.at(-1)!.high + 0.5};
    const yahoo = await provider({SPY: [chartReply("SPY", spy)]});
    const {bars, quarantined} = await yahoo.fetch({...request, symbols: ["SPY"]});
    expect(bars).toEqual(spy.slice(0, -1));
    expect(quarantined).toHaveLength(1);
    expect(quarantined[0]!.reason).toMatch(/^the last bar is unfinished: close .* is outside low\.\.high/);
  });

  it("keeps the live row where the last day comes twice", async () => {
    const spy = history("SPY");
    const live = {...spy.at(-1)!, volume: 99_000_000};
    const yahoo = await provider({SPY: [chartReply("SPY", [...spy, live])]});
    const {bars, notes} = await yahoo.fetch({...request, symbols: ["SPY"]});
    expect(bars).toEqual([...spy.slice(0, -1), live]);
    expect(notes).toEqual(["SPY: the last day came twice, the live price was kept"]);
  });
});

describe("yahooProvider() continues a stored history", () => {
  it("asks for the overlap and what follows only", async () => {
    const spy = history("SPY");
    const known = new Map([["SPY", toBars("SPY", spy.slice(0, -5))]]);
    const yahoo = await provider({SPY: [chartReply("SPY", spy)]}, {overlapSessions: 10});
    const {bars, notes} = await yahoo.fetch({...request, known, symbols: ["SPY"]});
    expect(bars).toEqual(spy.slice(-15));
    expect(notes).toEqual([]);
  });

  it("fetches the whole history again after a dividend rewrote the adjusted closes", async () => {
    const before = history("SPY");
    const after = history("SPY", (bar, i) => (i < before.length - 2 ? {adjClose: bar.adjClose * 0.996} : {}));
    const known = new Map([["SPY", toBars("SPY", before.slice(0, -3))]]);
    const yahoo = await provider({SPY: [chartReply("SPY", after)]});
    const {bars, notes} = await yahoo.fetch({...request, known, symbols: ["SPY"]});
    expect(bars).toEqual(after);
    expect(notes[0]).toMatch(/^SPY: stored adjusted closes were rewritten/);
    expect(replay!.requests).toHaveLength(2);
  });

  it("passes on a corrected close within the overlap", async () => {
    const before = history("SPY");
    const corrected = before.map((bar, i) =>
      i === before.length - 4 ? {...bar, close: bar.close + 1} : bar,
    );
    const known = new Map([["SPY", toBars("SPY", before)]]);
    const yahoo = await provider({SPY: [chartReply("SPY", corrected)]});
    expect((await yahoo.fetch({...request, known, symbols: ["SPY"]})).bars).toEqual(corrected.slice(-20));
  });

  it("fetches everything where what is stored shares no day with the answer", async () => {
    const spy = history("SPY");
    const saturdays = spy.slice(0, 3).map((bar, i) => ({...bar, session: sessionDate("2024-03-23") - 7 * i}));
    const known = new Map([["SPY", toBars("SPY", saturdays)]]);
    const yahoo = await provider({SPY: [chartReply("SPY", spy)]});
    expect((await yahoo.fetch({...request, known, symbols: ["SPY"]})).bars).toEqual(spy);
  });
});

describe("yahooProvider() tries again when that can help", () => {
  const tooMany: Reply = {status: 429, body: "Edge: Too Many Requests"};

  it.each([
    ["429", tooMany],
    ["a server's error", {status: 503, body: "<html>"}],
    ["malformed JSON", {body: '{"chart":{"result":[{"meta":'}],
    ["a page instead of JSON", {body: "<!doctype html><title>Consent</title>"}],
    ["a connection cut in mid-answer", {body: {chart: "x".repeat(5000)}, fault: "cut"}],
    ["no answer", {fault: "hang"}],
    ["an answer without bars", chartReply("SPY", [])(new URLSearchParams())],
    ["an answer without a result", {body: {chart: {result: [], error: null}}}],
    ["null", {body: "null"}],
  ] satisfies [string, Reply][])("recovers from %s", async (_, reply) => {
    const spy = history("SPY");
    const yahoo = await provider({SPY: [() => reply, chartReply("SPY", spy)]}, {timeoutMs: 200});
    expect((await yahoo.fetch({...request, symbols: ["SPY"]})).bars).toEqual(spy);
    expect(replay!.requests).toHaveLength(2);
  });

  it("waits as long as Retry-After asks", async () => {
    const spy = history("SPY");
    const wait = {...tooMany, headers: {"retry-after": "1"}};
    const yahoo = await provider({SPY: [() => wait, chartReply("SPY", spy)]});
    const start = performance.now();
    await yahoo.fetch({...request, symbols: ["SPY"]});
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  it("understands a Retry-After that is a date", async () => {
    const headers = {"retry-after": "Thu, 28 Mar 2024 12:00:01 GMT", date: "Thu, 28 Mar 2024 12:00:00 GMT"};
    const spy = history("SPY");
    const yahoo = await provider({SPY: [() => ({...tooMany, headers}), chartReply("SPY", spy)]});
    const start = performance.now();
    await yahoo.fetch({...request, symbols: ["SPY"]});
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  it("doubles the delay between attempts", async () => {
    const yahoo = await provider({SPY: always(tooMany)}, {firstDelayMs: 40});
    const start = performance.now();
    await expect(yahoo.fetch({...request, symbols: ["SPY"]})).rejects.toThrow();
    expect(performance.now() - start).toBeGreaterThan(40 + 80 + 160 - 10);
  });
});

describe("yahooProvider() gives all symbols or a clear error", () => {
  const fails = async (replies: Script[string], options?: Partial<YahooOptions>) => {
    const script: Script = {SPY: [chartReply("SPY", history("SPY"))], "^VIX": replies};
    return (await provider(script, options)).fetch({...request, symbols: ["SPY", "^VIX"]});
  };

  it("gives up on 429 after four attempts, naming the symbol and the remedy", async () => {
    await expect(fails(always({status: 429, body: "Too Many Requests"}))).rejects.toThrow(
      "Cannot fetch ^VIX from Yahoo: 429 Too Many Requests after 4 attempts; wait a few minutes or use SOURCE=csv",
    );
    expect(replay!.requests.filter((path) => path.includes("VIX"))).toHaveLength(4);
  });

  it("does not wait an hour", async () => {
    const reply = {status: 429, headers: {"retry-after": "3600"}};
    await expect(fails(always(reply))).rejects.toThrow("429 Too Many Requests, it asks to wait 3600 s; wait");
  });

  it("does not try an unknown symbol again", async () => {
    const yahoo = await provider({});
    await expect(yahoo.fetch({...request, symbols: ["NOSUCH"]})).rejects.toThrow(
      "Cannot fetch NOSUCH from Yahoo: 404 No data found, symbol may be delisted; correct the symbol",
    );
    expect(replay!.requests).toHaveLength(1);
  });

  it("names a time-out", async () => {
    await expect(fails(always({fault: "hang"}), {timeoutMs: 60, attempts: 2})).rejects.toThrow(
      /Cannot fetch \^VIX from Yahoo: no complete answer from 127\.0\.0\.1:\d+ within 0\.06 s after 2 attempts/,
    );
  });

  it("names a cut connection", async () => {
    const reply: Reply = {body: {chart: "x".repeat(9000)}, fault: "cut"};
    await expect(fails(always(reply))).rejects.toThrow(
      /from Yahoo: \S.* \(127\.0\.0\.1:\d+\) after 4 attempts/,
    );
  });

  it("quotes the start, not the whole, of an answer that is not JSON", async () => {
    await expect(fails(always({body: "<html>".repeat(10_000)}))).rejects.toThrow(
      /^.{0,300}its answer is not JSON \(60000 characters, starting "<html>.{0,200}$/,
    );
  });

  it.each([
    ["another symbol", {symbol: "SPX"}, /it is about "SPX"/],
    ["months instead of days", {dataGranularity: "1mo"}, /its rows are not days but "1mo"/],
    ["an unknown time zone", {exchangeTimezoneName: "Mars/Olympus"}, /time zone is "Mars\/Olympus"/],
    [
      "only the end of a longer history",
      {firstTradeDate: 631_290_600},
      /starts on 2023-01-03, but .* since 1990-01-02/,
    ],
  ])("refuses an answer with %s", async (_, meta, message) => {
    await expect(fails([chartReply("^VIX", history("^VIX"), meta)])).rejects.toThrow(message);
  });

  it("refuses columns of unequal length", async () => {
    const uneven = (query: URLSearchParams): Reply => {
      const body = structuredClone(chartReply("^VIX", history("^VIX"))(query).body) as UnevenChart;
      body.chart.result[0]!.indicators.quote[0]!.low.pop();
      return {body};
    };
    await expect(fails([uneven])).rejects.toThrow(/low has 310 values for 311 days/);
  });

  it("names a refused connection", async () => {
    const yahoo = await provider({});
    await replay!.close();
    await expect(yahoo.fetch({...request, symbols: ["SPY"]})).rejects.toThrow(
      /ECONNREFUSED .* after 4 attempts/,
    );
  });
});

describe("probeYahoo()", () => {
  it("is undefined where Yahoo answers and otherwise the reason, after one request", async () => {
    replay = await replayYahoo({SPY: [chartReply("SPY", history("SPY"))], QQQ: always({status: 429})});
    const options = {baseUrl: replay.baseUrl, day: LAST};
    expect(await probeYahoo("SPY", options)).toBeUndefined();
    expect(await probeYahoo("QQQ", options)).toBe("429 Too Many Requests");
    expect(replay.requests).toHaveLength(2);
  });

  it("names the host that does not resolve", async () => {
    const noNetwork: typeof fetch = () =>
      Promise.reject(
        new TypeError("fetch failed", {cause: Object.assign(new Error("x"), {code: "ENOTFOUND"})}),
      );
    expect(await probeYahoo("SPY", {fetch: noNetwork, day: LAST})).toBe(
      "ENOTFOUND (query2.finance.yahoo.com)",
    );
  });
});

interface UnevenChart {
  chart: {result: {indicators: {quote: {low: unknown[]}[]}}[]};
}

function widened(query: URLSearchParams): URLSearchParams {
  const copy = new URLSearchParams(query);
  copy.set("period2", String(Number(query.get("period2")) + 86_400 * 5));
  return copy;
}
