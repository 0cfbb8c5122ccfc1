// Is this parsed text what it has to be? Readers that name the place and the value where it is not.

/** A place in a parsed text, by its path of keys. */
export interface Place {
  readonly value: unknown;
  readonly path: string;
}

/** @throws {SyntaxError} if the text is not JSON */
export function parseJson(text: string): Place {
  try {
    return {value: JSON.parse(text), path: ""};
  } catch (error) {
    throw new SyntaxError(`Cannot read the model: it is not JSON (${(error as Error).message})`);
  }
}

/** What lies at a path of keys; its value is undefined where there is nothing. */
export function at({value, path}: Place, ...keys: readonly string[]): Place {
  let found = value;
  for (const key of keys) {
    const isObject = typeof found === "object" && found !== null;
    found =
      isObject && Object.hasOwn(found as object, key) ? (found as Record<string, unknown>)[key] : undefined;
  }
  return {value: found, path: [...(path ? [path] : []), ...keys].join(".")};
}

/** The elements of a list. */
export function elements(place: Place): Place[] {
  if (!Array.isArray(place.value)) refuse(place, "a list");
  return place.value.map((value: unknown, i) => ({value, path: `${place.path}[${i}]`}));
}

/** One of some words. */
export function word<Word extends string>(place: Place, words: readonly Word[]): Word {
  const found = words.find((allowed) => allowed === place.value);
  return found ?? refuse(place, words.join(" or "));
}

/** A finite number; XGBoost writes parameters as text. */
export function number(place: Place): number {
  const value = typeof place.value === "string" && place.value.trim() ? Number(place.value) : place.value;
  return typeof value === "number" && Number.isFinite(value) ? value : refuse(place, "a finite number");
}

/** A whole number in [least, most]. */
export function whole(place: Place, [least, most]: readonly [number, number]): number {
  const value = number(place);
  return Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse(place, `a whole number from ${least} to ${most}`);
}

/** A list of `length` finite numbers; true and false count as 1 and 0. */
export function numbers(place: Place, length: number): number[] {
  const list = place.value;
  if (!Array.isArray(list) || list.length !== length) refuse(place, `a list of ${length} numbers`);
  for (let i = 0; i < length; i++)
    if (!Number.isFinite(Number(list[i])) || typeof list[i] === "string" || list[i] === null)
      refuse({value: list[i], path: `${place.path}[${i}]`}, "a finite number");
  return list.map(Number);
}

/** @throws {SyntaxError} always: the place must be what is wanted, and is not */
export function refuse({value, path}: Place, wanted: string): never {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  throw new SyntaxError(
    `Cannot read the model: ${path || "the text"} must be ${wanted}, current value is ${shown}`,
  );
}
