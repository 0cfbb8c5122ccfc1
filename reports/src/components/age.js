// How old is what the reader sees? Only the reader's clock can say, so this is the one figure not computed beforehand.

const DAY = 86_400_000;
const EXPECTED_DAYS = 4; // a weekend and a holiday

/** ", 12 days before you read this: …" for data older than a long weekend; nothing for newer. */
export function ageInWords(newestBar, now = Date.now()) {
  const days = Math.floor((now - Date.parse(newestBar)) / DAY);
  if (!(days > EXPECTED_DAYS)) return "";
  return `, with a newest bar ${days.toLocaleString("en-US")} days before you read this: the forecast is for sessions that have passed`;
}
