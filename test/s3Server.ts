// A small S3 server for tests that misbehaves on request. It keeps objects in memory and checks no signature.
import {createHash} from "node:crypto";
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";

export interface S3Request {
  readonly method: string;
  readonly key: string;
  /** How many requests of this method came for this key, this one included. */
  readonly count: number;
}

/** What a request gets in place of a proper answer. */
export type S3Fault =
  | {readonly status: number; readonly code: string; readonly applied?: boolean}
  | {readonly hang: true}
  | {readonly lose: "before" | "after"} // the connection breaks before or after the request had its effect
  | {readonly truncateTo: number; readonly announced?: boolean}
  | {readonly millisecondsAByte: number};

export interface S3Server {
  readonly url: string;
  readonly bucket: string;
  readonly objects: Map<string, S3Object>;
  readonly requests: S3Request[];
  fault: (request: S3Request) => S3Fault | undefined;
  close(): Promise<void>;
}

interface S3Object {
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Starts a server with one bucket, on a free port of the loopback. */
export async function startS3Server({
  ignoresIfNoneMatch = false,
  pageSize = 1000,
  accessKey = "test",
} = {}): Promise<S3Server> {
  const bucket = "lakes";
  const objects = new Map<string, S3Object>();
  const requests: S3Request[] = [];
  const counts = new Map<string, number>();
  const server = createServer(async (incoming, answer) => {
    const body = await bodyOf(incoming);
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const [, name = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
    const {method = ""} = incoming;
    const key = rest.join("/");
    const count = (counts.get(`${method} ${key}`) ?? 0) + 1;
    counts.set(`${method} ${key}`, count);
    const request = {method, key, count};
    requests.push(request);
    const fault = state.fault(request);
    const drop = (): void => void incoming.socket.destroy();
    if (fault && "hang" in fault) return;
    if (fault && "lose" in fault && fault.lose === "before") return drop();
    if (fault && "status" in fault && !fault.applied) return sendError(answer, fault);
    if (!incoming.headers.authorization?.includes(`Credential=${accessKey}/`))
      return sendError(answer, {status: 403, code: "InvalidAccessKeyId"});
    if (name !== bucket) return sendError(answer, {status: 404, code: "NoSuchBucket"});
    const reply = act(request, {incoming, url, body});
    if (fault && "lose" in fault) return drop();
    if (fault && "status" in fault) return sendError(answer, fault);
    await send(answer, reply, fault);
  });

  function act(
    {method, key}: S3Request,
    {incoming, url, body}: {incoming: IncomingMessage; url: URL; body: Buffer},
  ): Reply {
    const found = objects.get(key);
    if (key === "") return {status: 200, bytes: Buffer.from(listing(url.searchParams))};
    if (method === "PUT") {
      if (incoming.headers["if-none-match"] === "*" && found && !ignoresIfNoneMatch)
        return {status: 412, code: "PreconditionFailed"};
      objects.set(key, {bytes: body, metadata: metadataOf(incoming)});
      return {status: 200, headers: {etag: etagOf(body)}};
    }
    if (method === "DELETE") {
      objects.delete(key);
      return {status: 204};
    }
    if (!found) return {status: 404, code: "NoSuchKey"};
    const headers = {...found.metadata, etag: etagOf(found.bytes)};
    return {status: 200, headers, bytes: found.bytes, isHead: method === "HEAD"};
  }

  function listing(query: URLSearchParams): string {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token") ?? "";
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, pageSize);
    const contents = page.map((key) => {
      const {bytes} = objects.get(key)!;
      return `<Contents><Key>${escapeXml(key)}</Key><Size>${bytes.length}</Size><ETag>${etagOf(bytes)}</ETag></Contents>`;
    });
    const more = keys.length > page.length;
    const next = more ? `<NextContinuationToken>${escapeXml(page.at(-1)!)}</NextContinuationToken>` : "";
    return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`;
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const state: S3Server = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    objects,
    requests,
    fault: () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

interface Reply {
  readonly status: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytes?: Buffer;
  readonly isHead?: boolean;
}

async function send(answer: ServerResponse, reply: Reply, fault: S3Fault | undefined): Promise<void> {
  const {status, code, headers = {}, bytes = Buffer.alloc(0), isHead = false} = reply;
  if (code !== undefined) return sendError(answer, {status, code});
  if (fault && "truncateTo" in fault) {
    if (fault.announced !== false) answer.writeHead(status, {...headers, "content-length": bytes.length});
    else answer.writeHead(status, headers);
    answer.write(bytes.subarray(0, fault.truncateTo), () => answer.destroy());
    return;
  }
  answer.writeHead(status, {...headers, "content-length": bytes.length});
  if (isHead || !fault || !("millisecondsAByte" in fault)) return void answer.end(isHead ? undefined : bytes);
  for (const byte of bytes) {
    if (answer.destroyed) return;
    answer.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, fault.millisecondsAByte));
  }
  answer.end();
}

function sendError(answer: ServerResponse, {status, code}: {status: number; code: string}): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  answer.writeHead(status, {"content-type": "application/xml", "content-length": Buffer.byteLength(text)});
  answer.end(text);
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function metadataOf(incoming: IncomingMessage): Record<string, string> {
  const entries = Object.entries(incoming.headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
