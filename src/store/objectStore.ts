// Where do bytes live? Under keys such as raw.market/date=2024-03-28/0f3a.parquet, in a directory or a bucket.

export interface StoredObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** The whole need of the lake. Keys are what `checkKey` admits; what is done is seen by whoever looks afterwards. */
export interface ObjectStore {
  /** The object's bytes, or undefined where there is none. Never a part of them. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Sizes in bytes of the objects among these keys that exist. */
  sizes(keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Keys with their sizes in a folder and the folders below it, sorted. */
  list(folder: string): Promise<{readonly key: string; readonly size: number}[]>;
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
  /**
   * A file on this machine with the object's bytes, for readers that need a file; undefined where there is no object,
   * or one whose bytes do not have this SHA-256 (hexadecimal).
   */
  localFile(key: string, sha256: string): Promise<string | undefined>;
}
