// How is a result kept so that anyone can tell where it came from?

import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {sha256} from "../store/sha256.ts";
import {jsonOf, makeReceipt, type Receipt, type ReceiptOptions} from "./receipt.ts";

export interface SavedResult<Result = unknown> {
  readonly receipt: Receipt;
  readonly result: Result;
}

/**
 * Writes a result with its receipt as one JSON file. The same data, code, settings and seed give the same bytes: no
 * clock is in it. NaN is written as null.
 *
 * @param path of the file; its folder is made where it is missing
 * @returns the receipt
 * @throws {RangeError} if the lake has nothing of a dataset that is said to be read
 */
export async function saveResult(path: string, result: unknown, options: ReceiptOptions): Promise<Receipt> {
  const receipt = await makeReceipt(result, {...options, library: libraryHash()});
  mkdirSync(dirname(path), {recursive: true});
  const aside = `${path}.part`;
  writeFileSync(aside, `${jsonOf({receipt, result})}\n`);
  renameSync(aside, path);
  return receipt;
}

/**
 * A saved result and its receipt; what is missing in it is null.
 *
 * @throws {Error} if there is no such file, it is no saved result, or the result is not the one that was saved
 */
export function readResult<Result = unknown>(path: string): SavedResult<Result> {
  if (!existsSync(path)) throw new Error(`Cannot read the result ${path}: there is no such file`);
  const {receipt, result} = parse<Result>(path);
  const hash = receipt && sha256(jsonOf(result));
  if (receipt?.result_sha256 !== hash || !receipt) {
    throw new Error(
      `Cannot read the result ${path}: ${receipt ? "it was changed after it was saved" : "it has no receipt"}; make it again`,
    );
  }
  return {receipt, result};
}

function parse<Result>(path: string): Partial<SavedResult<Result>> & {result: Result} {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Cannot read the result ${path}: it is not JSON (${(error as Error).message})`, {
      cause: error,
    });
  }
}

let hashed: string | undefined;

/** SHA-256 over the library's own files, in the order of their names, without tests. */
function libraryHash(): string {
  if (hashed !== undefined) return hashed;
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = readdirSync(root, {recursive: true})
    .map(String)
    .filter((name) => /\.(js|ts)$/.test(name) && !/\.(d|test|fixture)\.ts$/.test(name));
  hashed = sha256(
    files
      .sort()
      .map((name) => `${name}\n${sha256(readFileSync(join(root, name)))}`)
      .join("\n"),
  );
  return hashed;
}
