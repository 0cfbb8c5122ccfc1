// What did the caller ask for? The environment is read here, once, and nowhere else in the pipeline.
import {existsSync, readFileSync} from "node:fs";
import {type Config, readConfig} from "../src/config.ts";
import {lastFinalDay} from "../src/market/tradingCalendar.ts";
import {type MlflowVariables, mlflowVariables} from "../src/registry/mlflow/settings.ts";
import {checkRoot} from "../src/store/lakeRoot.ts";
import {isoDate, type SessionDate, sessionDate} from "../src/units.ts";
import {calendarOf, requireChampion} from "./universe.ts";

/** A call that cannot be carried out as it stands: exit code 2. */
export class UsageError extends Error {}

export interface Environment {
  readonly config: Config;
  readonly source: Config["source"];
  readonly csvDir: string | undefined;
  readonly dataDir: string;
  /** ISO time; the only clock a stage sees. */
  readonly now: string;
  /** The newest day whose bar of the target is final at `now`. */
  readonly lastClosed: SessionDate;
  /** No stage sees a bar dated later. */
  readonly asOf: SessionDate;
  /** ISO time; values as the lake knew them then. */
  readonly vintage: string | undefined;
  /** Where the site is published. */
  readonly siteDir: string;
  /** The MLflow server that is told too; undefined where there is none. */
  readonly mlflow: MlflowVariables | undefined;
}

/**
 * The run that the variables describe; an empty variable is an absent one.
 *
 * @throws {UsageError} naming the variable, its value and what is allowed
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const given = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const configPath = given("CONFIG") ?? "config/default.yaml";
  if (!existsSync(configPath))
    throw new UsageError(`Cannot read CONFIG=${configPath}: there is no such file`);
  const config = usage(() =>
    readConfig(configPath, (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined)),
  );
  const source = given("SOURCE") ?? config.source;
  if (!isSource(source)) {
    throw new UsageError(`Cannot use SOURCE=${source}: it must be auto, yahoo, csv or sample`);
  }
  const csvDir = given("CSV_DIR");
  if (source === "csv" && !csvDir) {
    throw new UsageError("Cannot use SOURCE=csv without CSV_DIR: name the folder that holds the CSV files");
  }
  const now = instant("NOW", given("NOW") ?? new Date().toISOString());
  usage(() => requireChampion(config));
  const {target} = config.universe;
  const lastClosed = usage(() => lastFinalDay(calendarOf(config.universe)(target), now));
  const asOfText = given("AS_OF");
  const asOf = asOfText ? usage(() => sessionDate(asOfText)) : lastClosed;
  if (asOf > lastClosed) {
    throw new UsageError(
      `Cannot use AS_OF=${asOfText}: the last session that has closed is ${isoDate(lastClosed)} (NOW is ${now})`,
    );
  }
  const vintage = given("VINTAGE");
  return {
    config,
    source,
    csvDir,
    dataDir: usage(() => checkRoot(given("DATA_DIR") ?? "data", variables)),
    now,
    lastClosed,
    asOf,
    vintage: vintage && instant("VINTAGE", vintage),
    siteDir: given("SITE_DIR") ?? "reports/dist",
    mlflow: mlflowVariables(given),
  };
}

function isSource(text: string): text is Config["source"] {
  return ["auto", "yahoo", "csv", "sample"].includes(text);
}

function instant(name: string, text: string): string {
  const milliseconds = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(milliseconds)) {
    throw new UsageError(`Cannot use ${name}=${text}: it must be an ISO time such as 2024-03-28T21:00:00Z`);
  }
  return new Date(milliseconds).toISOString();
}

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
