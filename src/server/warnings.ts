// What should a client know of an answer that it would not ask? Each a code for programs and a sentence for people.

import type {ArtifactManifest} from "../registry/artifact.ts";
import type {FeatureTrace} from "./featureTrace.ts";
import type {Origin} from "./originDay.ts";
import {digits} from "./requirements.ts";
import type {Warning} from "./schemas.ts";

export interface Circumstances {
  /** The session the forecast stands on, YYYY-MM-DD. */
  readonly day: string;
  readonly row: Readonly<Record<string, number>>;
  readonly trace: FeatureTrace;
  readonly origin: Origin;
  readonly manifest: ArtifactManifest;
  readonly simulated: boolean;
  /** Some return that entered a training label lies after the origin. */
  readonly inSample: boolean;
}

/** The warnings of one answer; `features` is empty where none is concerned. */
export function warningsOf({
  day,
  row,
  trace,
  origin,
  manifest,
  simulated,
  inSample,
}: Circumstances): Warning[] {
  const known = (name: string) => !Number.isNaN(row[name] ?? Number.NaN);
  const outside = manifest.features.filter(
    (name) => known(name) && !within(row[name]!, manifest.support[name]),
  );
  const candidates: Warning[] = [
    {
      code: "features_from_lake",
      message: "Not sent: taken from features_daily at as_of_date",
      features: trace.standing.filter(known),
    },
    {
      code: "features_derived",
      message:
        "Recomputed from what was sent, for this session alone: features that also need earlier sessions stay as they were",
      features: trace.derived.filter(known),
    },
    {
      code: "features_unused",
      message: "Sent, but the model's answer does not depend on them",
      features: trace.idle,
    },
    {
      code: "features_missing",
      message:
        "Known neither from the request nor from features_daily: the trees take their branch for missing values",
      features: manifest.features.filter((name) => !known(name)),
    },
    {
      code: "outside_training_support",
      message: `Outside the values that the model was trained on: ${outside
        .map((name) => beyond(name, row[name]!, manifest.support[name]!))
        .join("; ")}`,
      features: outside,
    },
  ];
  const warnings = candidates.filter(({features}) => features.length > 0);
  const say = (code: Warning["code"], message: string) => warnings.push({code, message, features: []});
  if (inSample)
    say(
      "in_sample",
      `The model was trained on returns through ${manifest.trained_through}, after this session: the forecast that could be made then is in predictions_daily, GET /predictions/${manifest.symbol}?from=${day}&to=${day}`,
    );
  if (origin.absence) say("not_in_lake", `${origin.absence.detail}: the answer rests on the request alone`);
  if (simulated) say("simulated_market", "The lake holds the simulated sample market, not history");
  return warnings;
}

function within(value: number, support: readonly [number, number] | undefined): boolean {
  return support === undefined || (value >= support[0] && value <= support[1]);
}

function beyond(name: string, value: number, [low, high]: readonly [number, number]): string {
  return `${name} is ${digits(value)}, trained on ${digits(low)} to ${digits(high)}`;
}
