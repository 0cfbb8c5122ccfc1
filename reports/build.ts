// How is the site published? Built beside the old one from the pages and one run's data, then put in its place.

import {execFile} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes} from "node:fs/promises";
import {dirname, join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {writeTakeaways} from "./build-tools/take-away.js";

const run = promisify(execFile);
const REPORTS = fileURLToPath(new URL(".", import.meta.url));
const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const PROGRAM = join(REPORTS, "build-tools", "build-site.js");

// Bundling the libraries is half a build: it is done once for a lockfile and kept.
const CACHE = join(".observablehq", "cache");
const LIBRARIES = [join(REPOSITORY, "package-lock.json"), join(REPORTS, "build-tools", "local-npm.js")];

const ABANDONED_MS = 3_600_000; // far longer than a build takes

// Framework writes the files' times into its pages and names.
const FIXED_TIME = new Date("2000-01-01T00:00:00Z");

export interface SiteOptions {
  /** The run's Parquet files and summary.json. */
  readonly data?: string;
  readonly output?: string;
  /** Folders of the published site that others put there and a new site keeps. */
  readonly keep?: readonly string[];
}

/**
 * Publishes the site. A build that fails leaves the published one as it was.
 *
 * @throws {Error} with Framework's message if a page does not build
 */
export async function buildSite({
  data = join(REPORTS, "src", "data"),
  output = join(REPORTS, "dist"),
  keep = ["notebooks"],
}: SiteOptions = {}): Promise<void> {
  if (!existsSync(join(data, "summary.json"))) {
    throw new Error(`Cannot build the site: ${join(data, "summary.json")} is missing; run make report`);
  }
  const workshop = join(REPORTS, ".observablehq");
  await mkdir(workshop, {recursive: true});
  await discardAbandoned(workshop);
  const folder = await mkdtemp(join(workshop, "build-"));
  try {
    const root = join(folder, "src");
    await stageSources(root, data);
    const built = join(folder, "dist");
    const cache = join(workshop, `cache-${await hashOf(LIBRARIES)}`);
    await takeFolder(cache, join(root, CACHE));
    // One waits for its process while the other draws.
    const takeaways = join(folder, "takeaways");
    const parts = [runFramework(root, built), writeTakeaways({data, output: takeaways})];
    for (const part of await Promise.allSettled(parts)) if (part.status === "rejected") throw part.reason;
    await cp(takeaways, built, {recursive: true});
    await takeFolder(join(root, CACHE), cache);
    for (const name of keep) {
      const kept = join(output, name);
      if (existsSync(kept)) await cp(kept, join(built, name), {recursive: true});
    }
    await replaceFolder(built, output, join(folder, "old"));
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** What the bundled libraries follow from: others than those of the lockfile and the bundler are never taken. */
async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

/** Moves a folder where it exists and nothing is in its place; of two builds at once one goes without. */
async function takeFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from) || existsSync(to)) return;
  await mkdir(dirname(to), {recursive: true});
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code ?? "")) throw error;
  });
}

// What builds that were killed have left; another one may be under way.
async function discardAbandoned(workshop: string): Promise<void> {
  for (const name of await readdir(workshop)) {
    const path = join(workshop, name);
    if (!name.startsWith("build-") || Date.now() - (await stat(path)).mtimeMs < ABANDONED_MS) continue;
    await rm(path, {recursive: true, force: true});
  }
}

async function stageSources(root: string, data: string): Promise<void> {
  const source = join(REPORTS, "src");
  const excluded = [join(source, "data"), join(source, ".observablehq")];
  await cp(source, root, {recursive: true, filter: (path) => !excluded.includes(path)});
  await cp(data, join(root, "data"), {recursive: true});
  for (const entry of await readdir(root, {recursive: true, withFileTypes: true})) {
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), FIXED_TIME, FIXED_TIME);
  }
}

async function runFramework(root: string, output: string): Promise<void> {
  const paths = [root, output].map((path) => relative(REPOSITORY, path));
  try {
    await run(process.execPath, [PROGRAM, ...paths], {cwd: REPOSITORY});
  } catch (error) {
    const {stderr} = error as {stderr?: string};
    throw new Error(`Cannot build the site: ${stderr?.trim() || String(error)}`);
  }
}

async function replaceFolder(built: string, published: string, aside: string): Promise<void> {
  const existed = existsSync(published);
  if (existed) await rename(published, aside);
  try {
    await rename(built, published);
  } catch (error) {
    if (existed) await rename(aside, published);
    throw error;
  }
}
