// Which gates are there? In the order they are shown; docs/evaluation.md says what each asks.

export const GATE_NAMES = [
  "gain_rmse",
  "gain_qlike",
  "diebold_mariano",
  "confidence_set",
  "minimum_bias",
  "maximum_bias",
  "worst_year",
] as const;

export type GateName = (typeof GATE_NAMES)[number];
