// Which name was probably meant?

const MOST = 3;

/** Up to three of the names that differ from a text in few letters, the closest first. */
export function closeNames(text: string, names: readonly string[]): string[] {
  const wanted = text.toLowerCase();
  const allowed = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({name, distance: editDistance(wanted, name)}))
    .filter(({distance}) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({name}) => name);
}

/** Insertions, deletions and replacements of a letter that make one text the other. Wagner and Fischer (1974). */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > Math.max(a.length, b.length) / 2) return Math.max(a.length, b.length);
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
