// Which MLflow server is told of the registry? The variables that MLflow's own client reads say so.

/** What the environment says of MLflow, as it says it. */
export interface MlflowVariables {
  readonly uri: string;
  readonly experiment: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
}

/** An HTTP server, and how it is told who asks. */
export interface MlflowSettings {
  /** Without credentials and without a final slash: it may be logged. */
  readonly address: string;
  readonly experiment: string;
  /** The Authorization header; never logged. */
  readonly authorization: string | undefined;
}

/** The variables of MLflow; undefined where MLFLOW_TRACKING_URI is not set. */
export function mlflowVariables(given: (name: string) => string | undefined): MlflowVariables | undefined {
  const uri = given("MLFLOW_TRACKING_URI");
  if (uri === undefined) return undefined;
  return {
    uri,
    experiment: given("MLFLOW_EXPERIMENT_NAME") ?? "volbook",
    username: given("MLFLOW_TRACKING_USERNAME"),
    password: given("MLFLOW_TRACKING_PASSWORD"),
    token: given("MLFLOW_TRACKING_TOKEN"),
  };
}

/**
 * The server that the variables describe. A user and password wins over a token, as with MLflow's own client; both may
 * stand in the address too.
 *
 * @throws {RangeError} if it is not an HTTP server: MLflow's other stores are for its own client
 */
export function mlflowSettings({
  uri,
  experiment,
  username,
  password,
  token,
}: MlflowVariables): MlflowSettings {
  const address = URL.parse(uri);
  if (!address || !["http:", "https:"].includes(address.protocol)) {
    const kind = /^[a-z][a-z0-9+.-]*:/i.exec(uri)?.[0] ?? "an address without a scheme";
    throw new RangeError(
      `Cannot use MLFLOW_TRACKING_URI, which begins with ${kind} and must begin with http:// or https://`,
    );
  }
  const user = username ?? decodeURIComponent(address.username);
  const secret = password ?? decodeURIComponent(address.password);
  const basic = user === "" ? undefined : `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  return {
    address: `${address.origin}${address.pathname.replace(/\/+$/, "")}`,
    experiment,
    authorization: basic ?? (token === undefined ? undefined : `Bearer ${token}`),
  };
}
