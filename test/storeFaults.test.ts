// What does a bucket store do when its server, the network or the credentials fail? Try again, or say one clear line.
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {inspect} from "node:util";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {bucketRoot} from "../src/store/bucketRoot.ts";
import {fileCache} from "../src/store/fileCache.ts";
import {openLake} from "../src/store/lake.ts";
import {rootBelow} from "../src/store/lakeRoot.ts";
import type {ObjectStore} from "../src/store/objectStore.ts";
import {s3Settings} from "../src/store/s3Settings.ts";
import {s3Store} from "../src/store/s3Store.ts";
import {sha256} from "../src/store/sha256.ts";
import {daily, dailyTable} from "../src/store/testLake.ts";
import {type S3Fault, type S3Server, startS3Server} from "./s3Server.ts";

const KEY_ID = "AKIDOFTHETEST";
const SECRET = "secret-of-the-test";
const TOKEN = "token-of-the-test";
const bytes = Buffer.from("some bytes that matter, enough of them to be cut");

let folder: string;
let server: S3Server;
const saved = {...process.env};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "volbook-faults-"));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

beforeEach(async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: KEY_ID,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_SESSION_TOKEN: TOKEN,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(folder, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
  });
  server = await startS3Server({accessKey: KEY_ID});
});
afterEach(async () => {
  await server.close();
  for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
});

function open(url = server.url, more: Record<string, string> = {}, bucket = "lakes"): ObjectStore {
  const variables = {
    AWS_ENDPOINT_URL_S3: url,
    AWS_MAX_ATTEMPTS: "3",
    S3_TIMEOUT_SECONDS: "0.3",
    VOLBOOK_CACHE: join(folder, "cache"),
    ...more,
  };
  return s3Store({bucket, prefix: "sample"}, s3Settings(variables));
}

/** Every line a caller could print of a failure. */
async function failureOf(doing: Promise<unknown>): Promise<string> {
  const error = await doing.then(
    () => expect.unreachable("it should have failed"),
    (reason) => reason as Error,
  );
  const everything = inspect(error, {depth: 10, showHidden: true, getters: true});
  for (const secret of [KEY_ID, SECRET, TOKEN, "Signature="]) expect(everything).not.toContain(secret);
  expect(error.message).not.toContain("\n");
  return error.message;
}

const passing: readonly (readonly [string, S3Fault])[] = [
  ["a 500", {status: 500, code: "InternalError"}],
  ["a 503", {status: 503, code: "SlowDown"}],
  ["no answer", {hang: true}],
  ["a lost connection", {lose: "before"}],
];

describe("a server that fails and recovers", {timeout: 30_000}, () => {
  it.each(passing)("with %s is asked again, for every operation", async (_, fault) => {
    const store = open();
    server.fault = ({count}) => (count === 1 ? fault : undefined);
    expect(await store.putIfAbsent("a/one", bytes)).toBe(true);
    await store.putAllIfAbsent([{key: "a/two", bytes}]);
    await store.replace("a/three", bytes);
    expect(await store.get("a/one")).toEqual(bytes);
    expect((await store.list("a")).map(({key}) => key)).toEqual(["a/one", "a/three", "a/two"]);
    await store.remove("a/two");
    expect((await store.sizes(["a/one", "a/two"])).size).toBe(1);
  });

  it.each<[string, S3Fault]>([
    ["an answer that breaks off", {truncateTo: 10}],
    ["an answer of unknown length that breaks off", {truncateTo: 10, announced: false}],
    ["an answer that trickles", {millisecondsAByte: 100}],
  ])("with %s is asked again and never believed", async (_, fault) => {
    const store = open();
    await store.replace("a/one", bytes);
    server.fault = ({method, count}) => (method === "GET" && count < 3 ? fault : undefined);
    expect(await store.get("a/one")).toEqual(bytes);
    server.fault = ({method}) => (method === "GET" ? fault : undefined);
    expect(await failureOf(store.get("a/one"))).toMatch(
      /^Cannot read a\/one in the bucket lakes: 127\.0\.0\.1:\d+ (broke off its answer in 3 attempts; run again later|did not answer within 0\.3 s .*S3_TIMEOUT_SECONDS)$/,
    );
  });

  it.each<[string, S3Fault]>([
    ["the connection broke", {lose: "after"}],
    ["a gateway said 502", {status: 502, code: "BadGateway", applied: true}],
  ])("knows its own creation again where %s after the server had made it", async (_, fault) => {
    const [store, other] = [open(), open()];
    await store.putIfAbsent("warm-up", bytes);
    server.fault = ({method, key, count}) =>
      method === "PUT" && key.endsWith("commit") && count === 1 ? fault : undefined;
    expect(await store.putIfAbsent("commit", bytes)).toBe(true);
    expect(await other.putIfAbsent("commit", bytes)).toBe(false);
  });

  it("told to try a racing creation again does so", async () => {
    const store = open();
    server.fault = ({method, count}) =>
      method === "PUT" && count < 3 ? {status: 409, code: "ConditionalRequestConflict"} : undefined;
    expect(await store.putIfAbsent("commit", bytes)).toBe(true);
  });

  it("in the middle of a batch leaves a commit that is whole or not there", async () => {
    const table = dailyTable(
      19_700,
      Array.from({length: 60}, (_, i) => i),
    );
    const lake = openLake({store: open(), contracts: [daily]});
    const options = {committedAt: "2024-01-08T22:00:00.000Z", run: "test", inputs: {}};
    server.fault = ({method, key}) =>
      method === "PUT" && key.includes("date=2024-01-0") ? {status: 500, code: "InternalError"} : undefined;
    expect(await failureOf(lake.append("daily", table, options))).toMatch(
      /^Cannot write a batch of files in the bucket lakes: .* failed with 500 InternalError in 3 attempts; run again later$/,
    );
    server.fault = () => undefined;
    expect((await lake.read("daily")).rows).toBe(0);
    expect([...server.objects.keys()].filter((key) => !key.includes("conditional-writes"))).toEqual([]);
    await lake.append("daily", table, options);
    expect(await lake.read("daily")).toEqual(table);
    expect(await lake.verify()).toEqual([]);
  });
});

