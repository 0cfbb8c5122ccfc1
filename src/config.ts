// Which parameters does a run have? One typed object, read from YAML and checked once, at the edge.
import Type, {type Static} from "typebox";
import Value from "typebox/value";
import {parse} from "yaml";
import {GATE_NAMES} from "./evaluation/gateNames.ts";
import {LOSSES, PROXIES, RETRANSFORMATIONS} from "./evaluation/multiverseChoices.ts";
import {MEANINGS} from "./features/meaning.ts";
import {isoDate, sessionDate} from "./units.ts";

const exact = {additionalProperties: false};
const Day = Type.String({pattern: "^\\d{4}-\\d{2}-\\d{2}$"});
const Fraction = Type.Number({minimum: 0, maximum: 1});
const Count = Type.Integer({minimum: 1});
const SymbolName = Type.String({minLength: 1});
const Companion = Type.Union([SymbolName, Type.Null()]); // null: none stands beside the target

const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>(Type.String({enum: [...names]}));

const CombinationOptions = Type.Object(
  {
    name: Type.String({minLength: 1}),
    kind: Type.Union([
      Type.Literal("mean"),
      Type.Literal("log_mean"),
      Type.Literal("inverse_loss"),
      Type.Literal("stacked"),
      Type.Literal("leader"),
    ]),
    members: Type.Array(Type.String({minLength: 1}), {minItems: 2, uniqueItems: true}),
  },
  exact,
);

const ConfigSchema = Type.Object(
  {
    source: Type.Union([
      Type.Literal("auto"),
      Type.Literal("yahoo"),
      Type.Literal("csv"),
      Type.Literal("sample"),
    ]),
    universe: Type.Object(
      {
        target: SymbolName,
        vix: Companion,
        vix3m: Companion,
        bonds: Companion,
        credit: Companion,
        calendars: Type.Record(Type.String(), Type.Union([Type.Literal("XNYS"), Type.Literal("own")])),
      },
      exact,
    ),
    horizons: Type.Array(Type.Union([Type.Literal(1), Type.Literal(5), Type.Literal(22)]), {
      uniqueItems: true,
    }),
    seed: Type.Integer({minimum: 0}),
    features: Type.Object({enable_optional_correlations: Type.Boolean()}, exact),
    ingest: Type.Object(
      {
        attempts: Count,
        timeout_seconds: Type.Number({exclusiveMinimum: 0}),
        overlap_sessions: Count,
        revision_tolerance: Fraction,
      },
      exact,
    ),
    walk_forward: Type.Object(
      {
        train_from: Day,
        first_origin: Day,
        minimum_training_sessions: Type.Integer({minimum: 100}),
        refit_sessions: Type.Record(Type.String(), Count),
        combinations: Type.Array(CombinationOptions),
        reference_period: Type.Object({name: Type.String({minLength: 1}), first: Day, last: Day}, exact),
      },
      exact,
    ),
    champion: Type.String({minLength: 1}),
    gates: Type.Object(
      {
        minimum_gain_rmse: Type.Number(),
        minimum_gain_qlike: Type.Number(),
        diebold_mariano_t: Type.Number(),
        confidence_set_p: Fraction,
        minimum_bias: Type.Number(),
        maximum_bias: Type.Number(),
        minimum_gain_year: Type.Number(),
        minimum_year_sessions: Count,
        profile: Type.Union([Type.Literal("standard"), Type.Literal("strict")]),
        minimum_gain_champion: Fraction,
        blocking: Type.Array(oneOf(GATE_NAMES), {uniqueItems: true}),
      },
      exact,
    ),
    interval: Type.Object(
      {
        coverage: Type.Number({exclusiveMinimum: 0, exclusiveMaximum: 1}),
        method: Type.Union([Type.Literal("split"), Type.Literal("rolling"), Type.Literal("adaptive")]),
        levels: Type.Array(Type.Number({exclusiveMinimum: 0, exclusiveMaximum: 1}), {minItems: 1}),
        window_sessions: Count,
        minimum_sessions: Count,
      },
      exact,
    ),
    tracking: Type.Object(
      {required: Type.Boolean(), attempts: Count, timeout_seconds: Type.Number({exclusiveMinimum: 0})},
      exact,
    ),
    multiverse: Type.Object(
      {
        horizon: Type.Union([Type.Literal(1), Type.Literal(5), Type.Literal(22)]),
        models: Type.Array(Type.String({minLength: 1}), {minItems: 1, uniqueItems: true}),
        train_from: Type.Array(Day, {minItems: 1, uniqueItems: true}),
        window_sessions: Type.Array(Count, {uniqueItems: true}),
        refit_sessions: Type.Array(Count, {minItems: 1, uniqueItems: true}),
        refit_sessions_alone: Type.Array(Count, {uniqueItems: true}),
        purge_sessions: Type.Array(Count, {minItems: 1, uniqueItems: true}),
        features: Type.Array(
          Type.Object(
            {
              name: Type.String({minLength: 1}),
              looks_at: Type.Array(oneOf(MEANINGS), {minItems: 1, uniqueItems: true}),
            },
            exact,
          ),
          {minItems: 1},
        ),
        proxies: Type.Array(oneOf(PROXIES), {minItems: 1, uniqueItems: true}),
        losses: Type.Array(oneOf(LOSSES), {minItems: 1, uniqueItems: true}),
        retransformations: Type.Array(oneOf(RETRANSFORMATIONS), {minItems: 1, uniqueItems: true}),
        robust_share: Fraction,
        matters: Type.Number({exclusiveMinimum: 0}),
      },
      exact,
    ),
    sample: Type.Object({seed: Type.Integer({minimum: 0}), first: Day}, exact),
  },
  exact,
);

