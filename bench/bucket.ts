// What does it cost to keep the lake in a bucket? The same runs on a folder and on moto's S3 server: node bench/bucket.ts [STAGE …]
import {existsSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {argv} from "zx";
import {hasMoto, startMoto} from "../test/moto.ts";
import {runPipeline} from "../test/runPipeline.ts";

if (!hasMoto) throw new Error("Cannot compare with a bucket: this machine has no moto_server");
const stages = argv._.length > 0 ? argv._.map(String) : ["explain"];
const market = existsSync("../shared/market")
  ? {SOURCE: "csv", CSV_DIR: "../shared/market"}
  : {SOURCE: "sample"};
const folder = mkdtempSync(join(tmpdir(), "volbook-bucket-"));
const moto = await startMoto();
const places = {
  "a folder": {DATA_DIR: join(folder, "lake")},
  "moto on the loopback": {
    ...moto.variables,
    DATA_DIR: `s3://${moto.bucket}/lake`,
    VOLBOOK_CACHE: join(folder, "cache"),
  },
};

try {
  console.log(
    `${stages.join(", ")} on ${market.SOURCE === "csv" ? "real bars" : "the sample market"}, seconds\n`,
  );
  console.log("| lake in | from scratch | nothing new | nothing new, cache lost |");
  console.log("|---|---:|---:|---:|");
  for (const [name, place] of Object.entries(places)) {
    const variables = {...market, NOW: "2024-01-02T12:00:00Z", ...place};
    const [scratch, again] = [await seconds(variables), await seconds(variables)];
    rmSync(join(folder, "cache"), {recursive: true, force: true});
    const cold = await seconds(variables);
    console.log(`| ${name} | ${scratch.toFixed(0)} | ${again.toFixed(1)} | ${cold.toFixed(1)} |`);
  }
  const files = readdirSync(join(folder, "lake"), {recursive: true, withFileTypes: true});
  console.log(
    `\n${files.filter((entry) => entry.isFile()).length} objects; one server process, which answers one request at a time.`,
  );
} finally {
  await moto.stop();
  rmSync(folder, {recursive: true, force: true});
}

async function seconds(variables: Record<string, string>): Promise<number> {
  const started = performance.now();
  const {code, stderr} = await runPipeline(stages, variables);
  if (code !== 0) throw new Error(stderr);
  return (performance.now() - started) / 1000;
}
