// How is one request made to Yahoo, and what exactly went wrong where it fails?

/** Why a request failed, and whether trying again may help. */
export class YahooFailure extends Error {
  readonly retryable: boolean;
  /** HTTP status; NaN where there was none. */
  readonly status: number;
  /** Seconds Yahoo asks to wait; NaN where it says nothing. */
  readonly retryAfter: number;

  constructor(
    message: string,
    options: {retryable: boolean; status?: number; retryAfter?: number; cause?: unknown},
  ) {
    super(message, {cause: options.cause});
    this.name = "YahooFailure";
    this.retryable = options.retryable;
    this.status = options.status ?? Number.NaN;
    this.retryAfter = options.retryAfter ?? Number.NaN;
  }
}

export interface RequestOptions {
  readonly fetch: typeof fetch;
  /** Scheme, host and port that stand in for Yahoo's. */
  readonly baseUrl?: string;
  /** For one request, connection and body together. */
  readonly timeoutMs: number;
}

/**
 * A `fetch` that reads the whole body within the time-out and returns only complete, good JSON.
 *
 * The client library drops the status of most failures and the Retry-After header, and prints the URL:
 * so failures are told apart here, before it sees them.
 *
 * @throws {YahooFailure} from the returned function, for everything else
 */
export function strictFetch({fetch: send, baseUrl, timeoutMs}: RequestOptions): typeof fetch {
  return async (input, init) => {
    const url = atBase(String(input), baseUrl);
    let response: Response;
    let text: string;
    try {
      response = await send(url, {...init, signal: AbortSignal.timeout(timeoutMs)});
      text = await response.text();
    } catch (error) {
      throw new YahooFailure(networkReason(error, {url, timeoutMs}), {retryable: true, cause: error});
    }
    if (!response.ok) throw statusFailure(response, text);
    if (!isJson(text)) {
      const start = JSON.stringify(text.slice(0, 60));
      throw new YahooFailure(`its answer is not JSON (${text.length} characters, starting ${start})`, {
        retryable: true,
      });
    }
    return new Response(text, {status: response.status, headers: response.headers});
  };
}

function atBase(url: string, baseUrl: string | undefined): string {
  const {pathname, search} = new URL(url);
  return baseUrl ? new URL(pathname + search, baseUrl).href : url;
}

function statusFailure(response: Response, text: string): YahooFailure {
  const {status} = response;
  const said = description(text) ?? response.statusText;
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500; // 999 is Yahoo's "denied"
  return new YahooFailure(said ? `${status} ${said}` : String(status), {
    retryable,
    status,
    retryAfter: retryAfterSeconds(response.headers),
  });
}

// {"chart":{"result":null,"error":{"code":"Not Found","description":"No data found, symbol may be delisted"}}}
function description(text: string): string | undefined {
  return /"description"\s*:\s*"([^"]{1,200})"/.exec(text)?.[1];
}

function retryAfterSeconds(headers: Headers): number {
  const value = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  return (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000; // by the server's own clock
}

function networkReason(error: unknown, {url, timeoutMs}: {url: string; timeoutMs: number}): string {
  const {host} = new URL(url);
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `no complete answer from ${host} within ${timeoutMs / 1000} s`;
  }
  // Node hides the reason: TypeError "fetch failed" or "terminated", caused by the socket's own error.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return `${code ?? (cause instanceof Error ? cause.message : String(cause))} (${host})`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