export type Config = Static<typeof ConfigSchema>;
export type Source = Exclude<Config["source"], "auto">;

const MOST_FILES = 8; // of a chain of files that extend one another

/**
 * The configuration of a file. A file that says `extends: default.yaml` is laid over that one, named from its own
 * folder: a mapping key by key, any other value in place of the one below. The whole is checked, not the parts.
 *
 * @param readText the text of a file; undefined where there is none
 * @throws {SyntaxError} if a text is not YAML
 * @throws {RangeError} naming the key, its value and what is allowed, or the file that is not there
 */
export function readConfig(path: string, readText: (path: string) => string | undefined): Config {
  return checkConfig(layers(path, readText, []));
}

/**
 * The configuration a YAML text describes, which extends no other.
 *
 * @throws {SyntaxError} if the text is not YAML
 * @throws {RangeError} naming the key, its value and what is allowed
 */
export function parseConfig(text: string): Config {
  return checkConfig(parse(text));
}

function layers(
  path: string,
  readText: (path: string) => string | undefined,
  above: readonly string[],
): unknown {
  const text = readText(path);
  if (text === undefined) {
    const by = above.length > 0 ? `, which ${above.at(-1)} extends` : "";
    throw new RangeError(`Cannot read the configuration ${path}${by}: there is no such file`);
  }
  const value: unknown = parse(text);
  if (!isMapping(value) || !("extends" in value)) return value;
  const {extends: below, ...own} = value;
  if (typeof below !== "string" || below === "") {
    throw new RangeError(
      `Cannot use the configuration: extends of ${path} must name a file, current value is ${JSON.stringify(below)}`,
    );
  }
  if (above.length >= MOST_FILES) {
    throw new RangeError(
      `Cannot read the configuration ${above[0]}: more than ${MOST_FILES} files extend one another, or they go in a circle`,
    );
  }
  const folder = below.startsWith("/") ? "" : path.slice(0, path.lastIndexOf("/") + 1);
  return overlay(layers(folder + below, readText, [...above, path]), own);
}

function overlay(below: unknown, own: unknown): unknown {
  if (!isMapping(below) || !isMapping(own)) return own;
  const replaced = Object.entries(own).map(([key, value]) => [key, overlay(below[key], value)]);
  return {...below, ...Object.fromEntries(replaced)};
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkConfig(value: unknown): Config {
  const [error] = Value.Errors(ConfigSchema, value);
  if (error) {
    const path = error.instancePath.slice(1).replaceAll("/", ".") || "the configuration";
    const found = Value.Pointer.Get(value, error.instancePath);
    const current =
      typeof found === "object" && found !== null ? Object.keys(found).join(", ") : JSON.stringify(found);
    const named =
      "additionalProperties" in error.params ? ` (${String(error.params.additionalProperties)})` : "";
    const problem = error.message === "schema is false" ? "is not a key that there is" : error.message;
    throw new RangeError(
      `Cannot use the configuration: ${path} ${problem}${named}, current value is ${current}`,
    );
  }
  const config = value as Config;
  const {train_from, first_origin, reference_period} = config.walk_forward;
  for (const day of [
    train_from,
    first_origin,
    reference_period.first,
    reference_period.last,
    config.sample.first,
    ...config.multiverse.train_from,
  ]) {
    isoDate(sessionDate(day)); // throws on a day that does not exist
  }
  if (!config.horizons.includes(5)) {
    throw new RangeError(
      `Cannot use the configuration: horizons must include 5, current value is ${config.horizons}`,
    );
  }
  checkCombinations(config.walk_forward);
  const {coverage, levels} = config.interval;
  if (!levels.includes(coverage) || levels.some((level, i) => level <= (levels[i - 1] ?? 0))) {
    throw new RangeError(
      `Cannot use the configuration: interval.levels must increase and include interval.coverage (${coverage}), current value is ${levels}`,
    );
  }
  const {refit_sessions, combinations} = config.walk_forward;
  if (!(config.champion in refit_sessions) && !combinations.some(({name}) => name === config.champion)) {
    throw new RangeError(
      `Cannot use the configuration: champion is ${JSON.stringify(config.champion)}, which neither walk_forward.refit_sessions nor walk_forward.combinations lists`,
    );
  }
  return config;
}

// A combination is made after the models and the combinations before it, and can take no other.
function checkCombinations({
  refit_sessions,
  combinations,
}: Pick<Config["walk_forward"], "refit_sessions" | "combinations">): void {
  const known = new Set(Object.keys(refit_sessions));
  for (const {name, members} of combinations) {
    if (known.has(name)) {
      throw new RangeError(
        `Cannot use the configuration: walk_forward.combinations names ${name}, which is already the name of a model or combination`,
      );
    }
    const unknown = members.find((member) => !known.has(member));
    if (unknown !== undefined) {
      throw new RangeError(
        `Cannot use the configuration: the combination ${name} has the member ${unknown}, which is neither in walk_forward.refit_sessions nor a combination before it`,
      );
    }
    known.add(name);
  }
}
