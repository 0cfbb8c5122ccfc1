// Which parameters does a run have? One typed object, read from YAML and checked once, at the edge.
import Type, {type Static} from "typebox";
import Value from "typebox/value";
import {parse} from "yaml";
import {isoDate, sessionDate} from "./units.ts";

const exact = {additionalProperties: false};
const Day = Type.String({pattern: "^\\d{4}-\\d{2}-\\d{2}$"});
const Fraction = Type.Number({minimum: 0, maximum: 1});
const Count = Type.Integer({minimum: 1});

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
        target: Type.String({minLength: 1}),
        vix: Type.String({minLength: 1}),
        vix3m: Type.String({minLength: 1}),
        bonds: Type.String({minLength: 1}),
        credit: Type.String({minLength: 1}),
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
        minimum_bias: Type.Number(),
        maximum_bias: Type.Number(),
      },
      exact,
    ),
    interval: Type.Object(
      {
        coverage: Type.Number({exclusiveMinimum: 0, exclusiveMaximum: 1}),
        window_sessions: Count,
        minimum_sessions: Count,
      },
      exact,
    ),
    sample: Type.Object({seed: Type.Integer({minimum: 0}), first: Day}, exact),
  },
  exact,
);

export type Config = Static<typeof ConfigSchema>;
export type Source = Exclude<Config["source"], "auto">;

/**
 * The configuration a YAML text describes.
 *
 * @throws {SyntaxError} if the text is not YAML
 * @throws {RangeError} naming the key, its value and what is allowed
 */
export function parseConfig(text: string): Config {
  const value: unknown = parse(text);
  const [error] = Value.Errors(ConfigSchema, value);
  if (error) {
    const path = error.instancePath.slice(1).replaceAll("/", ".") || "the configuration";
    const found = Value.Pointer.Get(value, error.instancePath);
    const current =
      typeof found === "object" && found !== null ? Object.keys(found).join(", ") : JSON.stringify(found);
    const named =
      "additionalProperties" in error.params ? ` (${String(error.params.additionalProperties)})` : "";
    throw new RangeError(
      `Cannot use the configuration: ${path} ${error.message}${named}, current value is ${current}`,
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
  ]) {
    isoDate(sessionDate(day)); // throws on a day that does not exist
  }
  if (!config.horizons.includes(5)) {
    throw new RangeError(
      `Cannot use the configuration: horizons must include 5, current value is ${config.horizons}`,
    );
  }
  if (!(config.champion in config.walk_forward.refit_sessions)) {
    throw new RangeError(
      `Cannot use the configuration: champion is ${JSON.stringify(config.champion)}, which walk_forward.refit_sessions does not list`,
    );
  }
  return config;
}
