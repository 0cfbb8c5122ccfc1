// What exactly is wrong with a value that its schema refuses? Each fault in words, with its field.

import type {TSchema} from "typebox";
import {Compile} from "typebox/compile";
import type {TLocalizedValidationError} from "typebox/error";
import Value from "typebox/value";
import {catalogue} from "../features/catalogue.ts";
import {closeNames} from "./closeNames.ts";
import {type Fault, Problem, type ProblemKind, quoted} from "./problem.ts";

/** Faults of one kind; a request is refused for the first kind that it has. */
interface KindOfFault extends Fault {
  readonly kind: ProblemKind;
}

const VECTOR = "/feature_vector";
const UNITS: ReadonlyMap<string, string> = new Map(catalogue.map(({name, unit}) => [name, unit]));
const NAMES = [...UNITS.keys()];
const MOST_FAULTS = 20;

/**
 * A check of values against a schema, compiled once.
 *
 * @returns a function that throws a Problem naming every fault, its field under `at`
 */
export function shapeOf<T>(schema: TSchema): (value: unknown, at?: string) => asserts value is T & {} {
  const compiled = Compile(schema);
  const {properties = {}} = schema as {readonly properties?: Readonly<Record<string, Bounded>>};
  return (value, at = "") => {
    if (compiled.Check(value)) return;
    const faults = compiled
      .Errors(value)
      .slice(0, MOST_FAULTS)
      .flatMap((error) => faultsOf(error, {value, at, properties}));
    throw new Problem(
      faults[0]!.kind,
      faults.map(({kind: _, ...fault}) => fault),
    );
  };
}

function faultsOf(
  error: TLocalizedValidationError,
  {value, at, properties}: {value: unknown; at: string; properties: Readonly<Record<string, Bounded>>},
): KindOfFault[] {
  const {instancePath: path} = error;
  if (error.keyword === "boolean") return []; // repeats additionalProperties, which names the keys
  if (error.keyword === "additionalProperties")
    return error.params.additionalProperties
      .slice(0, MOST_FAULTS)
      .map((key) => (path === VECTOR ? unknownFeature(key, at) : unknownKey(key, fieldOf(path, at))));
  if (error.keyword === "required")
    return error.params.requiredProperties.map((key) => ({
      kind: "invalid-request",
      field: fieldOf(`${path}/${key}`, at),
      detail: `${key} is missing`,
      remedy:
        key === "feature_vector"
          ? "Send {} to take every feature from features_daily"
          : remedyFor(properties[key]),
    }));
  const found = Value.Pointer.Get(value, path);
  const field = fieldOf(path, at) || "(body)";
  const fault = {field, detail: `${field} ${wording(error)}, current value is ${quoted(found)}`};
  const feature = path.startsWith(`${VECTOR}/`) ? path.slice(VECTOR.length + 1) : undefined;
  if (feature === undefined)
    return [{kind: "invalid-request", ...fault, remedy: remedyFor(properties[path.slice(1)])}];
  if (error.keyword !== "type")
    return [{kind: "impossible-value", ...fault, remedy: `The unit of ${feature} is: ${UNITS.get(feature)}`}];
  return [
    {
      kind: "invalid-request",
      ...fault,
      remedy: "Send a finite number, or leave the feature out to take it from features_daily",
    },
  ];
}

/** What a key's schema says of the values it takes. */
interface Bounded {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

function remedyFor({type, minimum, maximum, pattern}: Bounded = {}): string {
  if (pattern !== undefined) return "Send a day such as 2023-12-29";
  if (type !== "integer" || minimum === undefined) return "GET /docs shows what may be sent";
  return `Send a whole number ${maximum === undefined ? `of ${minimum} or more` : `from ${minimum} to ${maximum}`}`;
}

function unknownFeature(name: string, at: string): KindOfFault {
  const close = closeNames(name, NAMES);
  return {
    kind: "unknown-feature",
    field: fieldOf(`${VECTOR}/${name.slice(0, 60)}`, at),
    detail: `${quoted(name)} is not a feature`,
    remedy: close.length > 0 ? `Did you mean ${close.join(" or ")}?` : "GET /model/info lists the features",
  };
}

function unknownKey(key: string, within: string): KindOfFault {
  return {
    kind: "invalid-request",
    field: within ? `${within}.${key.slice(0, 60)}` : key.slice(0, 60),
    detail: `${quoted(key)} is not a key of this request`,
    remedy: "Remove it; GET /docs shows what may be sent",
  };
}

function wording({keyword, message}: TLocalizedValidationError): string {
  if (keyword === "pattern") return "must be a day written YYYY-MM-DD";
  return message.replace(/^must be (number|integer|string|object|array)$/, (_, type: string) =>
    type === "number" ? "must be a finite number" : `must be ${type === "string" ? "a" : "an"} ${type}`,
  );
}

/** /feature_vector/vix within [3] is [3].feature_vector.vix. */
function fieldOf(path: string, at: string): string {
  const inner = path.slice(1).replaceAll("/", ".");
  return at && inner ? `${at}.${inner}` : at || inner;
}
