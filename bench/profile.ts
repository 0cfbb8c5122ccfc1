// In which files of this project does a piece of work spend its time?
import {Session} from "node:inspector/promises";
import {basename} from "node:path";

/** Shares of V8's samples by file, without folder and ending; what is no file's, by its name: (garbage collector). */
export async function shareByFile(work: () => unknown): Promise<Map<string, number>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", {interval: 200});
  await session.post("Profiler.start");
  work();
  const {profile} = await session.post("Profiler.stop");
  session.disconnect();
  const counts = new Map<string, number>();
  let total = 0;
  for (const {callFrame, hitCount = 0} of profile.nodes) {
    const {url, functionName} = callFrame;
    const name = url ? basename(url).replace(/\.ts$/, "") : functionName;
    if (name === "(idle)" || name === "(program)") continue;
    counts.set(name, (counts.get(name) ?? 0) + hitCount);
    total += hitCount;
  }
  return new Map([...counts].map(([name, count]) => [name, count / total]));
}
