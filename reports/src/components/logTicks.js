// Which round numbers mark a log axis, few enough to be read?

const DECADES = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/** Round values within [low, high], both > 0, at most `most` of them. */
export function logTicks(low, high, most = 6) {
  if (high / low < 4) return linearTicks(low, high, most);
  for (const multiples of DECADES) {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      found.push(...multiples.map((multiple) => Number(`${multiple}e${power}`)));
    }
    const inside = found.filter((value) => value >= low && value <= high);
    if (inside.length <= most || multiples.length === 1) return inside;
  }
  return [];
}

// On a short span a log axis is almost even.
function linearTicks(low, high, most) {
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  const step = [1, 2, 5, 10]
    .map((multiple) => multiple * power)
    .find((width) => (high - low) / width <= most);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}
