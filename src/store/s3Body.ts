// Did the whole of an answer come, and in time?
import {Readable} from "node:stream";

/** Bytes a millisecond that a body makes at least: 64 KiB a second. */
export const MINIMUM_RATE = 65.536;

/**
 * All bytes of an answer's body.
 *
 * @param body what the SDK gives: a stream of Node
 * @throws {Error} named TruncatedBody where fewer or more bytes came than were announced or the stream broke, named
 *   BodyTimeout where they took longer than `timeoutMs` and a second more for each 64 KiB
 */
export async function readBody(
  body: unknown,
  {length, timeoutMs}: {readonly length: number | undefined; readonly timeoutMs: number},
): Promise<Uint8Array> {
  if (!(body instanceof Readable)) throw named("TruncatedBody", "there is no body");
  const timer = setTimeout(
    () => body.destroy(named("BodyTimeout", "too slow")),
    timeoutMs + (length ?? 0) / MINIMUM_RATE,
  );
  try {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    const bytes = Buffer.concat(parts);
    if (length !== undefined && bytes.length !== length)
      throw named("TruncatedBody", `${bytes.length} of ${length} bytes`);
    return bytes;
  } catch (error) {
    const {name, message} = error as Error;
    throw name === "BodyTimeout" ? error : named("TruncatedBody", message);
  } finally {
    clearTimeout(timer);
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), {name});
}
