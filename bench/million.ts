// A thousandfold more rows: time and memory of a fit beside XGBoost's. node bench/million.ts [rounds] [--small]
//
// Every fit is a process of its own that holds the data and nothing else, so that its peak memory can be told. The data
// are float32 in a file; here they become a Matrix of float64 (8 bytes a value), in Python an array of float32 (4).

import {spawnSync} from "node:child_process";
import {closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createMatrix} from "../src/math/matrix.ts";
import {fitBoostedTrees} from "../src/models/gbdt/boost.ts";
import {simulate} from "../src/models/gbdt/simulated.fixture.ts";
import {usualOptions} from "./boostOptions.ts";
import {median, outcomeOf, type Times, timed} from "./inTurn.ts";
import {finish, readArguments} from "./report.ts";
import {ABSENT, openXgboost} from "./xgboost.ts";

const WIDTH = 50;
const PART = 20_000; // rows simulated at a time

interface Fitted extends Times {
  readonly peakMb: number;
}

const {small, json, words} = readArguments();
if (words[0] === "fit") fitHere(words[1]!, Number(words[2]), Number(words[3]));
else
  await compare(
    small ? {rows: 150_000, trees: 2} : {rows: 1_000_000, trees: 100},
    Number(words[0] ?? (small ? 1 : 2)),
  );

async function compare({rows, trees}: {rows: number; trees: number}, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
  const ours: Fitted[] = [];
  const theirs: Fitted[] = [];
  let about = ABSENT;
  try {
    writeData(folder, rows);
    for (let round = 0; round < rounds; round++) {
      ours.push(fitElsewhere([folder, rows, trees]));
      const xgboost = await openXgboost();
      if (!xgboost) continue;
      ({about} = xgboost);
      await xgboost.loadFiles("data", {
        features: join(folder, "features"),
        target: join(folder, "target"),
        width: WIDTH,
      });
      theirs.push(await xgboost.fit("model", {data: "data", trees, settings: {max_depth: 4}}));
      xgboost.close();
    }
  } finally {
    rmSync(folder, {recursive: true});
  }
  const {ratio, range, cpuRatio, ...times} = outcomeOf(ours, theirs);
  const [here, there] = [median(ours.map(({peakMb}) => peakMb)), median(theirs.map(({peakMb}) => peakMb))];
  const measured = theirs.length > 0;
  const shape = `${rows} x ${WIDTH}, ${trees} trees, depth 4`;
  finish(
    {
      rows: [
        {
          what: `boosting fit, ${shape}`,
          ours: `${(times.ours.wall / 1000).toFixed(1)} s`,
          goal: "<= 1.0 x XGBoost's time",
          ...(measured && {
            peer: `${(times.theirs!.wall / 1000).toFixed(1)} s XGBoost`,
            ...{ratio, range, cpuRatio},
            met: ratio <= 1,
          }),
        },
        {
          what: `peak memory of that process, its data included`,
          ours: `${here.toFixed(0)} MB`,
          goal: "<= XGBoost's",
          ...(measured && {peer: `${there.toFixed(0)} MB XGBoost`, ratio: here / there, met: here <= there}),
        },
      ],
      notes: [`${about} ${rounds} rounds in turn, each fit in a new process.`],
    },
    json,
  );
}

function writeData(folder: string, rows: number): void {
  const features = openSync(join(folder, "features"), "w");
  const target = openSync(join(folder, "target"), "w");
  for (let start = 0, seed = 1; start < rows; start += PART, seed++) {
    const part = simulate(Math.min(PART, rows - start), {width: WIDTH, seed});
    writeSync(features, new Uint8Array(Float32Array.from(part.features.values).buffer));
    writeSync(target, new Uint8Array(part.target.buffer));
  }
  closeSync(features);
  closeSync(target);
}

function fitElsewhere([folder, rows, trees]: [string, number, number]): Fitted {
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [import.meta.filename, "fit", folder, String(rows), String(trees)],
    {encoding: "utf8"},
  );
  if (status !== 0) throw new Error(`The fit failed: ${stderr}`);
  return JSON.parse(stdout) as Fitted;
}

function fitHere(folder: string, rows: number, trees: number): void {
  const values = new Float64Array(rows * WIDTH);
  const file = openSync(join(folder, "features"), "r");
  const part = new Float32Array(PART * WIDTH);
  const bytes = new Uint8Array(part.buffer);
  for (let at = 0; at < values.length; ) {
    const read = readSync(file, bytes) / 4;
    values.set(part.subarray(0, read), at);
    at += read;
  }
  closeSync(file);
  const target = new Float64Array(Uint8Array.from(readFileSync(join(folder, "target"))).buffer);
  const times = timed(() => fitBoostedTrees(createMatrix(values, WIDTH), target, {...usualOptions, trees}));
  console.log(JSON.stringify({...times, peakMb: process.resourceUsage().maxRSS / 1024} satisfies Fitted));
}
