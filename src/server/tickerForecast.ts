// What is answered to a ticker, a model and a horizon?

import {isoDate} from "../units.ts";
import {Problem, quoted} from "./problem.ts";
import type {TickerForecast, TickerWarning} from "./schemas.ts";
import {forecastDays, type TickerHistory} from "./tickerHistory.ts";
import type {TickerFit, TickerModel} from "./tickerModels.ts";

const MOST_NAMED = 20;

/**
 * The history of a ticker, in capitals or not.
 *
 * @throws {Problem} unknown-ticker, naming those there are
 */
export function historyOf(ticker: string, tickers: ReadonlyMap<string, TickerHistory>): TickerHistory {
  const found = tickers.get(ticker) ?? tickers.get(ticker.toUpperCase());
  if (found) return found;
  const known = [...tickers.keys()].sort();
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : "";
  throw new Problem("unknown-ticker", {
    field: "ticker",
    detail: `The lake has no bars of ${quoted(ticker)}`,
    remedy: `Send one of ${known.slice(0, MOST_NAMED).join(", ")}${more}`,
  });
}

/**
 * The answer to the second body. Its keys up to `timestamp` are the documents' contract.
 *
 * @param options.timestamp ISO time of the answer
 * @param options.today days since 1970-01-01, by the server's clock
 * @throws {Problem} if the forecast's days are beyond the calendar
 */
export function tickerForecast(
  history: TickerHistory,
  fit: TickerFit,
  {
    model,
    horizon,
    timestamp,
    today,
    simulated,
  }: {
    readonly model: TickerModel;
    readonly horizon: number;
    readonly timestamp: string;
    readonly today: number;
    readonly simulated: boolean;
  },
): TickerForecast {
  const days = forecastDays(history, horizon);
  const {mu, omega, alpha, gamma, beta, nu} = fit.parameters;
  return {
    ticker: history.ticker,
    model_type: model,
    horizon,
    forecasts: fit.volatilities.slice(0, horizon),
    forecast_dates: days.map(isoDate),
    timestamp,
    units: "percent_per_session",
    trained_from: isoDate(history.firstSession),
    trained_through: isoDate(history.newestSession),
    observations: fit.observations,
    parameters: {mu, omega, alpha, gamma, beta, nu},
    persistence: fit.persistence,
    log_likelihood: fit.logLikelihood,
    warnings: [...warningsOf(history, fit, {days, today, simulated})],
  };
}

function* warningsOf(
  {ticker, calendar, newestSession}: TickerHistory,
  {convergence}: TickerFit,
  {days, today, simulated}: {days: readonly number[]; today: number; simulated: boolean},
): Generator<TickerWarning> {
  if (!convergence.converged)
    yield {
      code: "not_converged",
      message:
        "The search for the likeliest parameters stopped before it arrived: they may not be the likeliest",
    };
  if (convergence.atBounds.length > 0)
    yield {
      code: "parameters_at_bounds",
      message: `The likeliest value lies on a bound of ${convergence.atBounds.join(", ")}: the model hardly fits these returns`,
    };
  if (calendar === "own")
    yield {
      code: "weekday_dates",
      message: `The exchange calendar of ${ticker} is not kept here: forecast_dates are the weekdays after its newest bar, holidays among them`,
    };
  if (days[0]! < today)
    yield {
      code: "past_dates",
      message: `The newest bar of ${ticker} is of ${isoDate(newestSession)}: some of these sessions are over; update the lake with make report`,
    };
  if (simulated)
    yield {code: "simulated_market", message: "The lake holds the simulated sample market, not history"};
}
