// What tells contents apart?
import {createHash} from "node:crypto";

/** Hexadecimal SHA-256. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
