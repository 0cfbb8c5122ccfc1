// What does a feature look at? Every feature has one meaning, so that credit can be given by meaning.

/** What groups of features are called, from the target's own past outwards. */
export const MEANINGS = [
  "own ranges",
  "squared returns",
  "returns and leverage",
  "VIX level",
  "VIX dynamics",
  "calendar",
  "volume and other markets",
] as const;

export type Meaning = (typeof MEANINGS)[number];

// Names follow patterns, as in the words for them; a name that fits none is an error, not a rest.
const PATTERNS: readonly (readonly [RegExp, Meaning])[] = [
  [/^(log_)?range_(var|ratio)_|^(gk|rs|parkinson|yz)_(var|vol)_|^hl_spread$/, "own ranges"],
  [/^sq_ret_|^spy_vol_|^ewma_var_/, "squared returns"],
  [
    /^spy_ret_|^scaled_ret_|^leverage_|^gain_|^drawdown_|^neg_semiv|^rsi_|^overnight_gap$/,
    "returns and leverage",
  ],
  [/^vix$|^vix3m$|^log_vix_var$|^vix_range_ratio$/, "VIX level"],
  [/^vix_(ret|term|gap)/, "VIX dynamics"],
  [/_ahead_\d+d$/, "calendar"],
  [/^corr_|^hyg_|^tlt_|^volume_/, "volume and other markets"],
];

/**
 * The meaning of a feature.
 *
 * @throws {RangeError} if its name fits no pattern, or two
 */
export function meaningOf(name: string): Meaning {
  const fitting = PATTERNS.filter(([pattern]) => pattern.test(name)).map(([, meaning]) => meaning);
  const [meaning] = fitting;
  if (meaning && fitting.length === 1) return meaning;
  throw new RangeError(
    `Cannot say what ${name} looks at: its name fits ${fitting.join(" and ") || "no pattern"}; ` +
      "give it one pattern in src/features/meaning.ts",
  );
}