describe("a failure that stays", {timeout: 30_000}, () => {
  it.each<[string, S3Fault, RegExp]>([
    [
      "errors",
      {status: 500, code: "InternalError"},
      /failed with 500 InternalError in 3 attempts; run again later$/,
    ],
    [
      "silence",
      {hang: true},
      /did not answer within 0\.3 s in 3 attempts; run again later, or set S3_TIMEOUT_SECONDS$/,
    ],
    [
      "denial",
      {status: 403, code: "AccessDenied"},
      /: access is denied; the credentials need s3:ListBucket on the bucket and/,
    ],
    [
      "expiry",
      {status: 400, code: "ExpiredToken"},
      /refuses the credentials \(ExpiredToken\); renew or correct them$/,
    ],
    [
      "a wrong clock",
      {status: 403, code: "RequestTimeTooSkewed"},
      /refuses the request's time; correct this machine's clock$/,
    ],
    [
      "another region",
      {status: 400, code: "AuthorizationHeaderMalformed"},
      /another region .*; set AWS_REGION to the bucket's$/,
    ],
    ["anything else", {status: 418, code: "Teapot"}, /127\.0\.0\.1:\d+ answered 418 Teapot$/],
  ])("%s: one line says what, where and the remedy", async (_, fault, remedy) => {
    server.fault = () => fault;
    const store = open();
    for (const [what, doing] of [
      ["read a/one", () => store.get("a/one")],
      ["write a/one", () => store.putIfAbsent("a/one", bytes)],
      ["write a/one", () => store.replace("a/one", bytes)],
      ["write a batch of files", () => store.putAllIfAbsent([{key: "a/one", bytes}])],
      ["list a/", () => store.list("a")],
      ["remove a/one", () => store.remove("a/one")],
    ] as const) {
      const message = await failureOf(doing());
      expect(message).toMatch(new RegExp(`^Cannot ${what} in the bucket lakes: `));
      expect(message).toMatch(remedy);
    }
  });

  it("a bucket that is missing, a server that is not there, keys it does not know", async () => {
    expect(await failureOf(open(server.url, {}, "other").get("a"))).toMatch(
      /^Cannot read a in the bucket other: 127\.0\.0\.1:\d+ has no bucket other; create it, or correct DATA_DIR/,
    );
    expect(await failureOf(open("http://127.0.0.1:1").list("a"))).toMatch(
      /127\.0\.0\.1:1 cannot be reached in 3 attempts \(ECONNREFUSED\); check the network, AWS_ENDPOINT_URL_S3/,
    );
    process.env.AWS_ACCESS_KEY_ID = "AKIDUNKNOWN";
    expect(await failureOf(open(server.url, {AWS_MAX_ATTEMPTS: "2"}).list("a"))).toMatch(
      /refuses the credentials \(InvalidAccessKeyId\)/,
    );
  });

  it("no credentials at all", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
      delete process.env[name];
    expect(await failureOf(open(server.url, {AWS_MAX_ATTEMPTS: "1"}).get("a"))).toMatch(
      /: there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE/,
    );
  });

  it("a name and password in the endpoint stay out of the message", async () => {
    const store = open(`http://${KEY_ID}:${SECRET}@127.0.0.1:1`);
    expect(await failureOf(store.get("a"))).toMatch(/127\.0\.0\.1:1 cannot be reached/);
  });
});

