// What do other implementations make of the same simulated returns? node src/models/garch/references.fixture.ts
//
// Writes references.golden.json: estimates of every model by likelihoods written independently in Python, and
// of those that fGarch has by fGarch. Needs Debian's python3-scipy and r-cran-fgarch; the tests do not.

import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createRandom} from "../../random.ts";
import {simulateGarch} from "./simulateGarch.ts";
import {
  type GarchParameter,
  type GarchParameters,
  type GarchSpecification,
  toVector,
} from "./specification.ts";

type Values = Readonly<Partial<Record<GarchParameter, number>>>;

export interface References {
  readonly python: Readonly<
    Record<
      string,
      {
        parameters: Values;
        logLikelihood: number;
        hessian: Values;
        sandwich: Values;
        outerProduct: Values;
      }
    >
  >;
  readonly fGarch: Readonly<Record<string, Values & {logLikelihood: number}>>;
}

export interface ReferenceCase {
  readonly name: string;
  readonly specification: GarchSpecification;
  /** What made the returns, in percent. */
  readonly truth: GarchParameters;
  readonly returns: Float64Array;
}

const GOLDEN = new URL("references.golden.json", import.meta.url);

/** Simulated returns of each model, in percent a session. */
export function referenceCases(): ReferenceCase[] {
  const linear = {mu: 0.05, omega: 0.02, alpha: 0.08, gamma: 0, beta: 0.9};
  const truths = {
    garch: linear,
    gjr: {...linear, alpha: 0.03, gamma: 0.12, beta: 0.89},
    egarch: {...linear, omega: 0.004, alpha: 0.16, gamma: -0.1, beta: 0.97},
  };
  const variances = ["garch", "gjr", "egarch"] as const;
  const innovations = [
    ["normal", null],
    ["student", 7],
  ] as const;
  return variances.flatMap((variance, i) =>
    innovations.map(([innovation, nu], j) => {
      const truth = {...truths[variance], nu};
      const random = createRandom(10 * i + j);
      const {returns} = simulateGarch({variance}, truth, {length: 2500, random});
      const specification = {variance, innovations: innovation, mean: "constant"} as const;
      return {name: `${variance}-${innovation}`, specification, truth, returns};
    }),
  );
}

export function readReferences(): References {
  return JSON.parse(readFileSync(GOLDEN, "utf8")) as References;
}

if (import.meta.main) {
  const cases = referenceCases();
  const references = {
    python: askPython(cases),
    fGarch: askFGarch(cases.filter(({name}) => !/egarch/.test(name))),
  };
  writeFileSync(GOLDEN, `${JSON.stringify(references, null, 2)}\n`);
}

function askPython(cases: readonly ReferenceCase[]): unknown {
  const input = JSON.stringify(
    cases.map(({name, specification, truth, returns}) => ({
      name,
      ...specification,
      start: Array.from(toVector({...truth, nu: truth.nu ?? 1000})),
      returns: Array.from(returns),
    })),
  );
  return ask("/usr/bin/python3", [new URL("references.fixture.py", import.meta.url).pathname], input);
}

function askFGarch(cases: readonly ReferenceCase[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), "garch-"));
  try {
    const args = cases.map(({name, returns}) => {
      const file = join(folder, `${name}.txt`);
      writeFileSync(file, returns.join("\n"));
      return `${name}=${file}`;
    });
    return ask("Rscript", [new URL("references.fixture.R", import.meta.url).pathname, ...args]);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function ask(command: string, args: readonly string[], input = ""): unknown {
  const {status, stdout, stderr, error} = spawnSync(command, args, {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Cannot ask ${command}: ${error?.message ?? stderr}`);
  return JSON.parse(stdout);
}
