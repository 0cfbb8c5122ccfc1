// How is a bucket reached? What the SDK's own chain does not know, from the environment.

export interface S3Settings {
  /** The URL of a server other than Amazon's; undefined for Amazon's. */
  readonly endpoint: string | undefined;
  /** The bucket in the path and not in the host's name, as servers other than Amazon's want it. */
  readonly pathStyle: boolean;
  /** undefined leaves it to the SDK's chain, and to us-east-1 where that knows none. */
  readonly region: string | undefined;
  /** Of a request, the first one included. */
  readonly attempts: number;
  /** Until an answer begins; a body may take a second more for each 64 KiB. */
  readonly timeoutMs: number;
  readonly cacheFolder: string | undefined;
  readonly cacheBytes: number;
}

/**
 * The settings that the variables describe; an empty variable is an absent one. Credentials are not among them: the
 * SDK finds them.
 *
 * @throws {RangeError} naming the variable, its value and what is allowed
 */
export function s3Settings(variables: Readonly<Record<string, string | undefined>>): S3Settings {
  const given = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const number = (name: string, otherwise: number): number => {
    const value = Number(given(name) ?? otherwise);
    if (value > 0 && value < 1e6) return value;
    throw new RangeError(`Cannot use ${name}=${given(name)}: it must be a number above 0 and below 1000000`);
  };
  const endpoint = given("AWS_ENDPOINT_URL_S3") ?? given("AWS_ENDPOINT_URL");
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) {
    throw new RangeError("Cannot use AWS_ENDPOINT_URL_S3: it must be a URL such as http://127.0.0.1:9000");
  }
  const style = given("S3_PATH_STYLE") ?? (endpoint === undefined ? "false" : "true");
  if (style !== "true" && style !== "false") {
    throw new RangeError(`Cannot use S3_PATH_STYLE=${style}: it must be true or false`);
  }
  return {
    endpoint,
    pathStyle: style === "true",
    region: given("AWS_REGION") ?? given("AWS_DEFAULT_REGION"),
    attempts: Math.ceil(number("AWS_MAX_ATTEMPTS", 5)),
    timeoutMs: 1000 * number("S3_TIMEOUT_SECONDS", 30),
    cacheFolder: given("VOLBOOK_CACHE"),
    cacheBytes: 2 ** 20 * number("VOLBOOK_CACHE_MB", 2048),
  };
}
