// An object store that is a bucket: If-None-Match decides who creates an object; Parquet is read from a cache of files.
import {randomUUID} from "node:crypto";
import {setTimeout as wait} from "node:timers/promises";
import type {BucketRoot} from "./bucketRoot.ts";
import {concurrently} from "./concurrently.ts";
import {fileCache} from "./fileCache.ts";
import {checkKey} from "./objectKey.ts";
import type {ObjectStore} from "./objectStore.ts";
import {MINIMUM_RATE, readBody} from "./s3Body.ts";
import {CONCURRENT_REQUESTS, connectS3, type S3Connection} from "./s3Client.ts";
import {isMissing, s3Error, statusOf} from "./s3Error.ts";
import type {S3Settings} from "./s3Settings.ts";

/** An object that every bucket store creates and leaves: a second creation must be refused. */
const PROBE = "_conditional-writes";
const FEW = 4; // sizes of more objects than this come from a listing
const CONFLICT_WAIT_MS = 50;
const NOT_IMPLEMENTED = 501;

/** The objects below a prefix of a bucket. The first write asks whether the server honours If-None-Match. */
export function s3Store({bucket, prefix}: BucketRoot, settings: S3Settings): ObjectStore {
  const cache = fileCache(settings.cacheFolder, {bytes: settings.cacheBytes});
  const base = prefix === "" ? "" : `${prefix}/`;
  let probe: Promise<void> | undefined;

  function objectOf(key: string): {Bucket: string; Key: string} {
    checkKey(key);
    return {Bucket: bucket, Key: base + key};
  }

  async function ask<T>(what: string, request: (connection: S3Connection) => Promise<T>): Promise<T> {
    try {
      return await request(await connectS3(settings));
    } catch (error) {
      throw error instanceof RangeError ? error : s3Error(what, error, {bucket, settings});
    }
  }

  async function get(key: string): Promise<Uint8Array | undefined> {
    return ask(`read ${key}`, async ({sdk, client}) => {
      for (let attempt = 1; ; attempt++) {
        try {
          const {Body, ContentLength} = await client.send(new sdk.GetObjectCommand(objectOf(key)));
          return await readBody(Body, {length: ContentLength, timeoutMs: settings.timeoutMs});
        } catch (error) {
          if (isMissing(error)) return undefined;
          // The SDK tries a request again, but not once its answer has begun.
          if (!["BodyTimeout", "TruncatedBody"].includes((error as Error).name)) throw error;
          if (attempt === settings.attempts) throw error;
        }
      }
    });
  }

  async function listBelow(start: string): Promise<{key: string; size: number}[]> {
    return ask(`list ${start}`, async ({sdk, client}) => {
      const found: {key: string; size: number}[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: base + start,
            ...(token === undefined ? {} : {ContinuationToken: token}),
          }),
        );
        for (const {Key = "", Size = 0} of page.Contents ?? [])
          found.push({key: Key.slice(base.length), size: Size});
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    });
  }

  // What a creation leaves where the object is there already: whether this very call made it, its answer lost.
  async function create({sdk, client}: S3Connection, key: string, bytes: Uint8Array): Promise<boolean> {
    const call = randomUUID();
    for (let attempt = 1; ; attempt++) {
      try {
        const put = {...objectOf(key), Body: bytes, IfNoneMatch: "*", Metadata: {call}};
        await client.send(new sdk.PutObjectCommand(put), {requestTimeout: patience(bytes)});
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412) return (await callThatMade({sdk, client}, key)) === call;
        // Racing creations may all be told to try again.
        if (status !== 409 || attempt === settings.attempts) throw error;
        await wait(CONFLICT_WAIT_MS * attempt);
      }
    }
  }

  async function callThatMade({sdk, client}: S3Connection, key: string): Promise<string | undefined> {
    try {
      const {Metadata} = await client.send(new sdk.HeadObjectCommand(objectOf(key)));
      return Metadata?.call;
    } catch (error) {
      if (isMissing(error)) return undefined; // removed again by whoever made it
      throw error;
    }
  }

  async function probeOnce(connection: S3Connection): Promise<void> {
    const {sdk, client} = connection;
    try {
      if (!(await create(connection, PROBE, new Uint8Array()))) return;
      if (!(await create(connection, PROBE, new Uint8Array()))) return;
      await client.send(new sdk.DeleteObjectCommand(objectOf(PROBE)));
    } catch (error) {
      if (statusOf(error) !== NOT_IMPLEMENTED) throw error;
    }
    throw new RangeError(
      `Cannot write the bucket ${bucket}: its server does not honour If-None-Match, so of two runs at once both would believe they had committed. Choose a server that honours it, or a folder for DATA_DIR`,
    );
  }

  function patience(bytes: Uint8Array): number {
    return settings.timeoutMs + bytes.length / MINIMUM_RATE;
  }

  async function creating<T>(what: string, request: (connection: S3Connection) => Promise<T>): Promise<T> {
    return ask(what, async (connection) => {
      probe ??= probeOnce(connection);
      await probe.catch((error) => {
        probe = undefined;
        throw error;
      });
      return request(connection);
    });
  }

  return {
    get,
    async sizes(keys) {
      for (const key of keys) checkKey(key);
      const starts = keys.length > FEW ? [commonStart(keys)] : keys;
      const wanted = new Set(keys);
      const found = await Promise.all(starts.map(listBelow));
      return new Map(
        found.flat().flatMap(({key, size}): [string, number][] => (wanted.has(key) ? [[key, size]] : [])),
      );
    },
    async list(folder) {
      checkKey(folder);
      return listBelow(`${folder}/`);
    },
    async putIfAbsent(key, bytes) {
      return creating(`write ${key}`, (connection) => create(connection, key, bytes));
    },
    async putAllIfAbsent(objects) {
      await creating("write a batch of files", (connection) =>
        concurrently(objects, CONCURRENT_REQUESTS, ({key, bytes}) => create(connection, key, bytes)),
      );
    },
    async replace(key, bytes) {
      await ask(`write ${key}`, ({sdk, client}) =>
        client.send(new sdk.PutObjectCommand({...objectOf(key), Body: bytes}), {
          requestTimeout: patience(bytes),
        }),
      );
    },
    async remove(key) {
      await ask(`remove ${key}`, ({sdk, client}) => client.send(new sdk.DeleteObjectCommand(objectOf(key))));
    },
    async localFile(key, sha256) {
      checkKey(key);
      return cache.path(sha256, () => get(key));
    },
  };
}

function commonStart(keys: readonly string[]): string {
  let start = keys[0]!;
  for (const key of keys) while (!key.startsWith(start)) start = start.slice(0, -1);
  return start;
}
