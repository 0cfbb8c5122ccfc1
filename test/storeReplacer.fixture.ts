// A writer on a thread of its own that replaces one object over and over.
import {parentPort, workerData} from "node:worker_threads";
import {storeAt} from "../src/store/lakeRoot.ts";

export interface Replacing {
  readonly root: string;
  readonly key: string;
  readonly contents: readonly Uint8Array[];
  readonly times: number;
}

const {root, key, contents, times} = workerData as Replacing;
const store = storeAt(root);
for (let i = 0; i < times; i++) await store.replace(key, contents[i % contents.length]!);
parentPort?.postMessage("done");
