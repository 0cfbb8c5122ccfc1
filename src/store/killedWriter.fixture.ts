// A writer for tests to kill: one backfill of 600 days, then ten daily appends.
import {openLake} from "./lake.ts";
import {localDirectory} from "./localDirectory.ts";
import {daily, dailyTable} from "./testLake.ts";

const lake = openLake({store: localDirectory(process.argv[2]!), contracts: [daily]});
const options = {committedAt: "2024-01-08T22:00:00.000Z", run: "killed", inputs: {}};
process.stdout.write("started\n");
for (let days = 600; days <= 610; days++) {
  await lake.append(
    "daily",
    dailyTable(
      19_700,
      Array.from({length: days}, (_, i) => i),
    ),
    options,
  );
}
