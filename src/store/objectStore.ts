// Where do bytes live? Under keys such as raw.market/date=2024-03-28/0f3a.parquet, in a directory or a bucket.

export interface StoredObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** The whole need of the lake. Keys use "/" and never "..". */
export interface ObjectStore {
  /** The object's bytes, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** The object's size in bytes, or undefined where there is none. */
  size(key: string): Promise<number | undefined>;
  /** Keys with their sizes under a prefix, sorted. */
  list(prefix: string): Promise<{readonly key: string; readonly size: number}[]>;
  /**
   * Creates an object that is complete and durable once this returns; of several racing writers one gets true.
   * An existing object is never changed.
   */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
  /** putIfAbsent for many objects, durable together; those that exist already are left as they are. */
  putAllIfAbsent(objects: Iterable<StoredObject>): Promise<void>;
  /** Replaces a derived object (a manifest, a snapshot) whole: a reader sees the old or the new bytes. */
  replace(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes an object that no commit names. */
  remove(key: string): Promise<void>;
  /** A path on this machine that holds the object's bytes, for readers that need a file. */
  localPath(key: string): Promise<string>;
}
