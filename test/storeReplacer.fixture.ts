// A writer on a thread of its own that replaces one object over and over, until it is told to stop.
import {parentPort, workerData} from "node:worker_threads";
import {storeAt} from "../src/store/lakeRoot.ts";

export interface Replacing {
  readonly root: string;
  readonly key: string;
  readonly contents: readonly Uint8Array[];
  readonly stop: Int32Array; // shared: [1] once the reader has seen enough
}

const {root, key, contents, stop} = workerData as Replacing;
const store = storeAt(root);
for (let i = 1; Atomics.load(stop, 0) === 0; i++) await store.replace(key, contents[i % contents.length]!);
parentPort?.postMessage("done");
