// Writers on a thread of their own that race others for the same keys, each round started together by a barrier.
import {parentPort, workerData} from "node:worker_threads";
import {storeAt} from "../src/store/lakeRoot.ts";

export interface Race {
  readonly root: string;
  readonly writers: number; // on this thread
  readonly threads: number;
  readonly thread: number;
  readonly rounds: number;
  readonly arrived: Int32Array; // shared: how many threads have come to each round
}

const {root, writers, threads, thread, rounds, arrived} = workerData as Race;
const stores = Array.from({length: writers}, () => storeAt(root));
await Promise.all(stores.map((store) => store.putIfAbsent("warm-up", new Uint8Array(1))));
const wins: string[][] = [];
for (let round = 0; round < rounds; round++) {
  Atomics.add(arrived, round, 1);
  Atomics.notify(arrived, round);
  for (let seen = Atomics.load(arrived, round); seen < threads; seen = Atomics.load(arrived, round))
    Atomics.wait(arrived, round, seen, 1000);
  const outcomes = await Promise.all(
    stores.map(async (store, index) => {
      const name = `${thread}-${index}`;
      return (await store.putIfAbsent(`race/${round}`, Buffer.from(name))) ? [name] : [];
    }),
  );
  wins.push(outcomes.flat());
}
parentPort?.postMessage(wins);
