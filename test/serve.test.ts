// Does the dashboard's server give out the site, all of it and nothing else?
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {request, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createSiteServer} from "../reports/serve.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

// node:http sends a path as it is; fetch would tidy "..".
function ask(
  server: Server,
  path: string,
  {method = "GET", headers = {}}: {method?: string; headers?: Record<string, string>} = {},
): Promise<Answer> {
  const {port} = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({host: "127.0.0.1", port, path, method, headers}, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const body = Buffer.concat(parts).toString();
        resolve({status: response.statusCode ?? 0, headers: response.headers, body});
      });
    })
      .on("error", reject)
      .end();
  });
}

async function serve(folder: string): Promise<Server> {
  const server = createSiteServer(folder);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function stop(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

describe("createSiteServer()", () => {
  const root = mkdtempSync(join(tmpdir(), "volbook-serve-"));
  const site = join(root, "site");
  let server: Server;

  beforeAll(async () => {
    mkdirSync(join(site, "_npm", "duckdb@1.28.0"), {recursive: true});
    mkdirSync(join(site, "notebooks"));
    mkdirSync(join(root, "site-private"));
    writeFileSync(join(site, "index.html"), "<script>go()</script><p>today</p>");
    writeFileSync(join(site, "notebooks", "index.html"), "all notebooks");
    writeFileSync(join(site, "_npm", "duckdb@1.28.0", "duckdb.wasm"), "\0asm");
    writeFileSync(join(root, "secret.txt"), "secret");
    writeFileSync(join(root, "site-private", "secret.txt"), "secret");
    symlinkSync(join(root, "secret.txt"), join(site, "link.txt"));
    server = await serve(site);
  });

  afterAll(async () => {
    await stop(server);
    rmSync(root, {recursive: true});
  });

  it("answers a folder's address with its index", async () => {
    expect(await ask(server, "/")).toMatchObject({status: 200, body: expect.stringContaining("today")});
    expect((await ask(server, "/?from=mail")).body).toContain("today");
    expect((await ask(server, "/notebooks/")).body).toBe("all notebooks");
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/notebooks/../../secret.txt",
    "/../site-private/secret.txt",
    "/link.txt",
    "//secret.txt",
    "/_npm",
    "/missing.html",
  ])("has nothing at %s", async (path) => {
    expect(await ask(server, path)).toMatchObject({status: 404, body: "There is no such page\n"});
  });

  it.each(["/%zz", "/%00", "/index.html%00.txt"])("refuses the malformed address %s", async (path) => {
    expect((await ask(server, path)).status).toBe(400);
  });

  it("answers GET and HEAD alone", async () => {
    const head = await ask(server, "/", {method: "HEAD"});
    expect(head).toMatchObject({status: 200, body: ""});
    expect(head.headers["content-length"]).toBe("33");
    expect(await ask(server, "/", {method: "POST"})).toMatchObject({
      status: 405,
      headers: {allow: "GET, HEAD"},
    });
  });

  it("names the type of a file and forbids guessing it", async () => {
    const {headers} = await ask(server, "/_npm/duckdb@1.28.0/duckdb.wasm");
    expect(headers["content-type"]).toBe("application/wasm");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("lets a browser keep what its path pins, and ask again for the rest", async () => {
    const fixed = await ask(server, "/_npm/duckdb@1.28.0/duckdb.wasm");
    expect(fixed.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const page = await ask(server, "/");
    expect(page.headers["cache-control"]).toBe("no-cache");
    const again = await ask(server, "/", {headers: {"if-none-match": String(page.headers.etag)}});
    expect(again).toMatchObject({status: 304, body: ""});
  });

  it("lets only the scripts that a page was built with run", async () => {
    const policy = String((await ask(server, "/")).headers["content-security-policy"]);
    // printf 'go()' | openssl dgst -sha256 -binary | base64
    expect(policy).toContain(
      "script-src 'self' 'wasm-unsafe-eval' 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='",
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|https?:)/);
  });

  it("is healthy once there is a site, and follows it when it is replaced", async () => {
    const later = join(root, "later");
    const other = await serve(later);
    expect(await ask(other, "/health")).toMatchObject({
      status: 503,
      body: expect.stringContaining("run the stage site"),
    });
    mkdirSync(later);
    writeFileSync(join(later, "index.html"), "built");
    expect((await ask(other, "/health")).status).toBe(200);
    await stop(other);
  });
});
