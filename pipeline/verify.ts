// Does every published number follow from the bars? All of it is derived again, apart, and compared.
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import pino from "pino";
import type {Source} from "../src/config.ts";
import {barsBySymbol} from "../src/store/barsBySymbol.ts";
import type {Contract} from "../src/store/contract.ts";
import {type Lake, openLake, readJson} from "../src/store/lake.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {differingRows} from "../src/store/merge.ts";
import {onOrBefore, type Table} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";
import {createContext} from "./context.ts";
import {readEnvironment, UsageError} from "./environment.ts";
import {graph, upTo} from "./graph.ts";
import {createLogger, runSteps} from "./log.ts";
import {vintageProvider} from "./providers.ts";
import {SITE, stampOf} from "./publishSite.ts";
import {type RunContext, runStage} from "./stage.ts";
import {registryProblems} from "./verifyRegistry.ts";
import {siteProblems} from "./verifySite.ts";

const SHOWN_KEYS = 3;

/** What the rest is derived from, and what cannot be made again: forecasts of their day. */
const NOT_DERIVED: ReadonlySet<string> = new Set(["raw.market", "quarantine", "live_ledger"]);

interface Published {
  readonly source: Source;
  readonly run: string;
}

async function main(): Promise<void> {
  const stamp = stampOf(process.env.SITE_DIR || SITE);
  if (!existsSync(stamp)) throw new UsageError(`Cannot verify: ${stamp} is missing; run make report first`);
  const {source, run} = JSON.parse(readFileSync(stamp, "utf8")) as Published;
  const variables = {...process.env, SOURCE: source, CSV_DIR: process.env.CSV_DIR || "."};
  const given = readEnvironment(variables);
  const {target} = given.config.universe;
  const lakeRoot = (name: string): string => rootBelow(given.dataDir, name);
  const root = lakeRoot(await lakeName({source, target}, (name) => storeAt(lakeRoot(name))));
  const store = storeAt(root);
  const summary = await readJson<{now: string; as_of: string}>(store, `runs/${run}.json`);
  if (!summary) {
    throw new UsageError(
      `Cannot verify: the site was built by run ${run} on another lake than ${root}; set DATA_DIR`,
    );
  }
  const then = {NOW: summary.now, AS_OF: summary.as_of};
  const environment = {...readEnvironment({...variables, ...then}), mlflow: undefined};
  const log = createLogger(run);
  const apart = mkdtempSync(join(tmpdir(), "volbook-verify-"));
  try {
    const lake = openLake({store});
    const differences = await lake.verify();
    const bars = barsBySymbol(await lake.read("raw.market"));
    const context = createContext(environment, {
      store: localDirectory(apart),
      source,
      log: () => pino({level: "silent"}),
    });
    const all = graph(vintageProvider(source, bars));
    const stages = upTo(all, "site").filter(({name}) => name !== "site");
    await runSteps(
      stages.map((stage) => ({
        title: `derive ${stage.name} again`,
        async run(say) {
          const report = await runStage(stage, context, {
            progress: say,
            clock: () => performance.now() / 1000,
          });
          return `${report.seconds.toFixed(1)} s`;
        },
      })),
    );
    const again = new Set(stages.flatMap(({writes}) => writes).filter((name) => !NOT_DERIVED.has(name)));
    differences.push(...(await compareDatasets(lake, context, again)));
    differences.push(...(await compareArtifacts(lake, context)));
    differences.push(...(await registryProblems(lake, context.lake)));
    const prove = all.find(({name}) => name === "prove")!;
    differences.push(...(await siteProblems(lake, context, {prove, run, again})));
    for (const difference of differences) {
      log.error(difference);
      if (process.stdout.isTTY) console.log(difference);
    }
    if (differences.length > 0) {
      throw new Error(
        `Cannot confirm ${differences.length} of the published numbers: ${differences.map(nameOf).join(", ")}`,
      );
    }
    log.info("every published number was derived again and is the same");
    if (process.stdout.isTTY) console.log("Every published number was derived again and is the same.");
  } finally {
    rmSync(apart, {recursive: true, force: true});
  }
}

const nameOf = (difference: string): string => difference.split(/[: ]/)[0]!;

async function compareDatasets(
  published: Lake,
  {lake: derived, environment}: RunContext,
  names: ReadonlySet<string>,
): Promise<string[]> {
  const differences: string[] = [];
  for (const name of names) {
    const contract = comparable(published.contract(name));
    const ours = onOrBefore(await published.read(name), environment.asOf);
    const theirs = await derived.read(name);
    const {rows} = differingRows(contract, {known: ours, incoming: theirs});
    const {added: extra} = differingRows(contract, {known: theirs, incoming: ours});
    if (rows.length > 0)
      differences.push(`${name}: ${rows.length} rows differ, ${keysOf(contract, theirs, rows)}`);
    // A lake older than the configuration keeps rows that a new run would not make; they are not published wrongly.
    if (extra > 0 && contract.mode === "replace")
      differences.push(`${name}: ${extra} rows cannot be derived`);
  }
  return differences;
}

// A fit's hash is of the code too: other code that fits the same is no difference, as it is none of the site.
function comparable(contract: Contract): Contract {
  return contract.dataset === "fits" ? {...contract, unrevised: ["training_hash"]} : contract;
}

function keysOf({key}: Contract, {columns}: Table, rows: Uint32Array): string {
  const shown = Array.from(rows.slice(0, SHOWN_KEYS), (row) =>
    key
      .map((name) =>
        name === "date" || name === "trained_through"
          ? isoDate(columns[name]![row] as number)
          : String(columns[name]![row]),
      )
      .join(" "),
  );
  return `${rows.length > SHOWN_KEYS ? "the first" : "namely"} ${shown.join(", ")}`;
}

async function compareArtifacts(
  published: Lake,
  {lake: derived, environment}: RunContext,
): Promise<string[]> {
  const differences: string[] = [];
  for (const {key} of await derived.store.list("artifacts/model")) {
    if (key.endsWith("/latest.json")) continue; // which version counts is a decision: the registry has its record
    const [ours, theirs] = await Promise.all([published.store.get(key), derived.store.get(key)]);
    if (!ours) differences.push(`${key}: was not published`);
    else if (!isSameFile(key, [ours, theirs!], environment.now)) differences.push(`${key}: differs`);
  }
  return differences;
}

// A manifest tells when it was written and by which code; its figures must agree. One that was written by an earlier
// run has that day's figures: what its fit alone makes must agree.
function isSameFile(key: string, files: readonly Uint8Array[], now: string): boolean {
  const [ours, theirs] = files.map((bytes) => new TextDecoder().decode(bytes));
  if (!key.endsWith("/manifest.json")) return ours === theirs;
  const [kept, made] = [ours, theirs].map((text) => JSON.parse(text!) as Record<string, unknown>);
  const ofTheRun = kept!.created_at === now ? [] : ["examples", "gates", "interval", "metrics"];
  const skipped = new Set(["created_at", "hashes", ...ofTheRun]);
  const facts = (manifest: Record<string, unknown>): string =>
    JSON.stringify(Object.entries(manifest).filter(([name]) => !skipped.has(name)));
  return facts(kept!) === facts(made!);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message.replaceAll("\n", " ")}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
