// What does XGBoost make of the same numbers? Asks Debian's python3-xgboost, where it is installed.

import {spawnSync} from "node:child_process";
import type {Matrix} from "../../math/matrix.ts";

const PYTHON = "/usr/bin/python3";
const SCRIPT = new URL("xgboost.fixture.py", import.meta.url).pathname;

/** To be shown where it is false: `it.skipIf(!hasXgboost)`. */
export const hasXgboost = spawnSync(PYTHON, ["-c", "import xgboost"]).status === 0;

export interface XgboostTask {
  readonly features: Matrix;
  readonly target?: Float64Array;
  /** Load this; train on features and target where absent. */
  readonly model?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly rounds?: number;
  /** Rows to predict; the features where absent. */
  readonly unseen?: Matrix;
  /** Whether to ask for interaction values, which take long. */
  readonly interactions?: boolean;
}

export interface XgboostAnswer {
  readonly model: string;
  readonly margin: number[];
  readonly prediction: number[];
  readonly shap: number[][]; // a row's values and then the base
  readonly interactions: number[][][]; // a row's square, the base in the last row and column
}

export function askXgboost({features, unseen, target, ...rest}: XgboostTask): XgboostAnswer {
  const input = JSON.stringify({
    features: toRows(features),
    unseen: unseen && toRows(unseen),
    target: target && Array.from(target),
    ...rest,
  });
  const {status, stdout, stderr} = spawnSync(PYTHON, [SCRIPT], {input, encoding: "utf8", maxBuffer: 2 ** 28});
  if (status !== 0) throw new Error(`XGBoost failed: ${stderr}`);
  return JSON.parse(stdout) as XgboostAnswer;
}

/** JSON has no NaN: missing is null. */
function toRows({values, rows, width}: Matrix): number[][] {
  return Array.from({length: rows}, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
}
