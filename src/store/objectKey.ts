// Which names may an object have? One rule for directories and buckets, so that a lake can move between them.

/** The folder in which a directory keeps unfinished writes. */
export const ASIDE = "_aside";

const SEGMENT_BYTES = 255; // a file's name on Linux and macOS
const KEY_BYTES = 900; // S3 allows 1024, the bucket's prefix included

/**
 * Checks a key: segments between "/", none empty, "." or "..", no backslash and no control character.
 *
 * @throws {RangeError} naming the key and what is wrong with it
 */
export function checkKey(key: string): void {
  const problem = problemOf(key);
  if (problem) throw new RangeError(`Cannot use the key ${JSON.stringify(key)}: ${problem}`);
}

function problemOf(key: string): string | undefined {
  const segments = key.split("/");
  if (segments.some((segment) => segment === "." || segment === "..")) return "it leaves the store";
  if (segments[0] === ASIDE) return "unfinished writes are kept there";
  if (segments.includes("")) return "a part of it is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f\\\ufffe\uffff]/.test(key) || !key.isWellFormed())
    return "it has a control character, a backslash or half a character";
  if (segments.some((segment) => Buffer.byteLength(segment) > SEGMENT_BYTES))
    return `a part of it is longer than ${SEGMENT_BYTES} bytes`;
  if (Buffer.byteLength(key) > KEY_BYTES) return `it is longer than ${KEY_BYTES} bytes`;
  return undefined;
}
