// Which part of a page does a command write? What stands between its markers; the rest is a person's.
import {readFileSync, writeFileSync} from "node:fs";

/**
 * Puts text between `<!-- marker:start -->` and `<!-- marker:end -->` of a page, each on a line of its own.
 *
 * @throws {Error} if the page lacks a marker
 */
export function writeMarked(page: string, {marker, text}: {marker: string; text: string}): void {
  const before = readFileSync(page, "utf8");
  const start = `<!-- ${marker}:start -->\n`;
  const end = `<!-- ${marker}:end -->`;
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`Cannot write ${page}: it lacks the markers ${start.trim()} and ${end}`);
  writeFileSync(page, `${before.slice(0, from)}${start}${text.trim()}\n${before.slice(to)}`);
}
