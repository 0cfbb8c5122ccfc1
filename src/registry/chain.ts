// Can what was once recorded be changed unseen? Numbered records, each created once and holding the hash of the one before.
import {concurrently} from "../store/concurrently.ts";
import {toJson} from "../store/lake.ts";
import type {ObjectStore} from "../store/objectStore.ts";
import {sha256} from "../store/sha256.ts";

const READS_AT_ONCE = 32;
const ATTEMPTS = 16; // of a writer that others are always faster than
const NUMBER = /^(\d{8})\.json$/;

/** The `previous_hash` of a chain's first record. */
export const NO_HASH = "0".repeat(64);

/** What the chain adds to a record. */
export interface Link {
  /** 1, 2, … */
  readonly sequence: number;
  /** The hash of the record before; zeros in the first. */
  readonly previous_hash: string;
  /** ISO time; never before that of the record before. */
  readonly created_at: string;
  /** SHA-256 of the JSON text of everything else in the record, in its order. */
  readonly hash: string;
}

export type Chained<Body> = Link & Body;

export interface ChainProblem {
  /** The record that is not as it was written; 0 for an object that is none. */
  readonly sequence: number;
  readonly text: string;
}

/** Records that are not as they were written. */
export class ChainBroken extends Error {
  readonly problems: readonly ChainProblem[];
  constructor(folder: string, problems: readonly ChainProblem[]) {
    const [first, ...others] = problems;
    const more = others.length > 0 ? ` (and ${others.length} more)` : "";
    super(
      `Cannot trust ${folder}: ${first!.text}${more}. Restore the file from a copy; records are never edited or removed`,
    );
    this.name = "ChainBroken";
    this.problems = problems;
  }
}

export interface AppendOptions<Body> {
  /** ISO time: the run's NOW. */
  readonly createdAt: string;
  /**
   * What to record after the records there are; undefined adds nothing. Asked again where another writer was faster.
   */
  readonly decide: (records: readonly Chained<Body>[]) => Promise<Body | undefined> | Body | undefined;
}

/**
 * All records of a chain in their order, verified.
 *
 * @throws {ChainBroken} naming the records that were edited, replaced or removed
 */
export async function readChain<Body>(store: ObjectStore, folder: string): Promise<Chained<Body>[]> {
  const {records, problems} = await inspectChain<Body>(store, folder);
  if (problems.length > 0) throw new ChainBroken(folder, problems);
  return records;
}

/**
 * Adds one record. Of several writers at once each number has one; the others read the chain again and decide anew.
 *
 * @returns the record, or undefined where there was nothing to add
 * @throws {ChainBroken} if the chain is not as it was written: nothing is added to such a one
 * @throws {RangeError} if the newest record is of a later time
 */
export async function appendToChain<Body>(
  store: ObjectStore,
  folder: string,
  {createdAt, decide}: AppendOptions<Body>,
): Promise<Chained<Body> | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const records = await readChain<Body>(store, folder);
    const body = await decide(records);
    if (body === undefined) return undefined;
    const newest = records.at(-1);
    if (newest && Date.parse(createdAt) < Date.parse(newest.created_at)) {
      throw new RangeError(
        `Cannot record in ${folder} at ${createdAt}: its newest record is of ${newest.created_at}. Correct the clock, or set NOW to that time or a later one`,
      );
    }
    const record = link(body, {sequence: records.length + 1, previous: newest?.hash ?? NO_HASH, createdAt});
    if (await store.putIfAbsent(keyOf(folder, record.sequence), toJson(record))) return record;
  }
  throw new Error(
    `Cannot record in ${folder}: ${ATTEMPTS} times another writer was faster. Run again when it has ended`,
  );
}

/** The key of the newest record, from names alone; undefined where there is none. */
export async function chainHead(store: ObjectStore, folder: string): Promise<string | undefined> {
  return (await store.list(folder)).at(-1)?.key;
}

/** A chain's records and everything that is wrong with them. */
export async function inspectChain<Body>(
  store: ObjectStore,
  folder: string,
): Promise<{readonly records: Chained<Body>[]; readonly problems: ChainProblem[]}> {
  const keys = (await store.list(folder)).map(({key}) => key);
  const problems: ChainProblem[] = [];
  const numbered = keys.flatMap((key) => {
    const number = Number(NUMBER.exec(key.slice(folder.length + 1))?.[1]);
    if (number > 0) return [number];
    problems.push({sequence: 0, text: `${key} is no record`});
    return [];
  });
  const found = await concurrently(numbered, READS_AT_ONCE, (number) => store.get(keyOf(folder, number)));
  const records: Chained<Body>[] = [];
  let before: Link | undefined;
  for (let number = 1, i = 0; number <= (numbered.at(-1) ?? 0); number++) {
    const bytes = numbered[i] === number ? found[i++] : undefined;
    const record = bytes && recordOf<Body>(bytes, number);
    if (!bytes) problems.push({sequence: number, text: `record ${number} is missing`});
    else if (!record) problems.push({sequence: number, text: `record ${number} was changed`});
    else if (before?.sequence === number - 1 && record.previous_hash !== before.hash) {
      const text = `record ${number - 1} is not the one that record ${number} was written after`;
      problems.push({sequence: number - 1, text});
    } else if (number === 1 && record.previous_hash !== NO_HASH)
      problems.push({sequence: 1, text: "record 1 was written after another one"});
    before = record;
    if (record) records.push(record);
  }
  return {records, problems: problems.sort((a, b) => a.sequence - b.sequence)};
}

/** The hash that a record must have: of its JSON text without it. */
export function hashOfRecord({hash: _, ...rest}: Link): string {
  return sha256(JSON.stringify(rest));
}

function link<Body>(
  body: Body,
  {
    sequence,
    previous,
    createdAt,
  }: {readonly sequence: number; readonly previous: string; readonly createdAt: string},
): Chained<Body> {
  const record = {sequence, previous_hash: previous, created_at: createdAt, ...body, hash: ""};
  return {...record, hash: hashOfRecord(record)};
}

// Every byte counts: the text must be the one that the record would be written as.
function recordOf<Body>(bytes: Uint8Array, sequence: number): Chained<Body> | undefined {
  try {
    const record = JSON.parse(new TextDecoder().decode(bytes)) as Chained<Body>;
    const isWhole = Buffer.compare(toJson(record), bytes) === 0;
    return isWhole && record.sequence === sequence && record.hash === hashOfRecord(record)
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(folder: string, sequence: number): string {
  return `${folder}/${String(sequence).padStart(8, "0")}.json`;
}
