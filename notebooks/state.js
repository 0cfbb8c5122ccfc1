// What do a notebook's outputs depend on beside its own text? The lake's snapshots, the library, the versions.
// usage: node notebooks/state.js DATA_DIR SOURCE [CSV_DIR]   prints JSON; DATA_DIR may be empty
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {datasets, findLake} from "volbook";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CODE = ["dist", "reports/src/components", "notebooks/kernel", "notebooks/page", "notebooks/run.py"];

const [dataDir = "", source = "auto", csvDir = ""] = process.argv.slice(2);
process.stdout.write(
  JSON.stringify({
    lake: dataDir === "" ? null : await lakeState(),
    csv: csvDir !== "" && existsSync(csvDir) ? hashOf(csvDir, (name) => /\.csv(\.gz)?$/.test(name)) : null,
    code: createHash("sha256")
      .update(CODE.map((path) => hashOf(join(ROOT, path))).join())
      .digest("hex"),
    versions: {volbook: version("."), Node: process.versions.node, tslab: version("node_modules/tslab")},
  }),
);

/** The lake's name, its newest session and a hash of all its snapshots; what is wrong where it cannot be opened. */
async function lakeState() {
  try {
    const lake = await findLake(dataDir, source);
    const manifests = await Promise.all(datasets.map(({dataset}) => lake.manifest(dataset)));
    const snapshots = manifests.map((manifest) => manifest?.snapshot.sha256 ?? "none");
    const dates = manifests.flatMap((manifest) => manifest?.last_date ?? []).sort();
    return {
      source: lake.source,
      newest: dates.at(-1) ?? null,
      sha256: createHash("sha256").update(snapshots.join()).digest("hex"),
    };
  } catch (error) {
    return {error: String(error)};
  }
}

function hashOf(path, keep = () => true) {
  const hash = createHash("sha256");
  const isFile = /\.\w+$/.test(path);
  const names = isFile
    ? [""]
    : readdirSync(path, {recursive: true, withFileTypes: true})
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length));
  for (const name of names.filter((name) => isFile || keep(name)).sort())
    hash.update(`${name}\n`).update(readFileSync(path + name));
  return hash.digest("hex");
}

function version(folder) {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")).version;
}
