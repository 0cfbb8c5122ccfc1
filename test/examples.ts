// Do the programs of docs/examples.md run, and print what they say they print? All in one process.
// usage: node test/examples.ts   on the lake of SOURCE (the one that ran last) in DATA_DIR (data), after npm run build
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {openLakeFolder} from "../src/store/lakeFolder.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const PAGE = join(REPOSITORY, "docs/examples.md");

export interface Example {
  readonly title: string;
  readonly program: string;
  /** Lines that the program must print, in this order; it may print others between them. */
  readonly prints: readonly string[];
}

export interface Ran {
  readonly title: string;
  readonly printed: readonly string[];
  readonly milliseconds: number;
  /** What it threw. */
  readonly error?: string;
}

/** The programs of a page of documentation, one a section. */
export function examplesOf(page: string): Example[] {
  return [...page.matchAll(/^## (.+?)\n[\s\S]*?```ts\n([\s\S]*?)```/gm)].map(([, title, program]) => ({
    title: title!,
    program: program!,
    prints: [...program!.matchAll(/\/\/ => (.*)$/gm)].map(([, text]) => text!),
  }));
}

/** What a program imports from the library: values, not types. */
export function importsOf(program: string): string[] {
  const lists = [...program.matchAll(/import \{([^}]*)\} from "volbook"/g)].map(([, names]) => names!);
  return lists
    .flatMap((names) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

/** The expected line that a program did not print, or nothing. */
export function notPrinted({prints}: Example, printed: readonly string[]): string | undefined {
  let from = 0;
  return prints.find((line) => {
    const at = printed.indexOf(line, from);
    from = at + 1;
    return at < 0;
  });
}

/** Runs programs one after the other in this process, in the working directory, where "volbook" can be imported. */
export async function runExamples(examples: readonly Example[]): Promise<Ran[]> {
  const ran: Ran[] = [];
  const {log} = console;
  for (const [i, {title, program}] of examples.entries()) {
    const path = resolve(`example-${i}.ts`);
    writeFileSync(path, program);
    const printed: string[] = [];
    console.log = (...values: unknown[]) => printed.push(values.map(String).join(" "));
    const started = performance.now();
    try {
      await import(pathToFileURL(path).href);
      ran.push({title, printed, milliseconds: performance.now() - started});
    } catch (error) {
      ran.push({title, printed, milliseconds: performance.now() - started, error: String(error)});
    } finally {
      console.log = log;
    }
  }
  return ran;
}

if (import.meta.filename === process.argv[1]) {
  const examples = examplesOf(readFileSync(PAGE, "utf8"));
  const data = resolve(process.env.DATA_DIR ?? "data");
  const folder = mkdtempSync(join(tmpdir(), "volbook-examples-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(REPOSITORY, join(folder, "node_modules/volbook"));
  // The lake alone, so that "auto" finds no other.
  const {source} = openLakeFolder(data, process.env.SOURCE || "auto");
  mkdirSync(join(folder, "data"));
  symlinkSync(join(data, source), join(folder, "data", source));
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  process.chdir(folder);
  const ran = await runExamples(examples);
  for (const [i, {title, printed, milliseconds, error}] of ran.entries()) {
    const missing = error ?? notPrinted(examples[i]!, printed);
    console.log(`${missing === undefined ? "ok  " : "FAIL"} ${title}, ${Math.round(milliseconds)} ms`);
    if (missing === undefined) continue;
    console.log(`  ${error ?? `did not print: ${missing}`}\n  printed:\n    ${printed.join("\n    ")}`);
    process.exitCode = 1;
  }
  process.chdir(REPOSITORY);
  rmSync(folder, {recursive: true, force: true});
}
