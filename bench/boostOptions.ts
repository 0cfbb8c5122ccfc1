// Which settings of boosting do the benchmarks share? Every row and column, a learning rate of .05, a penalty of 1.
import type {BoostOptions} from "../src/models/gbdt/options.ts";

/** XGBoost's defaults but for the depth and the learning rate; benchmarks change what they vary. */
export const usualOptions: BoostOptions = {
  loss: "squared",
  trees: 300,
  depth: 4,
  learningRate: 0.05,
  minLeafWeight: 1,
  l2: 1,
  rowShare: 1,
  columnShare: 1,
  seed: 1,
};
