// What does XGBoost make of the same numbers, and how long does it take? A Python process that answers one task a line.
import {spawn} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import type {Matrix} from "../src/math/matrix.ts";
import {hasXgboost} from "../src/models/gbdt/xgboost.fixture.ts";
import type {Times} from "./inTurn.ts";

export const ABSENT =
  "XGBoost was not measured: /usr/bin/python3 cannot import xgboost (Debian: python3-xgboost).";

type Answer = Times & {readonly peakMb: number};
type Kind = "margin" | "contributions" | "interactions";

export interface Xgboost {
  /** Versions and build flags, in words. */
  readonly about: string;
  readonly sklearn: string | undefined;
  load(name: string, features: Matrix, target: Float64Array): Promise<void>;
  /** The same of a file of row-major float32 and one of float64. */
  loadFiles(name: string, files: {features: string; target: string; width: number}): Promise<void>;
  /** Fits `trees` trees on loaded rows; settings beside nthread=1, hist, 255 bins, eta .05, lambda 1. */
  fit(
    model: string,
    task: {data: string; trees: number; settings?: Readonly<Record<string, unknown>>},
  ): Promise<Answer>;
  fitSklearn(task: {data: string; settings: Readonly<Record<string, unknown>>}): Promise<Answer>;
  readModel(model: string, json: string): Promise<void>;
  modelJson(model: string): Promise<string>;
  predict(
    model: string,
    task: {data: string; kind: Kind; rows?: number},
  ): Promise<Answer & {values: () => Float32Array}>;
  close(): void;
}

/** XGBoost in a process of its own; undefined where it is not installed. */
export async function openXgboost(): Promise<Xgboost | undefined> {
  if (!hasXgboost) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "volbook-bench-"));
  const script = new URL("xgboostPeer.py", import.meta.url).pathname;
  const child = spawn("/usr/bin/python3", [script], {stdio: ["pipe", "pipe", "inherit"]});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const ask = async (command: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const {value, done} = await lines.next();
    if (done) throw new Error(`XGBoost ended on ${JSON.stringify(command)}`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const timed = async (command: Readonly<Record<string, unknown>>) =>
    (await ask(command)) as unknown as Answer;
  const path = (name: string) => join(folder, name);
  const {xgboost, flags, sklearn} = await ask({do: "about"});
  return {
    about: `XGBoost ${xgboost} (Debian's python3-xgboost, nthread=1, tree_method=hist; build flags ${JSON.stringify(flags)})`,
    sklearn: (sklearn as string | null) ?? undefined,
    async load(name, features, target) {
      writeFileSync(path("features"), Float32Array.from(features.values));
      writeFileSync(path("target"), target);
      await ask({
        do: "load",
        name,
        features: path("features"),
        target: path("target"),
        width: features.width,
      });
    },
    async loadFiles(name, files) {
      await ask({do: "load", name, ...files});
    },
    fit: (model, {data, trees, settings = {}}) => timed({do: "fit", model, data, trees, settings}),
    fitSklearn: ({data, settings}) => timed({do: "fit_sklearn", data, settings}),
    async readModel(model, json) {
      writeFileSync(path("model.json"), json);
      await ask({do: "read", model, path: path("model.json")});
    },
    async modelJson(model) {
      await ask({do: "save", model, path: path("saved.json")});
      return readFileSync(path("saved.json"), "utf8");
    },
    async predict(model, task) {
      const answer = await timed({do: "predict", model, path: path("answer"), ...task});
      return {
        ...answer,
        values: () => new Float32Array(Uint8Array.from(readFileSync(path("answer"))).buffer),
      };
    },
    close() {
      child.stdin.end();
      rmSync(folder, {recursive: true});
    },
  };
}
