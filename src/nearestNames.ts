// Which of the names that there are did someone mean?

/** The names with the fewest changed letters from the one that was written, nearest first; none that differs in most. */
export function nearestNames(wanted: string, names: readonly string[], {atMost = 3} = {}): string[] {
  const asked = wanted.toLowerCase();
  return names
    .map((name) => ({name, distance: distanceTo(asked, name.toLowerCase())}))
    .filter(({name, distance}) => distance <= Math.max(2, Math.min(wanted.length, name.length) / 2))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, atMost)
    .map(({name}) => name);
}

/** "; did you mean a or b?" to follow the name that was not found; nothing where no name is near. */
export function didYouMean(wanted: string, names: readonly string[]): string {
  const near = nearestNames(wanted, names);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}

// Letters to insert, drop or change (Levenshtein); a part of the name that was left out at its end counts half.
function distanceTo(a: string, b: string): number {
  if (a.length > 2 && b.includes(a)) return (b.length - a.length) / 4;
  let above = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    above = row;
  }
  return above[b.length]!;
}
