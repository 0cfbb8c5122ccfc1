// How near does the simulated market come to the real one? The table of docs/sample.md:
// node bench/sampleMarket.ts [seeds]
//
// The real column needs the files that src/evaluation/marketTable.fixture.ts names; without them it says so.

import {existsSync, readFileSync} from "node:fs";
import {qlike} from "../src/evaluation/losses.ts";
import {joinLabels} from "../src/evaluation/marketTable.ts";
import {computeFeatures} from "../src/features/computeFeatures.ts";
import {overnightGaps, rangeVariance} from "../src/features/rangeVariance.ts";
import {column, type Frame} from "../src/frame.ts";
import {computeLabels} from "../src/labels/realizedVolatility.ts";
import {alignMarket} from "../src/market/align.ts";
import {type Bars, toBars} from "../src/market/bars.ts";
import {parseCsvBars} from "../src/market/csvBars.ts";
import {simulateMarket} from "../src/market/sample.ts";
import {logReturns} from "../src/math/logReturns.ts";
import {logHarRange, logHarVix} from "../src/models/logHar.ts";
import type {Model} from "../src/models/model.ts";
import {rv20} from "../src/models/rv20.ts";
import {annualizedVolatility, type Horizon, horizon, sessionDate} from "../src/units.ts";

const FOLDER = "../shared/market";
const FILES = {SPY: "SPY", "^VIX": "VIX", "^VIX3M": "VIX3M", TLT: "TLT", HYG: "HYG"};
const LAST = sessionDate("2023-12-29");
const PUBLISHED_SEED = 1993;
const seeds = Number(process.argv[2] ?? 20);

type Values = Float64Array;
type Statistics = Readonly<Record<string, number>>;
/** Digits of each statistic; what is not named has two. */
const DIGITS: Readonly<Record<string, number>> = {
  "SPY volatility a year, %": 1,
  "SPY kurtosis of returns": 1,
  "SPY lowest return, %": 1,
  "VIX mean": 1,
  "VIX lowest": 1,
  "VIX median": 1,
  "VIX 95 %": 1,
  "VIX highest": 1,
  "deviation of daily log changes of VIX": 3,
  "TLT volatility, %": 1,
  "HYG volatility, %": 1,
  "5-session QLIKE of the last 20 squared returns": 3,
  "… of log-HAR-range": 3,
  "… with VIX and leverage": 3,
  "… of the true expectation": 3,
  "22-session QLIKE with VIX and leverage": 3,
};

const real = existsSync(FOLDER) ? statisticsOf(realBars()) : undefined;
const simulated = Array.from({length: seeds}, (_, seed) => sampleStatistics(seed));
const published = sampleStatistics(PUBLISHED_SEED);
console.log(
  `| statistic | real | seed ${PUBLISHED_SEED} | mean of ${seeds} seeds | least … most |\n|---|---|---|---|---|`,
);
for (const [name, own] of Object.entries(published)) {
  const all = simulated.map((statistics) => statistics[name]!);
  const digits = DIGITS[name] ?? 2;
  const text = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? "unknown" : value.toFixed(digits).replace("-", "−");
  const cells = [text(real?.[name]), text(own), text(mean(all))];
  console.log(`| ${[name, ...cells, `${text(Math.min(...all))} … ${text(Math.max(...all))}`].join(" | ")} |`);
}

function sampleStatistics(seed: number): Statistics {
  const {bars, trueVariance} = simulateMarket({seed, last: LAST});
  return statisticsOf(bars, trueVariance);
}

function realBars(): Bars[] {
  return Object.entries(FILES).map(([symbol, file]) => {
    const text = readFileSync(`${FOLDER}/${file}.csv`, "utf8");
    return toBars(symbol, parseCsvBars(text, {file, symbols: new Set([symbol])}).bars);
  });
}

