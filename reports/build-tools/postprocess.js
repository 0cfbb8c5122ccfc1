// What does Framework leave to be corrected in its pages? The language, the right to zoom, and what it fetches first.

import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {latePreloads} from "./late-preloads.js";

const CORRECTIONS = [
  ["<html>", '<html lang="en">'],
  [", maximum-scale=1", ""],
];

/**
 * Corrects every page under a folder.
 *
 * @throws {Error} if a page lacks what is to be corrected: Framework has changed
 */
export function postprocess(folder) {
  for (const name of readdirSync(folder, {recursive: true})) {
    if (!name.endsWith(".html") || name.startsWith("notebooks/")) continue;
    const path = join(folder, name);
    writeFileSync(path, latePreloads(correct(readFileSync(path, "utf8"), name), name));
  }
}

function correct(html, name) {
  return CORRECTIONS.reduce((text, [found, wanted]) => {
    if (!text.includes(found)) throw new Error(`Cannot correct ${name}: it has no ${found}`);
    return text.replace(found, wanted);
  }, html);
}
