// Do the directory and the bucket behave as one? The same suite over each.
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe} from "vitest";
import {hasMoto, type Moto, startMoto} from "./moto.ts";
import {conformance} from "./objectStoreConformance.ts";
import {type S3Server, startS3Server} from "./s3Server.ts";

// Memory where there is some: these are tests of order, not of the disk.
const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "volbook-store-"));
let serial = 0;

beforeAll(() => {
  process.env.VOLBOOK_CACHE = join(folder, "cache");
  process.env.AWS_ACCESS_KEY_ID = "test";
  process.env.AWS_SECRET_ACCESS_KEY = "secret-of-the-test";
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

describe("a directory", {timeout: 60_000}, () => {
  conformance({
    newRoot: () => join(folder, `lake-${serial++}`),
    rounds: 200,
    many: 2345,
    largeBytes: 33_000_001,
  });
});

describe("a bucket", {timeout: 60_000}, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
    process.env.AWS_ENDPOINT_URL_S3 = server.url;
  });
  afterAll(() => server.close());
  conformance({
    newRoot: () => `s3://${server.bucket}/lake-${serial++}`,
    rounds: 20,
    many: 1234,
    largeBytes: 33_000_001,
  });
});

describe.skipIf(!hasMoto)("a bucket of moto", {timeout: 120_000}, () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
    Object.assign(process.env, moto.variables);
  });
  afterAll(() => moto.stop());
  conformance({
    newRoot: () => `s3://${moto.bucket}/lake-${serial++}`,
    rounds: 10,
    many: 1010,
    largeBytes: 9_000_001,
  });
});
