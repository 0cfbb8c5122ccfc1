// moto's S3 server for tests, where this machine has it.
import {type ChildProcess, execFileSync, spawn} from "node:child_process";
import type {AddressInfo} from "node:net";
import {createServer} from "node:net";
import {setTimeout as wait} from "node:timers/promises";
import {fileURLToPath} from "node:url";
import {CreateBucketCommand, S3Client} from "@aws-sdk/client-s3";

const START_MS = 60_000;
const ONE_AT_A_TIME = fileURLToPath(new URL("./motoSerial", import.meta.url));

/** Why these tests are skipped where they are. */
export const hasMoto = ((): boolean => {
  try {
    execFileSync("moto_server", ["--help"], {stdio: "ignore"});
    return true;
  } catch {
    return false;
  }
})();

export interface Moto {
  readonly url: string;
  readonly bucket: string;
  /** What a program needs to reach it. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts moto with one bucket, on a free port of the loopback. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
    env: {...process.env, PYTHONPATH: ONE_AT_A_TIME},
  });
  const variables = {
    AWS_ENDPOINT_URL_S3: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "secret-of-the-test",
  };
  const bucket = "lakes";
  await createBucket(child, {url, bucket});
  return {
    url,
    bucket,
    variables,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}

async function createBucket(
  child: ChildProcess,
  {url, bucket}: {readonly url: string; readonly bucket: string},
): Promise<void> {
  const client = new S3Client({
    endpoint: url,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {accessKeyId: "test", secretAccessKey: "secret-of-the-test"},
  });
  const started = performance.now();
  for (;;) {
    try {
      await client.send(new CreateBucketCommand({Bucket: bucket}));
      return;
    } catch (error) {
      if (child.exitCode !== null || performance.now() - started > START_MS) throw error;
      await wait(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
