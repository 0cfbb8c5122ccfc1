// Which series do the golden values belong to? Those of statistics.fixture.py, number by number.

import {readFileSync} from "node:fs";

const ROWS = 800;
const MODELS = 5;

export interface Golden {
  readonly lag: number;
  readonly regression: {
    readonly coefficients: readonly number[];
    readonly errors: readonly number[];
    readonly r2: number;
    readonly wald_p_of_045_065: number;
  };
  readonly difference_t: number;
  readonly confidence_set: {readonly max: readonly number[]; readonly range: readonly number[]};
  readonly superior_ability: readonly {
    readonly lower: number;
    readonly consistent: number;
    readonly upper: number;
  }[];
}

/** What statsmodels and arch make of them. */
export const golden: Golden = JSON.parse(
  readFileSync(new URL("statistics.golden.json", import.meta.url), "utf8"),
);

/** Outcomes and forecasts with persistence, and losses of five models with a common part. */
export function goldenSeries(): {
  readonly outcome: Float64Array;
  readonly forecast: Float64Array;
  readonly losses: readonly Float64Array[];
} {
  const draw = uniforms(20050103);
  const outcome = new Float64Array(ROWS);
  const forecast = new Float64Array(ROWS);
  const losses = Array.from({length: MODELS}, () => new Float64Array(ROWS));
  let level = 1;
  for (let t = 0; t < ROWS; t++) {
    level = 0.9 * level + 0.2 * draw();
    forecast[t] = level * (0.8 + 0.4 * draw());
    outcome[t] = 0.1 + level * (0.5 + draw());
    const common = 4 * draw() * draw();
    for (const [k, own] of losses.entries()) own[t] = common + (0.55 + 0.009 * k) * draw() * (1 + level);
  }
  return {outcome, forecast, losses};
}

function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647; // below 2^53: exact
    return state / 2_147_483_647;
  };
}
