// How do the intervals of a lake's forecasts do, and on what does it depend? The tables of docs/intervals.md:
// node bench/intervals.ts [lake's folder] [model]
import {readFileSync} from "node:fs";
import {readForecasts} from "../pipeline/forecasts.ts";
import {readConfig} from "../src/config.ts";
import {
  conformalIntervals,
  INTERVAL_METHODS,
  type IntervalOptions,
} from "../src/evaluation/conformal/conformalIntervals.ts";
import {type Coverage, coverageOf} from "../src/evaluation/conformal/coverage.ts";
import {createRandom} from "../src/random.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";

const HORIZONS = [1, 5, 22];
const SIMULATIONS = 200;

const config = readConfig("config/default.yaml", (path) => readFileSync(path, "utf8"));
const {
  coverage: level,
  levels,
  window_sessions: windowSessions,
  minimum_sessions: minimumSessions,
} = config.interval;
const [folder = "data/csv", model = config.champion] = process.argv.slice(2);
const lake = openLake({store: localDirectory(folder)});
const forecasts = readForecasts(await lake.read("walkforward_daily"), await lake.read("labels_daily"));

console.log(`${model} in ${folder}, intervals of ${100 * level} %\n`);
console.log("| horizon | method | n | covered | below | worst 63 sessions | width | interval score |");
console.log("|---|---|---|---|---|---|---|---|");
for (const horizon of HORIZONS) {
  for (const method of INTERVAL_METHODS) {
    const {n, rate, below, worst_rate, mean_width, interval_score_pct} = record(horizon, {method});
    const figures = [rate, below, worst_rate, mean_width, interval_score_pct].map((x) => x.toFixed(3));
    console.log(`| ${[horizon, method, n, ...figures].join(" | ")} |`);
  }
}

console.log("\nadaptive: covered, worst 63 sessions, interval score\n");
console.log(
  `| drift sessions | cluster sessions | share | ${HORIZONS.map((h) => `${h} ahead`).join(" | ")} |`,
);
console.log("|---|---|---|---|---|---|");
for (const [driftSessions, clusterSessions, clusterShare] of [
  [252, 21, 0.5],
  [126, 21, 0.5],
  [504, 21, 0.5],
  [252, 42, 0.5],
  [252, 21, 0.25],
  [252, 21, 1],
  [63, 21, 0],
  [126, 21, 0],
  [252, 21, 0],
  [504, 21, 0],
] as const) {
  const tracking = {driftSessions, clusterSessions, clusterShare};
  const cells = HORIZONS.map((horizon) => {
    const {rate, worst_rate, interval_score_pct} = record(horizon, {method: "adaptive", tracking});
    return [rate, worst_rate, interval_score_pct].map((x) => x.toFixed(3)).join(", ");
  });
  console.log(`| ${[driftSessions, clusterSessions, clusterShare, ...cells].join(" | ")} |`);
}

console.log(`\nworst 63 sessions of the true quantiles, ${SIMULATIONS} simulations\n`);
console.log("| horizon | median | 5 % | 95 % |");
console.log("|---|---|---|---|");
for (const horizon of HORIZONS) {
  const worst = worstOfTrueQuantiles(horizon);
  const at = (share: number): string => worst[Math.floor(share * SIMULATIONS)]!.toFixed(3);
  console.log(`| ${horizon} | ${at(0.5)} | ${at(0.05)} | ${at(0.95)} |`);
}

function record(horizon: number, options: Pick<IntervalOptions, "method" | "tracking">): Coverage {
  const columns = forecasts(horizon);
  const found = columns.forecasts[model];
  if (!found) throw new RangeError(`Cannot judge ${model}: ${folder} has no forecasts of it`);
  const series = {actual: columns.actual.map(Math.sqrt), forecast: found.volatility};
  const intervals = conformalIntervals(series, {
    horizon,
    levels,
    windowSessions,
    minimumSessions,
    ...options,
  });
  return coverageOf({...series, ...intervals[levels.indexOf(level)]!}, {level});
}

// Independent returns of Student's t with 5 degrees of freedom, whose variance is known: the interval is each outcome's
// own. As many sessions as the lake has intervals.
function worstOfTrueQuantiles(horizon: number): Float64Array {
  const random = createRandom(horizon);
  const {n} = record(horizon, {method: "split"});
  const paths = Array.from({length: SIMULATIONS}, () => {
    const squared = Float64Array.from({length: n + horizon}, () => {
      const scale = [1, 2, 3, 4, 5].reduce((sum) => sum + random.normal() ** 2, 0);
      return (5 * random.normal() ** 2) / scale;
    });
    return Float64Array.from({length: n}, (_, t) =>
      Math.sqrt(squared.subarray(t + 1, t + 1 + horizon).reduce((a, b) => a + b, 0)),
    );
  });
  const pooled = Float64Array.from(paths.flatMap((path) => Array.from(path))).sort();
  const bound = (share: number): Float64Array =>
    new Float64Array(n).fill(pooled[Math.floor(share * pooled.length)]!);
  const truth = {lower: bound((1 - level) / 2), upper: bound((1 + level) / 2)};
  return Float64Array.from(
    paths,
    (actual) => coverageOf({actual, forecast: new Float64Array(n).fill(1), ...truth}, {level}).worst_rate,
  ).sort();
}
