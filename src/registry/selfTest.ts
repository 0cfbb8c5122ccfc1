// Does a model still say what it said when it was trained? Its manifest's examples are asked again.
import {createFrame, type Frame} from "../frame.ts";
import {prepareForecast} from "../models/logFit.ts";
import {sessionDate} from "../units.ts";
import type {Artifact, ArtifactManifest} from "./artifact.ts";

const TOLERANCE = 1e-12; // relative: one code on one processor gives the same bits, another's logarithm may not

/** A model's forecast of a frame of one row. */
export type RowForecast = (frame: Frame) => {readonly variance: number; readonly volatility: number};

/**
 * Asks a model its manifest's examples.
 *
 * @throws {Error} naming the example on which it says something else, or that it has none
 */
export function selfTest({manifest, fit}: Artifact): void {
  testExamples(manifest, rowForecast(fit));
}

/** The forecast of one row by a fit that is prepared once. */
export function rowForecast(fit: Artifact["fit"]): RowForecast {
  const forecast = prepareForecast(fit);
  return (features) => {
    const {variance, volatility} = forecast({features, rows: {start: 0, end: 1}});
    return {variance: variance[0]!, volatility: volatility[0]!};
  };
}

/** The same with a forecast that is at hand. */
export function testExamples({name, version, examples}: ArtifactManifest, forecast: RowForecast): void {
  const what = `Cannot use ${name} ${version}`;
  if (examples.length === 0)
    throw new Error(`${what}: its manifest has no example to test it on; train again`);
  for (const {date, features, variance, volatility} of examples) {
    const found = forecast(rowFrame(sessionDate(date), features));
    if (agree(found.volatility, volatility) && agree(found.variance, variance)) continue;
    throw new Error(
      `${what}: its manifest says ${volatility} of ${date}, the model ${found.volatility}; train again`,
    );
  }
}

/** A frame of one session. */
export function rowFrame(day: number, row: Readonly<Record<string, number>>): Frame {
  return createFrame(
    Int32Array.of(day),
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Float64Array.of(value)])),
  );
}

// A NaN agrees with nothing: a model without a forecast fails.
function agree(found: number, said: number): boolean {
  return Math.abs(found - said) <= TOLERANCE * Math.abs(said);
}
