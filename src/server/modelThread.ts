// A thread of the server: what createModelTasks() does, its bytes handed over instead of copied. It starts from what an
// earlier one compiled.

import {enableCompileCache} from "node:module";
import {move, transferableSymbol, valueSymbol} from "piscina";
import type {ModelTask} from "./modelTasks.ts";

enableCompileCache();
const {createModelTasks} = await import("./modelTasks.ts");
const carryOut = createModelTasks();

export default function run(task: ModelTask): unknown {
  const answer = carryOut(task);
  if (answer.kind !== "batch") return answer;
  return move({[transferableSymbol]: answer.json.buffer, [valueSymbol]: answer});
}
