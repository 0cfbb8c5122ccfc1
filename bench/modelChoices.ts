// What do the choices inside the models cost or gain? node bench/modelChoices.ts prints all; `--write` puts the
// table of unchanged closes into docs/models.md.
import {argv} from "zx";
import {writeMarked} from "../pipeline/markedText.ts";
import {hasSharedMarket, sharedTable} from "../src/evaluation/marketTable.fixture.ts";
import {type LeaderboardRow, scorecard} from "../src/evaluation/scorecard.ts";
import {forecastFold, joinForecasts, planWalkForward} from "../src/evaluation/walkForward.ts";
import {anchored} from "../src/models/anchored.ts";
import {har} from "../src/models/har.ts";
import type {HarFit} from "../src/models/levelHar.ts";
import {predictLinear} from "../src/models/linear.ts";
import {forecastLog, type LogFit} from "../src/models/logFit.ts";
import {logHarVix} from "../src/models/logHar.ts";
import type {Model, TrainingSet} from "../src/models/model.ts";
import {retransformation} from "../src/models/retransformation.ts";
import {rv20} from "../src/models/rv20.ts";
import {sessionDate} from "../src/units.ts";

const PAGE = "docs/models.md";
const SEED = 20050103;
const period = {name: "2005-2023", first: sessionDate("2005-01-03"), last: sessionDate("2023-12-21")};

if (!hasSharedMarket) throw new Error("Cannot compare choices: the folder ../shared/market is missing");
const table = sharedTable();

const FLOORS = [1e-9, 1e-8, 1e-7, 1e-6];

const outcomes = table.variance[1]!.filter(Number.isFinite);
const moved = outcomes.filter((y) => y > 0);
console.log(
  `${outcomes.length} outcomes one session ahead, ${outcomes.length - moved.length} exactly 0, ` +
    `the smallest other ${moved.reduce((a, b) => Math.min(a, b))}`,
);
const unchanged = compare("Unchanged closes under the logs", 1, [
  ...FLOORS.flatMap((floor) => [withFloor(logHarVix, floor), withFloor(anchored, floor)]),
  logHarVix,
  anchored,
]);
if (argv.write) writeMarked(PAGE, {marker: "unchanged", text: unchangedTable(unchanged)});
compare("Residuals of the retransformation", 5, [anchored, withInSampleResiduals(anchored)]);
compare(
  "Seeds of the boosting",
  5,
  [1, 2, 3].map((seed) => withSeed(anchored, seed)),
);
compare("HAR's insanity filter: to the nearest label, to the labels' mean", 5, [har, withMeanFilter()]);

function compare(question: string, horizon: number, models: readonly Model[]): LeaderboardRow[] {
  const {sessions} = table.features;
  const forecasts = Object.fromEntries([rv20, ...models].map((model) => [model.name, walk(model, horizon)]));
  const scored = {sessions, horizon, actual: table.variance[horizon]!, forecasts};
  const rows = scorecard(scored, {periods: [period], seed: SEED}).filter(({model}) => model !== "rv20");
  console.log(`\n${question}, ${horizon} ahead`);
  for (const {model, qlike, rmse_pct, bias} of rows) {
    console.log(
      `${model.padEnd(32)} QLIKE ${qlike.toFixed(4)} RMSE ${rmse_pct.toFixed(3)} bias ${bias.toFixed(3)}`,
    );
  }
  return rows;
}

function unchangedTable(rows: readonly LeaderboardRow[]): string {
  const figures = (name: string): string => {
    const {qlike, bias} = rows.find(({model}) => model === name)!;
    return `${qlike.toFixed(4)} | ${bias.toFixed(3)}`;
  };
  const line = (title: string, nameOf: (model: Model<LogFit>) => string): string =>
    `| ${title} | ${figures(nameOf(logHarVix))} | ${figures(nameOf(anchored))} |`;
  return [
    "| under the logs, h = 1 | `log_har_vix` QLIKE | bias | `anchored` QLIKE | bias |",
    "|---|---|---|---|---|",
    ...FLOORS.map((floor) => line(`floor ${floor.toExponential()}`, (model) => withFloor(model, floor).name)),
    line("left out", ({name}) => name),
  ].join("\n");
}

function walk(model: Model, horizon: number) {
  const tasks = planWalkForward(table.features.sessions, {
    model: model.name,
    seed: SEED,
    horizon,
    refitEvery: model.name.startsWith("anchored") ? 63 : 21,
    window: "expanding",
    firstOrigin: period.first,
    trainFrom: sessionDate("1993-06-01"),
  });
  return joinForecasts(
    tasks.map((task) => forecastFold(task, {model, table})),
    table.features.sessions.length,
  );
}

function withFloor(model: Model<LogFit>, floor: number): Model<LogFit> {
  const fit = (set: TrainingSet) =>
    model.fit({...set, variance: set.variance.map((y) => Math.max(y, floor))}); // NaN stays
  return {...model, name: `${model.name}, floor ${floor.toExponential()}`, fit};
}

function withSeed(model: Model<LogFit>, seed: number): Model<LogFit> {
  return {...model, name: `${model.name}, seed ${seed}`, fit: (set) => model.fit({...set, seed})};
}

function withInSampleResiduals(model: Model<LogFit>): Model<LogFit> {
  return {
    ...model,
    name: `${model.name}, in-sample`,
    fit(set) {
      const fit = {...model.fit(set), retransformation: {variance: 1, volatility: 1}};
      const fitted = forecastLog(fit, set).variance;
      const residuals = fitted.map((f, i) => Math.log(set.variance[set.rows.start + i]! / f));
      return {...fit, retransformation: retransformation(residuals.filter(Number.isFinite))};
    },
  };
}

function withMeanFilter(): Model<HarFit & {mean: number}> {
  return {
    ...har,
    name: "har, mean",
    fit(set) {
      const labels = set.variance.subarray(set.rows.start, set.rows.end).filter(Number.isFinite);
      return {...har.fit(set), mean: labels.reduce((sum, y) => sum + y, 0) / labels.length};
    },
    forecast(fit, {features, rows}) {
      const variance = predictLinear(fit.linear, features, rows).map((value) =>
        value < fit.least || value > fit.greatest ? fit.mean : value,
      );
      return {variance, volatility: variance.map((value) => fit.rootFactor * Math.sqrt(value))};
    },
  };
}
