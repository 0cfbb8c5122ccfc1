// Requests that nobody should send, and what a server may answer to them.
import fc from "fast-check";
import {isSession, isWithinCalendar} from "../calendar/sessions.ts";
import {catalogue} from "../features/catalogue.ts";
import {sessionDate} from "../units.ts";
import {possibleValues} from "./possibleValues.ts";
import {TICKER_MODELS} from "./tickerModels.ts";

const FEATURES = new Map(catalogue.map((feature) => [feature.name, feature]));

/** Days that a lake of the fixture's market holds, and some that it does not. */
const DAYS = ["2023-12-29", "2023-12-01", "2022-06-01", "2024-01-02"];
const TICKERS = ["SPY", "^VIX", "^VIX3M", "TLT", "HYG"];

/** Texts of numbers as JSON allows them, and a few that it does not. */
export const number = fc.oneof(
  {weight: 4, arbitrary: fc.double({noNaN: true, noDefaultInfinity: true}).map(String)},
  {weight: 8, arbitrary: fc.double({min: -3, max: 60, noNaN: true}).map(String)},
  fc.constantFrom("0", "-0", "1e999", "-1e999", "1e308", "5e-324", "NaN", "Infinity", "1e7", "0.0194"),
  fc.constantFrom(
    "00",
    "1.",
    ".5",
    "+1",
    "0x10",
    "1_000",
    "1e",
    `1${"0".repeat(400)}`,
    `0.${"0".repeat(400)}1`,
  ),
);
const deep = fc
  .tuple(fc.integer({min: 1, max: 3000}), fc.constantFrom(["[", "]"], ['{"a":', "}"]))
  .map(([depth, [open, close]]) => `${open!.repeat(depth)}1${close!.repeat(depth)}`);
const junk = fc.oneof(
  {weight: 4, arbitrary: fc.json()},
  {
    weight: 4,
    arbitrary: fc.constantFrom('"19.4"', "null", "true", "[]", "{}", '{"$gt": 0}', '"\\u0000"', '"\\ud800"'),
  },
  deep,
);
const name = fc.oneof(
  {weight: 12, arbitrary: fc.constantFrom(...FEATURES.keys())},
  fc.constantFrom("vixx", "__proto__", "constructor", "toString", "", "VIX", "vix ", "feature_vector"),
  fc.string(),
);
const vector = fc
  .array(fc.tuple(name, fc.oneof({weight: 12, arbitrary: number}, junk)), {maxLength: 6})
  .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(", ")}}`);
const day = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom(...DAYS.map((text) => `"${text}"`))},
  fc.constantFrom(
    '"2023-12-25"',
    '"2023-12-30"',
    '"2018-01-02"',
    '"2099-01-01"',
    '"0000-00-00"',
    '"2023-12-29T00:00"',
    '"２０２３-12-29"',
  ),
  fc.date({noInvalidDate: true}).map((date) => JSON.stringify(date.toISOString().slice(0, 10))),
  junk,
);
const ticker = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom(...TICKERS, "spy").map((text) => `"${text}"`)},
  fc.constantFrom('"__proto__"', '"constructor"', '"../../etc/passwd"', '"SPY\\u0000"', '"SPY;"'),
  fc.string().map((text) => JSON.stringify(text)),
  junk,
);
const model = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom(...Object.keys(TICKER_MODELS), "garch").map((text) => `"${text}"`)},
  fc.constantFrom('"LSTM"', '"toString"', '"__proto__"', '"GARCH "'),
  junk,
);
const horizon = fc.oneof(
  {weight: 6, arbitrary: fc.integer({min: -1, max: 33}).map(String)},
  fc.constantFrom("5.0", "5e0", "2.5", "1e1", "3e-1", '"5"', "-0", "1e999", "2147483648"),
  number,
  junk,
);

/** A text for the body of POST /predict. */
export const body = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(day, vector).map(([d, v]) => `{"as_of_date": ${d}, "feature_vector": ${v}}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(day, vector, name, junk)
      .map(
        ([d, v, key, value]) =>
          `{"as_of_date": ${d}, "feature_vector": ${v}, ${JSON.stringify(key)}: ${value}}`,
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(ticker, model, horizon)
      .map(([t, m, h]) => `{"ticker": ${t}, "model_type": ${m}, "horizon": ${h}}`),
  },
  fc.json(),
  fc.string(),
  deep,
);

