// All benchmarks, each in a process of its own, into bench/results.md.
import {writeFileSync} from "node:fs";
import {cpus, totalmem} from "node:os";
import {$} from "zx";

const parts = ["boosting.ts", "garch.ts", "statistics.ts", "pipeline.ts", "server.ts"];
const [processor] = cpus();
const sections = [
  "# Benchmarks",
  "",
  `Made by \`make bench\` on ${cpus().length} x ${processor?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}. Where there is a peer, quote the ratio: both ran in turn on the same machine.`,
];
for (const part of parts) {
  console.log(`bench/${part} …`);
  const {stdout} = await $`${process.execPath} bench/${part}`;
  sections.push("", `## bench/${part}`, "", stdout.trim());
}
writeFileSync("bench/results.md", `${sections.join("\n")}\n`);
console.log("bench/results.md");
