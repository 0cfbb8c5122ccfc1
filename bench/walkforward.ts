// How long does a walk-forward take on one thread and on two, and is it the same? node bench/walkforward.ts [rounds] [--small]
//
// The anchored model, refitted each 21 sessions from 2005, at three horizons: five bags of boosted trees a fit, with
// residuals out of the bag. The goal was set for one bag.

import {availableParallelism} from "node:os";
import {runOnThreads} from "../pipeline/pool.ts";
import {hasSharedMarket, sampleTable, sharedTable} from "../src/evaluation/marketTable.fixture.ts";
import {type FoldForecast, type FoldTask, planWalkForward} from "../src/evaluation/walkForward.ts";
import {sessionDate} from "../src/units.ts";
import {median} from "./inTurn.ts";
import {finish, readArguments} from "./report.ts";

const {small, json, words} = readArguments();
const rounds = Number(words[0] ?? (small ? 1 : 2));
const table = hasSharedMarket
  ? sharedTable()
  : sampleTable({seed: 1, first: "1993-01-29", last: "2023-12-29"});
const {sessions} = table.features;
const tasks = [1, 5, 22].flatMap((horizon) =>
  planWalkForward(sessions, {
    ...{model: "anchored", seed: 20050103, horizon, refitEvery: small ? 2000 : 21, window: "expanding"},
    ...{firstOrigin: sessionDate("2005-01-03"), trainFrom: sessionDate("1993-06-01"), minTrain: 1000},
  }),
);

const seconds = new Map<number, number[]>([
  [1, []],
  [2, []],
]);
const results = new Set<string>();
for (let round = 0; round < rounds; round++)
  for (const [threads, times] of seconds) {
    const started = performance.now();
    const forecasts = await walk(threads);
    times.push((performance.now() - started) / 1000);
    results.add(
      JSON.stringify(
        forecasts.map(({variance, volatility, ...rest}) => [rest, [...variance], [...volatility]]),
      ),
    );
  }
const [one, two] = [seconds.get(1)!, seconds.get(2)!];
const gains = one.map((time, round) => time / two[round]!);
const gain = median(gains);
const shape = `${tasks.length / 3} refits x 3 horizons`;
finish(
  {
    rows: [
      {
        what: `walk-forward, ${shape}, two threads`,
        ours: `${median(two).toFixed(1)} s`,
        peer: `${median(one).toFixed(1)} s one thread`,
        ratio: 1 / gain,
        range: [1 / Math.max(...gains), 1 / Math.min(...gains)],
        ...{goal: "<= 20 s", met: median(two) <= 20},
      },
      {
        what: "how many times faster two threads are than one",
        ours: gain.toFixed(2),
        ...{goal: ">= 1.7", met: gain >= 1.7},
      },
      {
        what: "forecasts and fits by one thread and by two",
        ours: results.size === 1 ? "identical" : "different",
        ...{goal: "identical", met: results.size === 1, correctness: true},
      },
    ],
    notes: [
      `Anchored model, five bags of 80 trees a fit (the goal was set for one bag), on ${hasSharedMarket ? "real bars" : "the sample market"}, ${rounds} rounds in turn, ${availableParallelism()} processors; starting the threads is included.`,
    ],
  },
  json,
);

function walk(threads: number): Promise<FoldForecast[]> {
  return runOnThreads<FoldTask, FoldForecast>(new URL("../pipeline/foldWorker.ts", import.meta.url), tasks, {
    shared: table,
    threads,
    progress: () => {},
  });
}
