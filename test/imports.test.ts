// Does anything import upstream of itself?
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, normalize} from "node:path";
import {describe, expect, it} from "vitest";

// Each layer may import itself and those before it in the list it names.
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "src/units.ts": [],
  "src/nearestNames.ts": [],
  "src/frame.ts": ["src/units.ts", "src/nearestNames.ts"],
  "src/random.ts": [],
  "src/config.ts": [
    "src/units.ts",
    "src/features/meaning.ts",
    "src/evaluation/gateNames.ts",
    "src/evaluation/multiverseChoices.ts",
  ],
  "src/math": ["src/units.ts", "src/random.ts", "src/frame.ts"],
  "src/calendar": ["src/units.ts", "src/frame.ts"],
  "src/market": ["src/units.ts", "src/frame.ts", "src/random.ts", "src/math", "src/calendar"],
  "src/features": ["src/units.ts", "src/frame.ts", "src/random.ts", "src/math", "src/market"],
  "src/labels": ["src/units.ts", "src/frame.ts", "src/math", "src/market", "src/features"],
  "src/models": ["src/units.ts", "src/frame.ts", "src/random.ts", "src/math", "src/features"],
  "src/explain": ["src/frame.ts", "src/math", "src/models"],
  "src/evaluation": ["src/units.ts", "src/frame.ts", "src/random.ts", "src/math", "src/models"],
  "src/proof": [
    "src/units.ts",
    "src/frame.ts",
    "src/random.ts",
    "src/market",
    "src/features",
    "src/models",
    "src/evaluation",
  ],
  "src/store": ["src/units.ts", "src/nearestNames.ts", "src/frame.ts", "src/market", "src/features"],
  "src/registry": ["src/units.ts", "src/frame.ts", "src/models", "src/evaluation", "src/store"],
  "src/report": [
    "src/units.ts",
    "src/frame.ts",
    "src/math",
    "src/store",
    "src/evaluation",
    "src/explain/bridge.ts",
  ],
  "src/lab": [
    "src/units.ts",
    "src/nearestNames.ts",
    "src/frame.ts",
    "src/market",
    "src/features",
    "src/labels",
    "src/models",
    "src/explain",
    "src/evaluation",
    "src/proof",
    "src/store",
    "src/report",
  ],
  "src/server": ["src"],
  "src/index.ts": ["src"],
  pipeline: ["src", "reports/build.ts", "reports/build-tools/fill-in.js"],
  reports: ["src", "reports"],
};

// Only these touch files, sockets, the clock or the environment; src is pure elsewhere.
const EFFECTS = [
  /^src\/store\//,
  /^src\/registry\//,
  /^src\/lab\/(charts|saveResult)\.ts$/,
  /^src\/server\/(main|serve|modelThread)\.ts$/,
  /^src\/market\/(csv|yahoo\w*)\.ts$/,
];
const EFFECTFUL =
  /from "node:(?!crypto|zlib|url|buffer|worker_threads)|process\.(env|argv|stdout|stderr|exit)|Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/;

const sources = ["src", "pipeline"].flatMap((folder) =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(({name}) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

function layerOf(file: string): string {
  const layer = Object.keys(ALLOWED).find((name) => file === name || file.startsWith(`${name}/`));
  if (!layer) throw new Error(`${file} belongs to no layer: add it to test/imports.test.ts`);
  return layer;
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import) "(\.[^"]+)"/g)].map((match) =>
    normalize(join(dirname(file), match[1]!)),
  );
}

function wrongImports(file: string, imported: readonly string[]): string[] {
  const layer = layerOf(file);
  const allowed = [layer, ...ALLOWED[layer]!];
  return imported.filter(
    (target) => !allowed.some((name) => target === name || target.startsWith(`${name}/`)),
  );
}

describe("the layers", () => {
  it.each(sources)("%s imports only what lies before it", (file) => {
    expect(wrongImports(file, importsOf(file))).toEqual([]);
  });

  it("would be broken by features that import a model, and by src that imports the pipeline", () => {
    expect(wrongImports("src/features/x.ts", ["src/models/har.ts"])).toHaveLength(1);
    expect(wrongImports("src/models/x.ts", ["pipeline/run.ts"])).toHaveLength(1);
  });

  it.each(
    sources.filter((file) => file.startsWith("src/") && !EFFECTS.some((pattern) => pattern.test(file))),
  )("%s is pure: no files, clock, environment or global chance", (file) => {
    expect(EFFECTFUL.exec(readFileSync(file, "utf8"))?.[0]).toBeUndefined();
  });

  it("has no cycle", () => {
    const graph = new Map(sources.map((file) => [file, importsOf(file)]));
    const done = new Set<string>();
    const path: string[] = [];
    const visit = (file: string): void => {
      if (done.has(file)) return;
      if (path.includes(file))
        throw new Error(`a cycle of imports: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      path.push(file);
      for (const target of graph.get(file) ?? []) visit(target);
      path.pop();
      done.add(file);
    };
    expect(() => sources.forEach(visit)).not.toThrow();
  });
});
