// Builds the sources in one folder into another: node build-site.js <root> <output>, both relative to the working
// directory. Quiet; exit status 1 and a message where a page fails or a link leads nowhere.

import {cpSync} from "node:fs";
import {join} from "node:path";
import {build, FileBuildEffects} from "@observablehq/framework/dist/build.js";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {announceNotebooks} from "./notebook-pages.js";
import {postprocess} from "./postprocess.js";
import {siteConfig} from "./site-config.js";

const [root, output] = process.argv.slice(2);
const lines = [];
const logger = {log: (...line) => lines.push(line.join(" ")), warn: (...line) => lines.push(line.join(" "))};
logger.error = logger.warn;
console.log = logger.log; // Framework reports each bundled module there

const effects = new FileBuildEffects(output, `${root}/.observablehq/cache`, {
  logger,
  output: {write: () => true},
});
try {
  await build({config: normalizeConfig(siteConfig({root, output}))}, effects);
  const broken = lines.findIndex((line) => line.includes("broken link"));
  if (broken >= 0) throw new Error(`Cannot publish: ${lines.slice(broken).join("\n")}`);
  postprocess(output);
  cpSync(join(root, "data", "receipts.json"), join(output, "receipts.json"));
  announceNotebooks(join(root, "data"), output);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