/** An address with a query. */
export const address = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom("predict", "predictions", "SPY", "..", "%2e%2e", "docs", "static", "model", "info"),
      ),
      {maxLength: 4},
    ),
    fc.dictionary(fc.constantFrom("limit", "offset", "from", "to", "x"), fc.oneof(number, fc.string()), {
      maxKeys: 3,
    }),
  )
  .map(([parts, query]) => `/${parts.map(encodeURI).join("/")}?${new URLSearchParams(query)}`);

const headerLine = fc.constantFrom(
  "content-length: 5",
  "content-length: -1",
  "content-length: 99999999999999999999",
  "content-length: 0x10",
  "transfer-encoding: chunked",
  "transfer-encoding: gzip",
  "content-encoding: gzip",
  "content-type: application/json; charset=utf-16",
  "content-type: application/xml",
  "content-type: application/json;;",
  "expect: 100-continue",
  "expect: the-unexpected",
  "connection: upgrade",
  "upgrade: websocket",
  "host:",
  "host: a\r\nhost: b",
  "x-request-id: \u0001",
  "authorization: Bearer",
  "origin: null",
  " folded: header",
  "no colon",
  `x-long: ${"y".repeat(20_000)}`,
);

/** Bytes for a socket: requests that were damaged on the way, or never were any. */
export const bytes = fc
  .tuple(
    fc.constantFrom(
      "POST /predict",
      "POST /predict/batch",
      "GET /models",
      "GET /predictions/SPY",
      "BREW /predict",
    ),
    fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", ""),
    fc.array(headerLine, {maxLength: 3}),
    body,
    fc.integer({min: 1, max: 3}), // sent ahead
    fc.oneof({weight: 3, arbitrary: fc.constant<Damage>(null)}, damage()),
  )
  .map(([target, version, headers, text, times, damaged]) => {
    const lines = [`${target} ${version}`, "host: x", "content-type: application/json", ...headers];
    const length = headers.some((line) => /^(content-length|transfer)/.test(line))
      ? []
      : [`content-length: ${Buffer.byteLength(text)}`];
    const whole = Buffer.from(`${[...lines, ...length, "", ""].join("\r\n")}${text}`.repeat(times));
    return damaged ? damaged(whole) : whole;
  });

type Damage = ((whole: Buffer) => Buffer) | null;

function damage(): fc.Arbitrary<Damage> {
  return fc.oneof(
    fc.double({min: 0, max: 1, noNaN: true}).map(
      (share): Damage =>
        (whole) =>
          whole.subarray(0, Math.floor(share * whole.length)),
    ),
    fc.tuple(fc.double({min: 0, max: 0.99, noNaN: true}), fc.integer({min: 0, max: 255})).map(
      ([share, value]): Damage =>
        (whole) => {
          const changed = Buffer.from(whole);
          if (changed.length > 0) changed[Math.floor(share * changed.length)] = value;
          return changed;
        },
    ),
    fc.uint8Array({maxLength: 200}).map(
      (random): Damage =>
        () =>
          Buffer.from(random),
    ),
  );
}

