// What do the tests between models cost? Simulated losses of the study's size: node bench/statistics.ts
import {evaluateForecasts} from "../src/evaluation/evaluateForecasts.ts";
import {modelConfidenceSet} from "../src/evaluation/modelConfidenceSet.ts";
import {planPeriods} from "../src/evaluation/periods.ts";
import {planRegimes} from "../src/evaluation/regimes.ts";
import type {ScoredForecasts} from "../src/evaluation/scoredForecasts.ts";
import {superiorAbility} from "../src/evaluation/superiorAbility.ts";
import {createRandom} from "../src/random.ts";
import {sessionDate} from "../src/units.ts";

const SESSIONS = 4776;
const ROUNDS = 5;
const random = createRandom(1);
const losses = Array.from({length: 15}, () =>
  Float64Array.from({length: SESSIONS}, () => random.normal() ** 2),
);

console.log(`${SESSIONS} sessions, one thread, Node ${process.version}; medians of ${ROUNDS} rounds\n`);
console.log("| task | seconds |");
console.log("|---|---:|");
for (const statistic of ["max", "range"] as const) {
  measure(`model confidence set, 15 models, 1,000 resamples, T_${statistic}`, () =>
    modelConfidenceSet(losses, {random: createRandom(1), resamples: 1000, statistic}),
  );
}
measure("superior ability of one of 15 models, 1,000 resamples", () =>
  superiorAbility(losses, {benchmark: 0, random: createRandom(1), resamples: 1000}),
);
for (const horizon of [1, 5, 22]) {
  const {scored, periods} = study(horizon);
  measure(
    `every table of the evaluation, ${Object.keys(scored.forecasts).length} models, ${periods.length} periods, ${horizon} ahead`,
    () => evaluateForecasts(scored, {periods, seed: 1}),
  );
}

function measure(task: string, run: () => unknown): void {
  const seconds = Array.from({length: ROUNDS}, () => {
    const started = performance.now();
    run();
    return (performance.now() - started) / 1000;
  }).sort((a, b) => a - b);
  console.log(`| ${task} | ${seconds[ROUNDS >> 1]!.toFixed(2)} |`);
}

// Forecasts that see a true variance through ever more noise, over the published span.
function study(horizon: number): {scored: ScoredForecasts; periods: ReturnType<typeof planPeriods>} {
  const truth = new Float64Array(SESSIONS);
  let level = 0;
  for (let t = 0; t < SESSIONS; t++) {
    level = 0.97 * level + 0.2 * random.normal();
    truth[t] = 1e-4 * Math.exp(level);
  }
  const names = ["rv20", "log_har_vix", ...Array.from({length: 18}, (_, i) => `model ${i + 1}`)];
  const forecasts = Object.fromEntries(
    names.map((name, i) => {
      const variance = truth.map((v) => v * Math.exp((0.2 + 0.02 * i) * random.normal()));
      return [name, {variance, volatility: variance.map(Math.sqrt)}];
    }),
  );
  const [first, last] = [sessionDate("2005-01-03"), sessionDate("2023-12-21")];
  const sessions = Int32Array.from({length: SESSIONS}, (_, t) =>
    Math.round(first + ((last - first) * t) / (SESSIONS - 1)),
  );
  const scored = {sessions, horizon, actual: truth.map((v) => v * random.normal() ** 2 + 1e-9), forecasts};
  const vix = {sessions, level: truth.map((v) => 100 * Math.sqrt(252 * v))};
  const periods = [...planPeriods(sessions, {name: "2005-2023", first, last}), ...planRegimes(scored, vix)];
  return {scored, periods};
}
