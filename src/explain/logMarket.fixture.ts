// A market of independent features whose logs move variance: enough rows for any model of logs.

import {ANCHOR_FEATURES, RATIO_FEATURES} from "../features/catalogue.ts";
import {createFrame} from "../frame.ts";
import type {TrainingSet} from "../models/model.ts";
import {createRandom} from "../random.ts";
import {horizon} from "../units.ts";

const ROWS = 900;

export function simulateLogMarket(seed: number): TrainingSet {
  const random = createRandom(seed);
  const names = [...new Set([...ANCHOR_FEATURES, ...RATIO_FEATURES])];
  const columns = Object.fromEntries(
    names.map((name) => [name, Float64Array.from({length: ROWS}, () => random.normal())]),
  );
  const features = createFrame(
    Int32Array.from({length: ROWS}, (_, i) => 9000 + i),
    columns,
  );
  const variance = Float64Array.from({length: ROWS}, (_, i) => {
    const x = names.map((name) => columns[name]![i]!);
    return Math.exp(-8 + 0.5 * x[0]! + 0.3 * x[4]! + (x[7]! > 0 ? 0.4 : 0) + 0.5 * random.normal());
  });
  return {
    features,
    rows: {start: 0, end: ROWS},
    variance,
    rangeVariance: variance,
    horizon: horizon(5),
    seed,
  };
}
