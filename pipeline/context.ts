// What does every stage of a run share? Put together once, before the first stage.
import {createHash} from "node:crypto";
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Logger} from "pino";
import type {Source} from "../src/config.ts";
import {type Lake, openLake} from "../src/store/lake.ts";
import type {ObjectStore} from "../src/store/objectStore.ts";
import type {Environment} from "./environment.ts";
import type {RunContext} from "./stage.ts";

// What a fit depends on, beside its training rows.
const MODEL_CODE = [
  "src/math",
  "src/models",
  "src/evaluation",
  "src/frame.ts",
  "src/random.ts",
  "src/units.ts",
];

/** The context of a run on the lake in a store. */
export function createContext(
  environment: Environment,
  {
    store,
    source,
    sourceReason,
    log,
  }: {store: ObjectStore; source: Source; sourceReason?: string; log: (runId: string) => Logger},
): RunContext {
  const runId = environment.now.replaceAll(/[-:.]/g, "");
  const lake: Lake = openLake({store, keepsTables: true});
  return {
    environment,
    config: environment.config,
    source,
    sourceReason,
    lake,
    runId,
    codeHash: hashOfCode(["src", "pipeline"]),
    modelCodeHash: hashOfCode(MODEL_CODE),
    log: log(runId),
  };
}

/** SHA-256 over the lockfile and the sources under paths, tests left out, in the order of their names. */
function hashOfCode(paths: readonly string[]): string {
  const hash = createHash("sha256").update(readFileSync("package-lock.json"));
  const sources = paths.flatMap((path) =>
    path.endsWith(".ts")
      ? [path]
      : readdirSync(path, {recursive: true}).map((name) => join(path, String(name))),
  );
  const counted = sources.filter((name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name));
  for (const file of counted.sort()) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}
