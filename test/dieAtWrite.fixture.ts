// Preloaded into a pipeline by tests (node --import): names each change of the disk and dies before the one asked for.
import fs, {appendFileSync} from "node:fs";
import {syncBuiltinESMExports} from "node:module";

const {DIE_AT = "", TRACE_WRITES = ""} = process.env;
const seen = new Map<string, number>();
let committing = "before"; // the dataset whose commit began last

/** A change as "what where#which": dates and content hashes as *, the n-th of that name in the dataset's commit. */
function step(what: string, path: unknown): void {
  const place = String(path)
    .replace(/^.*\/_aside\/.*$/, `${committing}/_aside/*`)
    .replace(/^.*\/(sample|reports)\//, "")
    .replace(/_lock\/.*/, "_lock/*")
    .replace(/date=[\d-]+/, "date=*")
    .replace(/[0-9a-f]{16}\.parquet$/, "*.parquet");
  if (place.endsWith("/_intent.json")) committing = place.slice(0, -"/_intent.json".length);
  const count = (seen.get(`${what} ${place}`) ?? 0) + 1;
  seen.set(`${what} ${place}`, count);
  const name = `${what} ${place}#${count}`;
  if (TRACE_WRITES) appendFileSync(TRACE_WRITES, `${name}\n`);
  if (name === DIE_AT) process.kill(process.pid, "SIGKILL");
}

const {openSync, linkSync, renameSync, rmSync, unlinkSync} = fs;
Object.assign(fs, {
  openSync(path: string, flags: string, mode?: number) {
    if (flags === "wx") step("write", path);
    return openSync(path, flags, mode);
  },
  linkSync(from: string, to: string) {
    step("create", to);
    linkSync(from, to);
  },
  renameSync(from: string, to: string) {
    step("replace", to);
    renameSync(from, to);
  },
  rmSync(path: string, options?: fs.RmOptions) {
    step("remove", path);
    rmSync(path, options);
  },
  unlinkSync(path: string) {
    step("unlink", path);
    unlinkSync(path);
  },
});
syncBuiltinESMExports();
