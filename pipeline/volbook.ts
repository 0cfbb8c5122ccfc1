#!/usr/bin/env node
// The registry's command: volbook models list | show | promote | rollback | history.
import {parseArgs} from "node:util";
import type {Lake} from "../src/store/lake.ts";
import {type Environment, readEnvironment, UsageError} from "./environment.ts";
import {listVersions, openRegistry, promote, rollback, showHistory, showVersion} from "./models.ts";
import {historyTable, versionsTable, versionText} from "./modelTables.ts";
import {trackModels} from "./tracking.ts";

const USAGE = `volbook models: which version of each model counts, since when and why (docs/registry.md)

  volbook models list [NAME]                             every version and its stage
  volbook models show NAME [VERSION]                     all that is recorded of one; the champion by default
  volbook models history NAME                            what was registered, promoted, refused, rolled back, and why
  volbook models promote NAME VERSION [--reason TEXT]    make it the champion, if it passes the gates
  volbook models rollback NAME [--to VERSION] [--reason TEXT]    make a champion of before the champion again

  --data-dir DIR   the lake's folder or s3://bucket/prefix (DATA_DIR, data)
  --source NAME    yahoo, csv, sample, or auto: the one written last (SOURCE)
  --config FILE    for the target and the gates (CONFIG, config/default.yaml)
  --json           JSON also on a terminal; elsewhere it is JSON anyway
`;

const OPTIONS = {
  "data-dir": {type: "string"},
  source: {type: "string"},
  config: {type: "string"},
  reason: {type: "string"},
  to: {type: "string"},
  json: {type: "boolean"},
  help: {type: "boolean", short: "h"},
} as const;

interface Command {
  readonly least: number; // arguments
  readonly most: number;
  readonly options: readonly string[];
  readonly run: (words: readonly string[], given: Given) => Promise<Answer>;
}

interface Given {
  readonly environment: Environment;
  readonly reason: string | undefined;
  readonly to: string | undefined;
}

interface Answer {
  readonly json: unknown;
  readonly text: string;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  list: {
    least: 0,
    most: 1,
    options: [],
    async run([name], {environment}) {
      const versions = await listVersions(await openRegistry(environment), name);
      return {json: versions, text: versionsTable(versions)};
    },
  },
  show: {
    least: 1,
    most: 2,
    options: [],
    async run([name, version], {environment}) {
      const shown = await showVersion(await openRegistry(environment), name!, version);
      return {json: shown, text: versionText(shown)};
    },
  },
  history: {
    least: 1,
    most: 1,
    options: [],
    async run([name], {environment}) {
      const records = await showHistory(await openRegistry(environment), name!);
      return {json: records, text: historyTable(records)};
    },
  },
  promote: {
    least: 2,
    most: 2,
    options: ["reason"],
    async run([name, version], {environment, reason}) {
      const request = {name: name!, version: version!, ...(reason === undefined ? {} : {reason})};
      const lake = await openRegistry(environment);
      const record = await promote(lake, request, environment);
      await track(lake, {environment, name: name!});
      const text = record ? historyTable([record]) : `${name} ${version} is the champion already`;
      return {json: record ?? {event: "none", version, reason: "it is the champion already"}, text};
    },
  },
  rollback: {
    least: 1,
    most: 1,
    options: ["reason", "to"],
    async run([name], {environment, reason, to}) {
      const request = {
        name: name!,
        ...(to === undefined ? {} : {to}),
        ...(reason === undefined ? {} : {reason}),
      };
      const lake = await openRegistry(environment);
      const record = await rollback(lake, request, environment);
      await track(lake, {environment, name: name!});
      return {json: record, text: historyTable([record])};
    },
  },
};

async function main(): Promise<void> {
  const {values, positionals} = parse(process.argv.slice(2));
  if (values.help || positionals.length === 0) {
    process.stdout.write(USAGE);
    if (!values.help)
      throw new UsageError("Cannot run volbook without a command: begin with volbook models list");
    return;
  }
  const [group, verb = "", ...words] = positionals;
  const command = group === "models" && Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (!command)
    throw new UsageError(
      `Cannot run volbook ${positionals.join(" ")}: the commands are ${Object.keys(COMMANDS)
        .map((name) => `models ${name}`)
        .join(", ")}; volbook --help describes them`,
    );
  requireFitting(verb, command, {words, values});
  const environment = readEnvironment({
    ...process.env,
    CSV_DIR: process.env.CSV_DIR || ".", // nothing is read from it
    ...variable("DATA_DIR", values["data-dir"]),
    ...variable("SOURCE", values.source),
    ...variable("CONFIG", values.config),
  });
  const {json, text} = await command.run(words, {environment, reason: values.reason, to: values.to});
  process.stdout.write(`${values.json || !process.stdout.isTTY ? JSON.stringify(json) : text}\n`);
}

async function track(
  {store}: Lake,
  {environment, name}: {readonly environment: Environment; readonly name: string},
): Promise<void> {
  const warn = ({reason}: {readonly reason: string}): void => {
    process.stderr.write(`Warning: ${reason}\n`);
  };
  await trackModels({config: environment.config, environment, store, log: {info: () => {}, warn}}, [name]);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({args: [...args], options: OPTIONS, allowPositionals: true});
  } catch (error) {
    throw new UsageError(`Cannot run volbook: ${(error as Error).message.replace(/\. To specify.*/, "")}`);
  }
}

function requireFitting(
  verb: string,
  {least, most, options}: Command,
  {words, values}: {readonly words: readonly string[]; readonly values: Readonly<Record<string, unknown>>},
): void {
  if (words.length < least || words.length > most)
    throw new UsageError(
      `Cannot run volbook models ${verb} with ${words.length} arguments: volbook --help shows what it takes`,
    );
  const foreign = ["reason", "to"].find((name) => values[name] !== undefined && !options.includes(name));
  if (foreign)
    throw new UsageError(`Cannot run volbook models ${verb} with --${foreign}: it takes no such option`);
}

function variable(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : {[name]: value};
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message.replaceAll("\n", " ")}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
