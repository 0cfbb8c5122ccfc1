// Does a root such as DATA_DIR name a bucket?

const SCHEME = "s3://";

export interface BucketRoot {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

/** The bucket and prefix of an s3:// root; undefined for a folder. */
export function bucketRoot(root: string): BucketRoot | undefined {
  if (!root.startsWith(SCHEME)) return undefined;
  const [bucket = "", ...names] = root.slice(SCHEME.length).split("/");
  const prefix = names.filter((name) => name !== "").join("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new RangeError(
      `Cannot use DATA_DIR=${root}: ${JSON.stringify(bucket)} is not a bucket's name; write s3://bucket or s3://bucket/prefix`,
    );
  }
  return {bucket, prefix};
}
