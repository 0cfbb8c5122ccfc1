// A thread of the server: what createModelTasks() does, its bytes handed over instead of copied.

import {move, transferableSymbol, valueSymbol} from "piscina";
import {createModelTasks, type ModelTask} from "./modelTasks.ts";

const carryOut = createModelTasks();

export default function run(task: ModelTask): unknown {
  const answer = carryOut(task);
  if (answer.kind !== "batch") return answer;
  return move({[transferableSymbol]: answer.json.buffer, [valueSymbol]: answer});
}
