// How good was the model in use, as a person would say it? Numbers are {{path|format}} of the summary.

import type {LeaderboardRow} from "../evaluation/scorecard.ts";

/** A Diebold-Mariano statistic beyond this is beyond chance, at 5 %, two-sided. */
const SHOWN_DIGITS = 4; // of a loss
const SIGNIFICANT_T = 1.96;

/** How the model in use did out of sample, against the simplest baseline and the hardest one. */
export function trackRecordSentences({
  used,
  best,
}: {
  readonly used: LeaderboardRow | undefined;
  readonly best: LeaderboardRow | undefined;
}): string[] {
  if (!best || !used) return ["There is no walk-forward evaluation yet."];
  const against = used.gain_qlike_rv20 >= 0 ? "less than" : "more than";
  const opening = `Over {{trackRecord.used.n|count}} five-session forecasts since {{firstForecast|longDate}} ({{trackRecord.used.n_effective|count}} without overlap) the model in use, \`{{champion}}\`, has a mean QLIKE of {{trackRecord.used.qlike|fourDecimals}}, {{trackRecord.used.gain_qlike_rv20|sizePercent}} ${against} that of the 20-session volatility.`;
  return [opening, referenceSentence(used), leaderSentence(best, used)].filter((text) => text !== "");
}

function referenceSentence({dm_t_har_vix: t}: LeaderboardRow): string {
  if (!Number.isFinite(t)) return "";
  const figure = "Diebold–Mariano t = {{trackRecord.used.dm_t_har_vix|twoDecimals}}";
  if (Math.abs(t) < SIGNIFICANT_T)
    return `It cannot be told apart from the seven-coefficient regression \`log_har_vix\` (${figure}).`;
  return t < 0
    ? `It is more accurate than the seven-coefficient regression \`log_har_vix\` beyond chance (${figure}).`
    : `It is less accurate than the seven-coefficient regression \`log_har_vix\` beyond chance (${figure}).`;
}

function leaderSentence(best: LeaderboardRow, used: LeaderboardRow): string {
  if (best.model === used.model) return "";
  return best.qlike.toFixed(SHOWN_DIGITS) === used.qlike.toFixed(SHOWN_DIGITS)
    ? `\`${best.model}\` has the same to four decimals, the lowest of all.`
    : `The lowest QLIKE is that of \`${best.model}\`, {{trackRecord.best.qlike|fourDecimals}}.`;
}
