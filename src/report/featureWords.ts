// What is a feature called in a sentence? Names follow patterns, so new ones of a known kind need no entry.

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^log_range_var_(\d+)d$/, "the range variance of $s"],
  [/^range_var_(\d+)d$/, "the level of the range variance of $s"],
  [/^sq_ret_mean_(\d+)d$/, "the squared returns of $s"],
  [/^spy_vol_(\d+)d$/, "the volatility of $s"],
  [/^spy_ret_(\d+)d$/, "the return of $s"],
  [/^scaled_ret_(\d+)d$/, "the scaled return of $s"],
  [/^leverage_(\d+)d$/, "the losses of $s"],
  [/^gain_(\d+)d$/, "the gains of $s"],
  [/^vix_gap_22d$/, "the VIX against its month"],
  [/^jobs_reports_ahead_(\d+)d$/, "the count of employment reports in $n"],
  [/^year_end_ahead_(\d+)d$/, "the count of year-end days in $n"],
  [/^vix_ret_(\d+)d$/, "the change of the VIX over $s"],
  [/^drawdown_(\d+)d$/, "the drawdown over $s"],
  [/^neg_semivar_share_(\d+)d$/, "the downside share of $s"],
  [/^neg_semivol_(\d+)d$/, "the downside volatility of $s"],
  [/^gk_vol_(\d+)d$/, "the range volatility of $s"],
  [/^range_ratio_1_22$/, "the last session’s range against the month’s"],
  [/^range_ratio_5_22$/, "the week’s range against the month’s"],
  [/^sq_ret_ratio_(\d+)_22$/, "the squared returns of $s against the month’s"],
  [/^vix_range_ratio$/, "the VIX against the month’s range"],
  [/^log_vix_var$/, "the level of the VIX"],
  [/^vix$/, "the VIX"],
  [/^vix3m$/, "the level of the three-month VIX"],
  [/^vix_term$/, "the term structure of the VIX"],
  [/^rsi_spy_14$/, "the relative strength index"],
  [/^corr_spy_tlt_20d$/, "the correlation of stocks and Treasury bonds"],
  [/^corr_spy_hyg_20d$/, "the correlation of stocks and credit"],
  [/^hyg_tlt_spread$/, "the spread of credit over Treasury bonds"],
  [/^hl_spread$/, "the high-low spread"],
  [/^overnight_gap$/, "the overnight gap"],
  [/^volume_norm_20d$/, "the volume"],
  [/^\(base\)$/, "the model’s average"],
  [/^\(new fit\)$/, "the new fit of the model"],
];

/** A feature’s name in plain words; an unknown one keeps its own name. */
export function featureWords(name: string): string {
  for (const [pattern, words] of PATTERNS) {
    const match = pattern.exec(name);
    const n = Number(match?.[1]);
    if (match) return words.replace("$s", `the last ${sessions(n)}`).replace("$n", `the next ${sessions(n)}`);
  }
  return name;
}

function sessions(n: number): string {
  return n === 1 ? "session" : `${n} sessions`;
}
