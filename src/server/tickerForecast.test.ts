import type {FastifyInstance} from "fastify";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {curatedTable} from "../../pipeline/marketTables.ts";
import {isSession} from "../calendar/sessions.ts";
import {curate} from "../market/curate.ts";
import {tradingCalendar} from "../market/tradingCalendar.ts";
import {fitGarch} from "../models/garch/fitGarch.ts";
import {forecastGarch} from "../models/garch/forecastGarch.ts";
import {dayOfWeek, sessionDate} from "../units.ts";
import {createApp} from "./app.ts";
import {TickerForecast} from "./schemas.ts";
import {bars, NEWEST, newestBars, now, testServing} from "./server.fixture.ts";
import {shapeOf} from "./shape.ts";
import {tickerHistories} from "./tickerHistory.ts";

const [spy] = bars;
const named = (symbol: string, count: number) => curate({...newestBars(spy!, count), symbol});
const flat = {...newestBars(spy!, 300), symbol: "FLAT", adjClose: new Float64Array(300).fill(100)};
const table = curatedTable([
  ...bars.map(curate),
  named("NEW", 99),
  named("ENOUGH", 100),
  named("PETR4.SA", 300),
  curate(flat),
]);
const serving = {...testServing(), tickers: tickerHistories(table, tradingCalendar)};
const requireForecast: (value: unknown) => void = shapeOf(TickerForecast);

let app: FastifyInstance;
let time = now();

beforeAll(async () => {
  app = await createApp({serving: () => serving, version: "0", now: () => time});
});

afterAll(() => app.close());

async function ask(ticker: string, {model_type = "GARCH", horizon = 5} = {}) {
  const response = await app.inject({
    method: "POST",
    url: "/predict",
    payload: {ticker, model_type, horizon},
  });
  return {status: response.statusCode, body: response.json()};
}

describe("POST /predict with a ticker", () => {
  it("answers the documents' keys first: a volatility in percent for each of the next sessions", async () => {
    const {status, body} = await ask("SPY");
    expect(status).toBe(200);
    requireForecast(body);
    expect(Object.keys(body).slice(0, 6)).toEqual([
      "ticker",
      "model_type",
      "horizon",
      "forecasts",
      "forecast_dates",
      "timestamp",
    ]);
    expect(body).toMatchObject({ticker: "SPY", model_type: "GARCH", horizon: 5, warnings: []});
    expect(body.forecast_dates).toEqual([
      "2024-01-02",
      "2024-01-03",
      "2024-01-04",
      "2024-01-05",
      "2024-01-08",
    ]);
    expect(body.timestamp).toBe(new Date(now()).toISOString());
    expect(body.trained_through).toBe(NEWEST);
  });

  it("says what a fit to the percent log returns of the adjusted close says", async () => {
    const {adjClose} = spy!;
    const returns = adjClose.slice(1).map((close, t) => 100 * Math.log(close / adjClose[t]!));
    const fit = fitGarch(returns);
    const {body} = await ask("SPY", {horizon: 30});
    expect(body.forecasts).toEqual(Array.from(forecastGarch(fit, {horizon: 30}).volatilities));
    expect(body.parameters).toEqual(fit.parameters);
    expect(body.log_likelihood).toBe(fit.logLikelihood);
    expect(body.observations).toBe(returns.length);
  });

  it("gives each horizon the beginning of the longer one, and every session once", async () => {
    const longest = (await ask("SPY", {horizon: 30})).body;
    for (const horizon of [1, 2, 29]) {
      const {body} = await ask("spy", {horizon, model_type: "garch"});
      expect(body.ticker).toBe("SPY");
      expect(body.forecasts).toEqual(longest.forecasts.slice(0, horizon));
      expect(body.forecast_dates).toEqual(longest.forecast_dates.slice(0, horizon));
    }
    for (const date of longest.forecast_dates) expect(isSession(sessionDate(date))).toBe(true);
    expect(new Set(longest.forecast_dates).size).toBe(30);
    expect(longest.forecast_dates).not.toContain("2024-01-15"); // Martin Luther King's day
  });

  it.each(["GJR", "EGARCH", "GARCH_T", "GJR_T"])("serves %s, of every ticker", async (model_type) => {
    const plain = await ask("^VIX");
    const {status, body} = await ask("^VIX", {model_type});
    expect(status).toBe(200);
    requireForecast(body);
    expect(body.forecasts).not.toEqual(plain.body.forecasts);
    for (const forecast of body.forecasts) expect(forecast > 1 && forecast < 30).toBe(true);
    expect(body.parameters.nu === null).toBe(!model_type.endsWith("_T"));
  });

  it("names the tickers there are to who asks for another", async () => {
    for (const ticker of ["AAPL", "__proto__", "toString", "../SPY", "SPY\u0000"]) {
      const {status, body} = await ask(ticker);
      expect(status).toBe(404);
      expect(body).toMatchObject({type: "urn:volbook:problem:unknown-ticker", field: "ticker"});
      expect(body.remedy).toContain("SPY");
    }
  });

  it("answers from 100 sessions on, refuses 99 of them, and those that do not move", async () => {
    const {status, body} = await ask("NEW");
    expect(status).toBe(422);
    expect(body).toMatchObject({type: "urn:volbook:problem:model-not-fitted", field: "ticker"});
    expect(body.detail).toContain("at least 100 sessions of NEW, the lake has 99");
    const enough = await ask("ENOUGH");
    expect([enough.status, enough.body.observations]).toEqual([200, 99]);
    const still = await ask("FLAT");
    expect([still.status, still.body.field]).toEqual([422, "ticker"]);
    expect(still.body.detail).toContain("do not vary");
  });

  it("takes weekdays where the exchange's calendar is not known, and says so", async () => {
    const {body} = await ask("PETR4.SA", {horizon: 30});
    expect(body.warnings[0]).toMatchObject({code: "weekday_dates"});
    expect(body.forecast_dates[0]).toBe("2024-01-01");
    for (const date of body.forecast_dates) expect(dayOfWeek(sessionDate(date)) % 6).not.toBe(0);
    expect(body.forecast_dates).toHaveLength(30);
  });

  it("warns where the sessions forecast are over", async () => {
    time += 3 * 86_400_000;
    const {body} = await ask("SPY");
    time = now();
    expect(body.warnings).toMatchObject([{code: "past_dates"}]);
    expect(body.warnings[0].message).toContain(NEWEST);
  });

  it("tells what LSTM would need, before it looks at the ticker", async () => {
    const {status, body} = await ask("AAPL", {model_type: "LSTM"});
    expect(status).toBe(422);
    expect(body).toMatchObject({type: "urn:volbook:problem:model-not-served", field: "model_type"});
    expect(body.remedy).toContain("GARCH, GJR, EGARCH");
  });
});