describe("a server that does not honour If-None-Match", () => {
  const refusal =
    /^Cannot write the bucket lakes: its server does not honour If-None-Match, so of two runs at once both would believe they had committed\. Choose a server that honours it, or a folder for DATA_DIR$/;

  it("is found out by the first creation, before it is done", async () => {
    const careless = await startS3Server({accessKey: KEY_ID, ignoresIfNoneMatch: true});
    try {
      const store = open(careless.url);
      for (let i = 0; i < 2; i++) expect(await failureOf(store.putIfAbsent("a", bytes))).toMatch(refusal);
      expect(await failureOf(store.putAllIfAbsent([{key: "a", bytes}]))).toMatch(refusal);
      expect([...careless.objects.keys()]).toEqual([]);
      expect(await store.get("a")).toBeUndefined(); // it can be read
    } finally {
      await careless.close();
    }
  });

  it("is found out where it does not know the header", async () => {
    server.fault = ({method}) => (method === "PUT" ? {status: 501, code: "NotImplemented"} : undefined);
    expect(await failureOf(open().putIfAbsent("a", bytes))).toMatch(refusal);
  });

  it("is asked once, with one small object that stays", async () => {
    const asked = () => server.requests.filter(({key}) => key.includes("conditional-writes")).length;
    const store = open();
    for (const key of ["a", "b", "c"]) await store.putIfAbsent(key, bytes);
    expect(asked()).toBe(3); // created, refused, and asked whose it is
    await open().putIfAbsent("d", bytes);
    expect(asked()).toBe(5); // refused at once
    expect(server.objects.get("sample/_conditional-writes")?.bytes).toHaveLength(0);
  });
});

describe("fileCache()", () => {
  it("asks for an object once, and again where the file was damaged", async () => {
    const store = open(server.url, {VOLBOOK_CACHE: join(folder, "damaged")});
    await store.replace("a", bytes);
    const gets = () => server.requests.filter(({method}) => method === "GET").length;
    const path = (await store.localFile("a", sha256(bytes)))!;
    expect(await store.localFile("a", sha256(bytes))).toBe(path);
    expect(gets()).toBe(1);
    writeFileSync(path, "other bytes");
    expect(await store.localFile("a", sha256(bytes))).toBe(path);
    expect(gets()).toBe(2);
  });

  it("keeps its size, the files used last, and none of others' in reach", async () => {
    const place = join(folder, "bounded");
    mkdirSync(place);
    const old = new Date(Date.now() - 86_400_000);
    const fill = (name: string, used: Date) => {
      writeFileSync(join(place, name), new Uint8Array(1000));
      utimesSync(join(place, name), used, used);
    };
    fill("oldest", new Date(old.getTime() - 1000));
    fill("old", old);
    fill("fresh", new Date());
    const cache = fileCache(place, {bytes: 2500});
    const path = await cache.path(sha256(bytes), async () => bytes);
    expect(readdirSync(place).sort()).toEqual(["fresh", "old", `${sha256(bytes)}.parquet`].sort());
    expect(existsSync(path!)).toBe(true);
    expect(await cache.path(sha256("x"), async () => bytes)).toBeUndefined();
    await expect(
      fileCache(join(path!, "not a folder"), {bytes: 1}).path(sha256("x"), async () => bytes),
    ).rejects.toThrow(/^Cannot keep files in the cache .*Name another folder with VOLBOOK_CACHE$/);
  });
});

describe("settings of a bucket", () => {
  it("refuse what makes no sense, naming the variable", () => {
    expect(() => s3Settings({AWS_ENDPOINT_URL_S3: "localhost:9000"})).toThrow(
      /AWS_ENDPOINT_URL_S3: it must be/,
    );
    expect(() => s3Settings({S3_PATH_STYLE: "yes"})).toThrow(/S3_PATH_STYLE=yes: it must be true or false/);
    expect(() => s3Settings({S3_TIMEOUT_SECONDS: "0"})).toThrow(/S3_TIMEOUT_SECONDS=0: it must be a number/);
    expect(() => s3Settings({VOLBOOK_CACHE_MB: "much"})).toThrow(/VOLBOOK_CACHE_MB=much/);
    expect(() => bucketRoot("s3:///x")).toThrow(/DATA_DIR=s3:\/\/\/x: "" is not a bucket's name/);
    expect(() => bucketRoot("s3://UPPER/x")).toThrow(/is not a bucket's name/);
  });

  it("default to Amazon's hosts without an endpoint, and to paths with one", () => {
    expect(s3Settings({})).toMatchObject({endpoint: undefined, pathStyle: false, attempts: 5});
    expect(s3Settings({AWS_ENDPOINT_URL: "http://localhost:9000"})).toMatchObject({pathStyle: true});
    expect(s3Settings({AWS_ENDPOINT_URL_S3: "", S3_PATH_STYLE: "true"})).toMatchObject({pathStyle: true});
    expect(bucketRoot("data")).toBeUndefined();
    expect(bucketRoot("s3://lakes//a/b/")).toEqual({bucket: "lakes", prefix: "a/b"});
    expect(rootBelow("s3://lakes/a/", "csv", "vintages")).toBe("s3://lakes/a/csv/vintages");
    expect(rootBelow("data", "csv")).toBe(join("data", "csv"));
  });
});
