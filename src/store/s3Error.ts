// What went wrong with a bucket, in one line that names the remedy and never a credential?
import type {BucketRoot} from "./bucketRoot.ts";
import type {S3Settings} from "./s3Settings.ts";

/** What the SDK and Node say of a failure. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: {readonly httpStatusCode?: number; readonly attempts?: number};
}

/**
 * The failure of a request in words. The SDK's own error is not kept as the cause: it carries the request.
 *
 * @param what such as "read raw.market/_manifest.json"
 */
export function s3Error(
  what: string,
  failure: unknown,
  {bucket, settings}: Pick<BucketRoot, "bucket"> & {readonly settings: S3Settings},
): Error {
  const known = failure as Failure;
  const remedy = remedyOf(known, {bucket, settings});
  return Object.assign(new Error(`Cannot ${what} in the bucket ${bucket}: ${remedy}`), {
    name: "S3Error",
    code: known.name ?? known.code,
  });
}

/** The HTTP status of the answer; undefined where there was none. */
export function statusOf(failure: unknown): number | undefined {
  return (failure as Failure).$metadata?.httpStatusCode;
}

/** Whether the answer says that there is no such object, and not that there is no such bucket. */
export function isMissing(failure: unknown): boolean {
  const {name} = failure as Failure;
  return name === "NoSuchKey" || (statusOf(failure) === 404 && name !== "NoSuchBucket");
}

function remedyOf(
  failure: Failure,
  {bucket, settings}: {readonly bucket: string; readonly settings: S3Settings},
): string {
  const {name = "Error", code, $metadata = {}} = failure;
  const {httpStatusCode: status, attempts = settings.attempts} = $metadata;
  const server = settings.endpoint === undefined ? "S3" : new URL(settings.endpoint).host;
  const tries = `in ${attempts} attempt${attempts === 1 ? "" : "s"}`;
  if (name === "NoSuchBucket")
    return `${server} has no bucket ${bucket}; create it, or correct DATA_DIR or AWS_ENDPOINT_URL_S3`;
  if (/Credential/.test(name) || name === "TokenProviderError")
    return "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role gives them";
  if (name === "RequestTimeTooSkewed")
    return `${server} refuses the request's time; correct this machine's clock`;
  if (/InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired/.test(name))
    return `${server} refuses the credentials (${name}); renew or correct them`;
  if (/PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint/.test(name))
    return `it is in another region (${name}); set AWS_REGION to the bucket's`;
  if (status === 403 || name === "AccessDenied")
    return "access is denied; the credentials need s3:ListBucket on the bucket and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects";
  if (name === "TimeoutError" || code === "ETIMEDOUT" || name === "BodyTimeout")
    return `${server} did not answer within ${settings.timeoutMs / 1000} s ${tries}; run again later, or set S3_TIMEOUT_SECONDS`;
  if (name === "TruncatedBody") return `${server} broke off its answer ${tries}; run again later`;
  if (status !== undefined && (status >= 500 || status === 429))
    return `${server} failed with ${status} ${name} ${tries}; run again later`;
  if (status !== undefined) return `${server} answered ${status} ${name}`;
  return `${server} cannot be reached ${tries} (${code ?? name}); check the network, AWS_ENDPOINT_URL_S3 and AWS_REGION`;
}
