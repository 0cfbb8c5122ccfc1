// Does a request's text say one thing only? JSON in which no key is given twice, and none reaches a prototype.

import {Problem} from "./problem.ts";

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/**
 * The value of a JSON text. JSON.parse alone takes the last of two equal keys: two values of one feature would
 * be answered by one of them.
 *
 * @throws {Problem} malformed-json
 */
export function parseJsonBody(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem("malformed-json", {
      detail: text.trim() === "" ? "The body is empty" : (error as Error).message,
      remedy: "Send a JSON object; NaN and Infinity are not JSON: leave an unknown feature out",
    });
  }
  requireSingleKeys(text);
  return value;
}

// The text is known to be JSON: strings, brackets and colons are enough to follow it.
function requireSingleKeys(text: string): void {
  const open: (Set<string> | null)[] = []; // keys of each open object; null for an array
  let last = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") addKey(open.at(-1)!, JSON.parse(last) as string);
    else last = token;
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (key === "__proto__") {
    throw new Problem("malformed-json", {
      field: key,
      detail: "__proto__ is not accepted as a key",
      remedy: "Remove it; GET /docs shows what may be sent",
    });
  }
  if (keys.has(key)) {
    throw new Problem("malformed-json", {
      field: key.slice(0, 60),
      detail: `The key ${JSON.stringify(key.slice(0, 60))} is given twice`,
      remedy: "Give each key once",
    });
  }
  keys.add(key);
}
