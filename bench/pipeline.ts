// How long does a whole run take, one more day, and a run with nothing new? node bench/pipeline.ts [--small]
//
// From CSV files to the site. With BENCH_FOLDER the lake and the site stay there, for other parts.

import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {runPipeline} from "../test/runPipeline.ts";
import {finish, type Row, readArguments} from "./report.ts";

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly fitted: number;
  readonly stages: readonly {readonly stage: string; readonly seconds: number; readonly skipped: boolean}[];
}

const {small, json} = readArguments();
const real = !small && existsSync("../shared/market");
const market: Record<string, string> = real
  ? {SOURCE: "csv", CSV_DIR: "../shared/market"}
  : {SOURCE: "sample"};
const folder = process.env.BENCH_FOLDER ?? mkdtempSync(join(tmpdir(), "volbook-bench-"));
const lake = join(folder, "lake");
const variables = {
  ...market,
  ...(small && {CONFIG: "test/small.yaml"}),
  DATA_DIR: lake,
  SITE_DIR: join(folder, "site"),
  NOW: small ? "2023-06-02T12:00:00Z" : "2024-01-02T12:00:00Z",
};
const days = small ? ["2023-05-31", "2023-06-01"] : ["2023-12-28", "2023-12-29"];
try {
  const scratch = await run({...variables, AS_OF: days[0]!});
  const more = await run({...variables, AS_OF: days[1]!});
  const nothing = await run({...variables, AS_OF: days[1]!});
  finish(
    {
      rows: [
        row("pipeline from CSV to site", scratch, 60),
        row("pipeline, one more day", more, 10),
        row("pipeline, nothing new", nothing),
        {
          what: "pipeline, one more day: fits made",
          ours: `${more.fitted} of ${scratch.fitted}`,
          ...{goal: "0", met: more.fitted === 0, correctness: true},
        },
      ],
      notes: [
        `${real ? "Real bars, 1993-01-29 to 2023-12-29" : "The sample market"}, ${scratch.fitted} fits, ${availableParallelism()} processors. Processor time: ${[scratch, more, nothing].map(({cpuSeconds}) => `${cpuSeconds.toFixed(0)} s`).join(", ")}; peak memory: ${[scratch, more, nothing].map(({peakMb}) => `${peakMb} MB`).join(", ")}.`,
        stageTable(scratch, more),
      ],
    },
    json,
  );
} finally {
  if (!process.env.BENCH_FOLDER) rmSync(folder, {recursive: true, force: true});
}

async function run(environment: Record<string, string>): Promise<Run> {
  const started = performance.now();
  const {code, stderr} = await runPipeline([], environment);
  if (code !== 0) throw new Error(stderr);
  const seconds = (performance.now() - started) / 1000;
  const runs = join(lake, market.SOURCE!, "runs");
  const newest = readdirSync(runs).sort().at(-1)!;
  const summary = JSON.parse(readFileSync(join(runs, newest), "utf8"));
  const {fitted, skipped} = summary.stages.find(({stage}: {stage: string}) => stage === "walkforward");
  return {
    ...{seconds, cpuSeconds: summary.cpu_seconds, peakMb: summary.peak_memory_mb},
    ...{fitted: skipped ? 0 : fitted, stages: summary.stages},
  };
}

function row(what: string, {seconds}: Run, most?: number): Row {
  const ours = `${seconds.toFixed(1)} s`;
  return most === undefined ? {what, ours} : {what, ours, goal: `<= ${most} s`, met: seconds <= most};
}

function stageTable(scratch: Run, more: Run): string {
  const secondsOf = ({stages}: Run, name: string): string => {
    const found = stages.find(({stage}) => stage === name);
    return !found || found.skipped ? "-" : found.seconds.toFixed(1);
  };
  return [
    "| stage, seconds | from scratch | one more day |",
    "|---|---:|---:|",
    ...scratch.stages.map(
      ({stage}) => `| ${stage} | ${secondsOf(scratch, stage)} | ${secondsOf(more, stage)} |`,
    ),
  ].join("\n");
}
