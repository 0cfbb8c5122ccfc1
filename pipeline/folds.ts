// The walk-forward plan of the lake's sessions, a line a refit: node pipeline/folds.ts [MODEL [HORIZON]]
import {argv} from "zx";
import {lastTrainingReturn, planFolds} from "../src/evaluation/folds.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";
import {findLake} from "../src/store/lakeFolder.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {integers} from "../src/store/table.ts";
import {isoDate, sessionDate} from "../src/units.ts";
import {readEnvironment} from "./environment.ts";

try {
  await printPlan();
} catch (error) {
  console.error(String(error instanceof Error ? error.message : error));
  process.exitCode = 1;
}

async function printPlan(): Promise<void> {
  const {config, dataDir} = readEnvironment({...process.env, CSV_DIR: process.env.CSV_DIR || "."});
  const {horizons, walk_forward: plan} = config;
  const [model, horizon] = [String(argv._[0] ?? "anchored"), Number(argv._[1] ?? 5)];
  if (!horizons.some((h) => h === horizon)) {
    throw new Error(
      `Cannot plan refits: the horizon must be one of ${horizons.join(", ")}, current value is ${argv._[1]}`,
    );
  }
  const combination = plan.combinations.find(({name}) => name === model);
  if (combination) {
    const members = combination.members.join(", ");
    throw new Error(`Cannot plan refits of ${model}: it has none, it combines ${members}. Name one of these`);
  }
  const {source} = await findLake(dataDir, process.env.SOURCE || "auto");
  const {target} = config.universe;
  const name = await lakeName({source, target}, (other) => storeAt(rootBelow(dataDir, other)));
  const lake = await findLake(dataDir, name);
  const sessions = integers(await lake.read("features_daily"), "date");
  const folds = planFolds(sessions, {
    horizon,
    refitEvery: plan.refit_sessions[model] ?? catalogueEntry(model).refitEvery,
    window: catalogueEntry(model).window,
    firstOrigin: sessionDate(plan.first_origin),
    trainFrom: sessionDate(plan.train_from),
    minTrain: plan.minimum_training_sessions,
  });
  const day = (row: number): string => isoDate(sessions[row]!);
  console.log(`${model}, ${horizon} sessions ahead, ${folds.length} refits on ${lake.folder}`);
  console.log(
    "trained on rows dated        labels known by  forecasts made on            rows trained, forecast",
  );
  for (const fold of folds) {
    const {trainStart, trainEnd, testStart, testEnd} = fold;
    console.log(
      `${day(trainStart)} .. ${day(trainEnd - 1)}    ${day(lastTrainingReturn(fold, horizon))}       ${day(testStart)} .. ${day(testEnd - 1)}    ${String(trainEnd - trainStart).padStart(6)}  ${String(testEnd - testStart).padStart(4)}`,
    );
  }
}