function statisticsOf(bars: readonly Bars[], truth?: Frame): Statistics {
  const of = (symbol: string): Bars => bars.find((series) => series.symbol === symbol)!;
  const [spy, vix, term] = [of("SPY"), of("^VIX"), of("^VIX3M")];
  const returns = finite(logReturns(spy.adjClose));
  const absolute = returns.map(Math.abs);
  const ranges = finite(rangeVariance(spy).map(Math.log));
  const opening = finite(overnightGaps(spy).map((gap) => gap ** 2));
  const byDay = new Map(Array.from(vix.sessions, (day, t) => [day, vix.close[t]!]));
  const atSpy = Float64Array.from(spy.sessions, (day) => byDay.get(day) ?? Number.NaN);
  const closes = finite(atSpy).sort();
  const share = (q: number): number => closes[Math.floor(q * (closes.length - 1))]!;
  const month = computeLabels(spy).columns.rv_22d!.map((rv) => 100 * annualizedVolatility(rv, 22));
  const ratio = Float64Array.from(term.sessions, (day, t) => term.close[t]! / (byDay.get(day) ?? Number.NaN));
  const logVix = atSpy.map(Math.log);
  const changes = logReturns(atSpy);
  const ownReturns = logReturns(spy.adjClose);
  return {
    "SPY volatility a year, %": 100 * annualizedVolatility(deviation(returns), 1),
    "SPY kurtosis of returns": mean(centred(returns).map((x) => x ** 4)) / deviation(returns) ** 4,
    "SPY lowest return, %": 100 * Math.min(...returns),
    "autocorrelation of absolute returns, lag 1": lagged(absolute, 1),
    "… lag 20": lagged(absolute, 20),
    "… lag 100": lagged(absolute, 100),
    "autocorrelation of log range variance, lag 1": lagged(ranges, 1),
    "… lag 22": lagged(ranges, 22),
    "… lag 126": lagged(ranges, 126),
    "correlation of a return with the next absolute return": correlation(
      returns.slice(0, -1),
      absolute.slice(1),
    ),
    "share of variance before the open": mean(opening) / mean(returns.map((r) => r ** 2)),
    "VIX mean": mean(closes),
    "VIX lowest": closes[0]!,
    "VIX median": share(0.5),
    "VIX 95 %": share(0.95),
    "VIX highest": closes.at(-1)!,
    "autocorrelation of log VIX, lag 22": lagged(finite(logVix), 22),
    "deviation of daily log changes of VIX": deviation(finite(changes)),
    "correlation of VIX's changes with returns": correlation(changes, ownReturns),
    "correlation of VIX with the next 22 sessions' volatility": correlation(atSpy, month),
    "mean of log(VIX / that volatility)": mean(finite(atSpy.map((level, t) => Math.log(level / month[t]!)))),
    "VIX3M / VIX, mean": mean(finite(ratio)),
    "share of days with VIX3M above VIX": mean(finite(ratio).map((x) => Number(x > 1))),
    ...companion("TLT", of("TLT"), spy),
    ...companion("HYG", of("HYG"), spy),
    ...losses(bars, truth),
  };
}

function companion(name: string, own: Bars, spy: Bars): Statistics {
  const returns = logReturns(own.adjClose);
  const ofSpy = logReturns(spy.adjClose);
  const byDay = new Map(Array.from(spy.sessions, (day, t) => [day, ofSpy[t]!]));
  const same = Float64Array.from(own.sessions, (day) => byDay.get(day) ?? Number.NaN);
  return {
    [`${name} volatility, %`]: 100 * annualizedVolatility(deviation(finite(returns)), 1),
    [`${name} correlation with SPY`]: correlation(returns, same),
  };
}

/** Mean QLIKE, of regressions in sample: from one fit over the whole span. */
function losses(bars: readonly Bars[], truth: Frame | undefined): Statistics {
  const of = (symbol: string): Bars => bars.find((series) => series.symbol === symbol)!;
  const others = {vix: of("^VIX"), vix3m: of("^VIX3M"), tlt: of("TLT"), hyg: of("HYG")};
  const market = alignMarket({target: of("SPY"), others});
  const {
    features,
    variance,
    rangeVariance: range,
  } = joinLabels(computeFeatures(market), computeLabels(of("SPY")));
  const of5 = (h: Horizon, forecast: Values): number => mean(finite(qlike(variance[h]!, forecast)));
  const lossOf = <Fit>(model: Model<Fit>, h: Horizon): number => {
    const rows = {start: 0, end: features.sessions.length - h};
    const task = {features, rows, horizon: h};
    const fit = model.fit({...task, variance: variance[h]!, rangeVariance: range[h]!, seed: 1});
    const forecast = model.forecast(fit, {...task, rows: {start: 0, end: features.sessions.length}});
    return of5(h, forecast.variance);
  };
  const [week, month] = [horizon(5), horizon(22)];
  return {
    "5-session QLIKE of the last 20 squared returns": lossOf(rv20, week),
    "… of log-HAR-range": lossOf(logHarRange, week),
    "… with VIX and leverage": lossOf(logHarVix, week),
    "… of the true expectation": truth ? of5(week, column(truth, "expected_5d")) : Number.NaN,
    "22-session QLIKE with VIX and leverage": lossOf(logHarVix, month),
  };
}

function finite(values: Values): Values {
  return values.filter(Number.isFinite);
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function centred(values: Values): Values {
  const middle = mean(values);
  return values.map((value) => value - middle);
}

function deviation(values: Values): number {
  return Math.sqrt(mean(centred(values).map((x) => x ** 2)));
}

function lagged(values: Values, lag: number): number {
  return correlation(values.slice(0, -lag), values.slice(lag));
}

/** Over the pairs that are both known. */
function correlation(a: Values, b: Values): number {
  const known = Array.from(a.keys()).filter((t) => Number.isFinite(a[t]! + b[t]!));
  const [x, y] = [a, b].map((values) => centred(Float64Array.from(known, (t) => values[t]!))) as [
    Values,
    Values,
  ];
  return mean(x.map((value, t) => value * y[t]!)) / (deviation(x) * deviation(y));
}
