// Framework fetches every library from a CDN, and its version from the npm
// registry, when it builds. This answers both from node_modules: the
// lockfile alone decides what is shipped, and a build needs no network.
// npm:volbook/<path> is src/<path>.ts of this repository: pages run the code
// that the pipeline runs.
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {extname, join, resolve, sep} from "node:path";
import {build} from "esbuild";

const project = process.cwd();
const modules = join(project, "node_modules");
const require = createRequire(join(project, "package.json"));
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const direct = new Set(Object.keys(readJson(join(project, "package.json")).dependencies ?? {}));
const OWN = readJson(join(project, "package.json")).name;

// Framework's client names libraries it loads lazily (lodash, leaflet, …): those
// not installed get this version, and an error only if a page really uses them.
const NOT_INSTALLED = "0.0.0";

function installedVersion(name) {
  if (name === OWN) return ownVersion();
  const path = join(modules, name, "package.json");
  return existsSync(path) ? readJson(path).version : undefined;
}

// Browsers keep what has a version in its address: another source is another version.
let own;
function ownVersion() {
  if (own) return own;
  const sources = join(project, "src");
  const hash = createHash("sha256");
  const files = readdirSync(sources, {recursive: true}).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(sources, file)));
  own = `${readJson(join(project, "package.json")).version}-${hash.digest("hex").slice(0, 12)}`;
  return own;
}

function parseSpecifier(specifier) {
  const parts = specifier.split("/");
  const nameVersion = specifier.startsWith("@") ? parts.splice(0, 2).join("/") : parts.shift();
  const at = nameVersion.indexOf("@", 1);
  return {
    name: at > 0 ? nameVersion.slice(0, at) : nameVersion,
    version: at > 0 ? nameVersion.slice(at + 1) : undefined,
    path: parts.join("/"),
  };
}

// The npm registry's /<name>[/<tag>]
function registryResponse(pathname) {
  const {name} = parseSpecifier(decodeURIComponent(pathname.slice(1)));
  const version = installedVersion(name) ?? NOT_INSTALLED;
  return Response.json({name, version, versions: {[version]: {}}});
}

const TYPES = {
  ".css": "text/css",
  ".js": "application/javascript",
  ".json": "application/json",
  ".mjs": "application/javascript",
  ".wasm": "application/wasm",
};

// The CDN's /npm/<name>@<version>/<path> (a file) or …[/<path>]/+esm (a bundle)
async function cdnResponse(pathname) {
  const {name, version, path} = parseSpecifier(decodeURIComponent(pathname.slice("/npm/".length)));
  const installed = installedVersion(name);
  if (!installed) throw new Error(`${name} is not installed; run: npm install ${name}`);
  if (version !== installed && version !== NOT_INSTALLED)
    throw new Error(`a page asks for ${name}@${version}, but ${installed} is installed`);
  if (/(^|\/)\+esm$/.test(path))
    return new Response(await bundle(name, path.replace(/\/?\+esm$/, "")), {
      headers: {"content-type": TYPES[".js"]},
    });
  if (name === OWN) return Response.json({name, version}); // package.json, asked for the versions of dependencies
  const file = resolve(modules, name, path);
  if (!file.startsWith(join(modules, name) + sep) || !existsSync(file))
    return new Response(null, {status: 404});
  return new Response(readFileSync(file), {
    headers: {"content-type": TYPES[extname(file)] ?? "application/octet-stream"},
  });
}

// One ES module a package. The project's other direct dependencies stay modules
// of their own, so that d3 or htl is shipped once; everything else is inlined.
async function bundle(name, subpath) {
  const entry = name === OWN ? `./src/${subpath}.ts` : subpath ? `${name}/${subpath}` : name;
  const options = {
    absWorkingDir: project,
    bundle: true,
    write: false,
    metafile: true,
    outdir: "out",
    logLevel: "error",
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    mainFields: ["browser", "module", "main"],
    conditions: ["production", "browser"],
    define: {"process.env.NODE_ENV": '"production"'},
    plugins: [sharedDependencies(name)],
  };
  let result = await build({...options, entryPoints: [entry]});
  const file = Object.values(result.metafile.outputs)[0].entryPoint;
  if (result.metafile.inputs[file].format === "cjs") {
    // esbuild gives CommonJS a default export alone
    const names = Object.keys(require(entry)).filter((n) => /^[A-Za-z_$][\w$]*$/.test(n) && n !== "default");
    const contents = `export {default${names.map((n) => `, ${n}`).join("")}} from ${JSON.stringify(entry)};`;
    result = await build({...options, stdin: {contents, resolveDir: project}});
  }
  return result.outputFiles[0].text;
}

function sharedDependencies(name) {
  const nested = Symbol("nested");
  return {
    name: "shared-dependencies",
    setup(b) {
      b.onResolve({filter: /^[@a-z]/i}, async ({path, kind, pluginData, ...args}) => {
        const dependency = parseSpecifier(path);
        if (
          kind === "entry-point" ||
          pluginData === nested ||
          dependency.name === name ||
          !direct.has(dependency.name)
        )
          return;
        const {path: file} = await b.resolve(path, {
          kind,
          importer: args.importer,
          resolveDir: args.resolveDir,
          pluginData: nested,
        });
        if (!file.startsWith(join(modules, dependency.name) + sep)) return; // another version, nested: inline it
        return {
          path: `/npm/${dependency.name}@${installedVersion(dependency.name)}/${dependency.path && `${dependency.path}/`}+esm`,
          external: true,
        };
      });
    },
  };
}

// Framework prefers any cached version to the registry's answer: drop the stale.
function pruneCache(root) {
  const dir = join(root, ".observablehq", "cache", "_npm");
  const list = (path) => (existsSync(path) ? readdirSync(path) : []);
  for (const entry of list(dir).flatMap((e) =>
    e.startsWith("@") ? list(join(dir, e)).map((f) => `${e}/${f}`) : e,
  )) {
    const {name, version} = parseSpecifier(entry);
    if (version !== (installedVersion(name) ?? NOT_INSTALLED)) rmSync(join(dir, entry), {recursive: true});
  }
}

export function useLocalNpm({root}) {
  pruneCache(root);
  const {fetch} = globalThis;
  globalThis.fetch = async (input, init) => {
    const {hostname, pathname} = new URL(input instanceof Request ? input.url : input);
    if (hostname.startsWith("registry.")) return registryResponse(pathname);
    if (hostname.startsWith("cdn.")) return cdnResponse(pathname);
    return fetch(input, init);
  };
}
