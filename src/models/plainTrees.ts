// How do boosted trees become a plain JSON value, and come back the same to the bit?

import type {BoostedTrees, LossName, Tree} from "./gbdt/tree.ts";

/** `BoostedTrees` with the nodes of all trees as text: numbers in decimal would be twice as long and slow to read. */
export interface PlainTrees {
  readonly loss: LossName;
  readonly width: number;
  readonly baseScore: number;
  /** Nodes of each tree. */
  readonly sizes: readonly number[];
  /**
   * Base64 of one array after another, each over all nodes of all trees, little-endian: threshold, value, cover and
   * gain (float32), feature, left and right (int16), defaultLeft (uint8).
   */
  readonly nodes: string;
}

const FLOATS = ["threshold", "value", "cover", "gain"] as const;
const WHOLES = ["feature", "left", "right"] as const;
const NODE_BYTES = FLOATS.length * 4 + WHOLES.length * 2 + 1;
const GREATEST_WHOLE = 32_767;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = "=".charCodeAt(0);
const CHARACTERS = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));

/**
 * JSON.stringify writes a typed array as an object: here is text, which float32 comes back from exactly.
 *
 * @throws {RangeError} if a tree has more nodes, or the matrix more columns, than an int16 counts
 */
export function toPlainTrees({loss, width, baseScore, trees}: BoostedTrees): PlainTrees {
  const sizes = trees.map(({feature}) => feature.length);
  const most = Math.max(width, ...sizes);
  if (most > GREATEST_WHOLE) {
    throw new RangeError(
      `Cannot keep trees: nodes and features must be ${GREATEST_WHOLE} or fewer, there are ${most}`,
    );
  }
  const packed = pack(sum(sizes));
  let start = 0;
  for (const tree of trees) {
    for (const [field, name] of FLOATS.entries()) packed.floats[field]!.set(tree[name], start);
    for (const [field, name] of WHOLES.entries()) packed.wholes[field]!.set(tree[name], start);
    packed.flags.set(tree.defaultLeft, start);
    start += tree.feature.length;
  }
  return {loss, width, baseScore, sizes, nodes: toBase64(packed.bytes)};
}

/**
 * The trees again, bit for bit.
 *
 * @throws {RangeError} if the text is not as long as the sizes ask for
 */
export function fromPlainTrees({loss, width, baseScore, sizes, nodes}: PlainTrees): BoostedTrees {
  const packed = pack(sum(sizes), nodes);
  let start = 0;
  const trees = sizes.map((size): Tree => {
    const end = start + size;
    const [threshold, value, cover, gain] = packed.floats.map((field) => field.subarray(start, end));
    const [feature, left, right] = packed.wholes.map((field) => new Int32Array(field.subarray(start, end)));
    const defaultLeft = packed.flags.subarray(start, end);
    start = end;
    return {
      threshold: threshold!,
      value: value!,
      cover: cover!,
      gain: gain!,
      feature: feature!,
      left: left!,
      right: right!,
      defaultLeft,
    };
  });
  return {loss, width, baseScore: Math.fround(baseScore), trees};
}

/** The arrays of all nodes, as views on one piece of memory. Every platform that runs this is little-endian. */
function pack(count: number, text?: string) {
  const bytes = new Uint8Array(count * NODE_BYTES);
  if (text !== undefined) fromBase64(text, bytes);
  const wholesFrom = FLOATS.length * 4 * count;
  const flagsFrom = wholesFrom + WHOLES.length * 2 * count;
  return {
    bytes,
    floats: FLOATS.map((_, field) => new Float32Array(bytes.buffer, 4 * field * count, count)),
    wholes: WHOLES.map((_, field) => new Int16Array(bytes.buffer, wholesFrom + 2 * field * count, count)),
    flags: new Uint8Array(bytes.buffer, flagsFrom, count),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Base64 by hand: `btoa` takes text of the bytes, which is slow to put together. */
function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const three = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text[at] = CHARACTERS[three >> 18]!;
    text[at + 1] = CHARACTERS[(three >> 12) & 63]!;
    text[at + 2] = CHARACTERS[(three >> 6) & 63]!;
    text[at + 3] = CHARACTERS[three & 63]!;
  }
  const idle = (3 - (bytes.length % 3)) % 3;
  text.fill(PADDING, text.length - idle);
  return new TextDecoder().decode(text);
}

function fromBase64(text: string, bytes: Uint8Array): void {
  const characters = atob(text);
  if (characters.length !== bytes.length) {
    throw new RangeError(
      `Cannot read trees: their sizes ask for ${bytes.length} bytes, there are ${characters.length}`,
    );
  }
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
}
