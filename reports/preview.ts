// The site with live preview: edits of a page show at once. Its data is that of the last run.

import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const OBSERVABLE = join("node_modules", "@observablehq", "framework", "dist", "bin", "observable.js");

if (!existsSync(join(REPOSITORY, "reports/src/data/summary.json"))) {
  console.error("Cannot preview the site: reports/src/data/summary.json is missing; run make report");
  process.exit(1);
}
const preview = spawn(
  process.execPath,
  [OBSERVABLE, "preview", "--config", "reports/observablehq.config.js", "--no-open"],
  {cwd: REPOSITORY, stdio: "inherit"},
);
preview.on("exit", (code) => process.exit(code ?? 1));