/** Why a text does not earn a forecast, judged without the server; undefined if it may. */
export function objection(text: string): string | undefined {
  const {
    as_of_date,
    feature_vector,
    ticker: symbol,
    model_type,
    horizon: ahead,
    ...others
  } = JSON.parse(text);
  if (Object.keys(others).length > 0) return "another key";
  if (symbol !== undefined) {
    if (as_of_date !== undefined || feature_vector !== undefined) return "two requests in one";
    if (!TICKERS.includes(String(symbol).toUpperCase())) return `no ticker ${symbol}`;
    if (!Object.hasOwn(TICKER_MODELS, String(model_type).toUpperCase())) return `no model ${model_type}`;
    return Number.isInteger(ahead) && ahead >= 1 && ahead <= 30 ? undefined : `no horizon ${ahead}`;
  }
  const session = sessionDate(as_of_date);
  if (!isWithinCalendar(session) || !isSession(session)) return "no session";
  for (const [key, value] of Object.entries(feature_vector)) {
    const feature = FEATURES.get(key);
    if (!feature) return `no feature ${key}`;
    if (typeof value !== "number" || !Number.isFinite(value)) return `${key} is no number`;
    const {minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity} = possibleValues(feature);
    if (value < minimum || value <= exclusiveMinimum || value > maximum) return `${key} cannot be ${value}`;
  }
  return undefined;
}

/** What is wrong with an answer to POST /predict; undefined where nothing is. */
export function faultOf(text: string, {status, reply}: {status: number; reply: string}): string | undefined {
  if (![200, 400, 404, 413, 422].includes(status)) return `status ${status}`;
  const answer = JSON.parse(reply);
  if (status !== 200) return problemFault(status, reply);
  return objection(text) ?? ("ticker" in answer ? tickerFault(answer) : rowFault(answer));
}

/** What is wrong with a problem document. */
export function problemFault(status: number, reply: string): string | undefined {
  const {status: said, detail, type, field, remedy, errors = []} = JSON.parse(reply);
  if (said !== status) return `it says ${said} in an answer of ${status}`;
  if (typeof detail !== "string" || detail.length === 0) return "no detail";
  for (const fault of [{remedy}, ...errors])
    if (typeof fault.remedy !== "string" || fault.remedy.length === 0) return "no remedy";
  if (!/^urn:volbook:problem:/.test(type)) return `type ${type}`;
  if (/\bat \S+ \(|node_modules|\.ts:\d/.test(reply)) return "it tells of the code";
  return status === 422 && typeof field !== "string" ? "no field" : undefined;
}

function rowFault(answer: Record<string, unknown>): string | undefined {
  const {rv_5d_hat, rv_5d_hat_annualized, shap, base_value, interval} = answer as {
    rv_5d_hat: number;
    rv_5d_hat_annualized: number;
    shap: Record<string, number>;
    base_value: number;
    interval: {lower: number; upper: number} | null;
  };
  if (!(rv_5d_hat_annualized >= 0.01 && rv_5d_hat_annualized <= 10)) return `it says ${rv_5d_hat_annualized}`;
  if (interval && !(interval.lower < rv_5d_hat && interval.upper > rv_5d_hat)) return "outside its interval";
  const sum = Object.values(shap).reduce((total, value) => total + value, base_value);
  return Math.abs(sum - Math.log(rv_5d_hat)) < 1e-8 ? undefined : `contributions sum to ${sum}`;
}

function tickerFault(answer: Record<string, unknown>): string | undefined {
  const {
    horizon: ahead,
    forecasts,
    forecast_dates: dates,
  } = answer as {
    horizon: number;
    forecasts: number[];
    forecast_dates: string[];
  };
  if (forecasts.length !== ahead || dates.length !== ahead)
    return `${forecasts.length} forecasts of ${ahead}`;
  if (!forecasts.every((value) => value > 0.05 && value < 50)) return `it says ${forecasts.join(", ")}`;
  return dates.every((date, i) => i === 0 || date > dates[i - 1]!) ? undefined : "dates out of order";
}

/** What is wrong with what a socket got: every answer in it is a problem, or of a request that was one. */
export function streamFault(text: string): string | undefined {
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
  const wrong = statuses.find((status) => status >= 500 && status !== 503);
  if (wrong) return `status ${wrong}`;
  return /node_modules|\bat \S+ \(\S+:\d+:\d+\)/.test(text) ? "it tells of the code" : undefined;
}
