// How long does a whole run take, one more day, and a run with nothing new? node bench/pipeline.ts
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {runPipeline} from "../test/runPipeline.ts";

const market = existsSync("../shared/market")
  ? {SOURCE: "csv", CSV_DIR: "../shared/market"}
  : {SOURCE: "sample"};
const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
const variables = {...market, DATA_DIR: folder, NOW: "2024-01-02T12:00:00Z"};

console.log(
  `Pipeline on ${market.SOURCE === "csv" ? "real bars" : "the sample market"}, 1993-01-29 to 2023-12-29\n`,
);
console.log("| run | seconds | peak memory, MB | fits made |");
console.log("|---|---:|---:|---:|");
try {
  await measure("from scratch, to 2023-12-28", {...variables, AS_OF: "2023-12-28"});
  await measure("one more day", variables);
  await measure("nothing new", variables);
} finally {
  rmSync(folder, {recursive: true, force: true});
}

async function measure(name: string, environment: Record<string, string>): Promise<void> {
  const started = performance.now();
  const {code, stderr} = await runPipeline([], environment);
  if (code !== 0) throw new Error(stderr);
  const seconds = (performance.now() - started) / 1000;
  const runs = join(folder, market.SOURCE, "runs");
  const summary = JSON.parse(readFileSync(join(runs, readdirSync(runs)[0]!), "utf8"));
  const {fitted, skipped} = summary.stages.find(({stage}: {stage: string}) => stage === "walkforward");
  console.log(`| ${name} | ${seconds.toFixed(1)} | ${summary.peak_memory_mb} | ${skipped ? 0 : fitted} |`);
}
