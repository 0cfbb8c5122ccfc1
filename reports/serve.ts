// How does the built site reach a browser? Files of one folder, each under a policy that lets only the site's own code
// run. SITE_DIR, HOST and PORT name the folder and the address.

import {createHash} from "node:crypto";
import {createReadStream, readFileSync, realpathSync, type Stats, statSync} from "node:fs";
import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import {extname, join, sep} from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".parquet": "application/vnd.apache.parquet",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

// Plot writes <style> elements; pictures to download pass through data: addresses. DuckDB hands its WebAssembly to a worker
// as a blob: address, and the worker's policy is that of the response with its script.
const POLICY = [
  "default-src 'none'",
  "connect-src 'self' blob:",
  "font-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** A server of a folder's files, not listening yet. The folder may be replaced while it is served. */
export function createSiteServer(folder: string): Server {
  return createServer((request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("content-security-policy", policyOf([]));
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return answer(response, 405, "Only GET and HEAD are answered");
    }
    const path = pathOf(request);
    if (path === undefined) return answer(response, 400, "The address is malformed");
    if (path === "/health") return sayHealth(folder, response);
    const file = findFile(folder, path.endsWith("/") ? `${path}index.html` : path);
    if (!file) return answer(response, 404, "There is no such page");
    sendFile(file, {request, response, path});
  });
}

interface FoundFile {
  readonly name: string;
  readonly stats: Stats;
}

// The path without its query, decoded but otherwise as the client wrote it.
function pathOf({url = "/"}: IncomingMessage): string | undefined {
  try {
    const path = decodeURIComponent(url.split("?", 1)[0]!);
    return path.startsWith("/") && !path.includes("\0") ? path : undefined;
  } catch {
    return undefined;
  }
}

// realpath answers for "..", for links, and for what does not exist.
function findFile(folder: string, path: string): FoundFile | undefined {
  try {
    const name = realpathSync(join(folder, path));
    const stats = statSync(name);
    return name.startsWith(realpathSync(folder) + sep) && stats.isFile() ? {name, stats} : undefined;
  } catch {
    return undefined;
  }
}

function sendFile(
  {name, stats}: FoundFile,
  {
    request,
    response,
    path,
  }: {readonly request: IncomingMessage; readonly response: ServerResponse; readonly path: string},
): void {
  const tag = `"${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}"`;
  // Framework puts a hash or a version into every path below a folder with an underscore.
  const fixed = path.startsWith("/_");
  response.setHeader("etag", tag);
  response.setHeader("cache-control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304).end();
    return;
  }
  const type = extname(name);
  response.setHeader("content-type", TYPES[type] ?? "application/octet-stream");
  response.setHeader("content-length", stats.size);
  if (type === ".html") {
    const page = readFileSync(name);
    response.setHeader("content-security-policy", policyOf(inlineScripts(page.toString())));
    response.setHeader("content-length", page.length);
    response.end(request.method === "HEAD" ? undefined : page);
  } else if (request.method === "HEAD") {
    response.end();
  } else {
    createReadStream(name)
      .on("error", () => response.destroy())
      .pipe(response);
  }
}

function inlineScripts(page: string): string[] {
  const scripts = page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs);
  return Array.from(scripts, ([, text]) => text!);
}

function policyOf(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  return [...POLICY, ["script-src 'self' 'wasm-unsafe-eval'", ...new Set(hashes)].join(" ")].join("; ");
}

function sayHealth(folder: string, response: ServerResponse): void {
  response.setHeader("cache-control", "no-store");
  const built = findFile(folder, "/index.html") !== undefined;
  answer(response, built ? 200 : 503, built ? "ok" : "There is no site yet: run the stage site");
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {"content-type": TYPES[".txt"]}).end(`${text}\n`);
}

function main({SITE_DIR, HOST, PORT}: NodeJS.ProcessEnv): void {
  const server = createSiteServer(SITE_DIR || "reports/dist");
  server.on("error", ({message}) => {
    process.stderr.write(`Cannot serve the site: ${message}\n`);
    process.exitCode = 1;
  });
  server.listen(Number(PORT || 8080), HOST || "127.0.0.1", () => {
    process.stdout.write(`${JSON.stringify({level: "info", msg: "listening", ...addressOf(server)})}\n`);
  });
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      server.close();
      server.closeIdleConnections();
    });
  }
}

function addressOf(server: Server): {address?: string; port?: number} {
  const address = server.address();
  return address && typeof address === "object" ? {address: address.address, port: address.port} : {};
}

if (import.meta.main) main(process.env);
