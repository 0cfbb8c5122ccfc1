// Who speaks S3? Amazon's SDK, loaded when a bucket is first asked for anything: a run on a folder never waits for it.
import type {S3Client} from "@aws-sdk/client-s3";
import type {S3Settings} from "./s3Settings.ts";

export type S3Sdk = typeof import("@aws-sdk/client-s3");

export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
}

/** Requests a process has under way at once; more wait inside the store, where no time-out counts. */
export const CONCURRENT_REQUESTS = 32;

const DEFAULT_REGION = "us-east-1"; // where servers other than Amazon's usually are
const CONNECT_MS = 5000;
const connections = new Map<string, Promise<S3Connection>>();

/** The one connection of this process with these settings. */
export function connectS3(settings: S3Settings): Promise<S3Connection> {
  const name = JSON.stringify(settings);
  const known = connections.get(name) ?? open(settings);
  connections.set(name, known);
  return known;
}

async function open(settings: S3Settings): Promise<S3Connection> {
  const sdk = await import("@aws-sdk/client-s3");
  const client = createClient(sdk, settings);
  try {
    await client.config.region();
    return {sdk, client};
  } catch {
    return {sdk, client: createClient(sdk, {...settings, region: DEFAULT_REGION})};
  }
}

function createClient(
  {S3Client}: S3Sdk,
  {endpoint, pathStyle, region, attempts, timeoutMs}: S3Settings,
): S3Client {
  return new S3Client({
    ...(endpoint === undefined ? {} : {endpoint}),
    ...(region === undefined ? {} : {region}),
    forcePathStyle: pathStyle,
    followRegionRedirects: true,
    maxAttempts: attempts,
    expectContinueHeader: false, // a round trip more, and not every server knows it
    requestHandler: {
      connectionTimeout: Math.min(CONNECT_MS, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: {maxSockets: 2 * CONCURRENT_REQUESTS},
      httpsAgent: {maxSockets: 2 * CONCURRENT_REQUESTS},
      logger: {debug() {}, info() {}, warn() {}, error() {}}, // stderr is for the one line that says what failed
    },
  });
}
