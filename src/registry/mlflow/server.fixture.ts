// What do tests of the MLflow client talk to? A local server that answers, and refuses, as MLflow's documentation and
// its mlflow/utils/validation.py say the real one does.
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";

interface Entry {
  readonly key: string;
  readonly value: string;
}

interface Run {
  readonly id: string;
  readonly experiment: string;
  readonly artifactUri: string;
  status: string;
  readonly params: Map<string, string>;
  readonly metrics: Map<string, number>;
  readonly tags: Map<string, string>;
}

interface Version {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly run_id: string;
  readonly tags: Map<string, string>;
}

/** What the next matching requests meet instead of an answer. */
export interface Fault {
  /** Of "POST runs/create". */
  readonly at: RegExp;
  readonly times: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Done, but the answer is lost. */
  readonly losesAnswer?: boolean;
  /** Never answered. */
  readonly hangs?: boolean;
}

export interface FakeMlflow {
  readonly uri: string;
  readonly requests: string[];
  readonly authorizations: Set<string | undefined>;
  readonly experiments: Map<string, {readonly id: string; isDeleted: boolean}>;
  readonly runs: Run[];
  readonly versions: Version[];
  readonly aliases: Map<string, string>; // "name alias" -> version
  readonly files: Map<string, Buffer>;
  fail(fault: Fault): void;
  close(): Promise<void>;
}

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const invalid = (message: string): Refusal => new Refusal(400, "INVALID_PARAMETER_VALUE", message);
const exists = (what: string): Refusal =>
  new Refusal(400, "RESOURCE_ALREADY_EXISTS", `${what} already exists.`);
const missing = (what: string): Refusal =>
  new Refusal(404, "RESOURCE_DOES_NOT_EXIST", `${what} does not exist.`);

/** @param artifactRoot where runs keep artifacts; mlflow-artifacts: is the server's own proxy */
export async function startFakeMlflow({
  artifactRoot = "mlflow-artifacts:",
  pageSize = 1000,
} = {}): Promise<FakeMlflow> {
  const faults: (Fault & {left: number})[] = [];
  const requests: string[] = [];
  const authorizations = new Set<string | undefined>();
  const experiments = new Map<string, {readonly id: string; isDeleted: boolean}>();
  const runs: Run[] = [];
  const models = new Set<string>();
  const versions: Version[] = [];
  const aliases = new Map<string, string>();
  const files = new Map<string, Buffer>();

  type Handler = (body: Record<string, never> & Record<string, unknown>) => unknown;
  const text = (value: unknown): string => String(value ?? "");
  const entries = (value: unknown): Entry[] => (value ?? []) as Entry[];
  const runOf = (id: unknown): Run => {
    const run = runs.find((candidate) => candidate.id === id);
    if (!run) throw missing(`Run with id=${id}`);
    return run;
  };
  const shown = ({name, version, source, run_id, tags}: Version) => ({
    name,
    version,
    source,
    run_id,
    tags: [...tags].map(([key, value]) => ({key, value})),
  });
  const versionOf = (name: unknown, version: unknown): Version => {
    const found = versions.find((candidate) => candidate.name === name && candidate.version === version);
    if (!found) throw missing(`Model Version (name=${name}, version=${version})`);
    return found;
  };

  const handlers: Readonly<Record<string, Handler>> = {
    "GET experiments/get-by-name"({experiment_name}) {
      const found = experiments.get(text(experiment_name));
      if (!found) throw missing(`Could not find experiment with name '${experiment_name}', it`);
      return {experiment: {experiment_id: found.id, lifecycle_stage: found.isDeleted ? "deleted" : "active"}};
    },
    "POST experiments/create"({name}) {
      if (experiments.has(text(name))) throw exists(`Experiment '${name}'`);
      const id = String(experiments.size + 1);
      experiments.set(text(name), {id, isDeleted: false});
      return {experiment_id: id};
    },
    "POST runs/search"({experiment_ids, filter, max_results}) {
      const wanted = [...text(filter).matchAll(/tags\.`([^`]+)` = '([^']*)'/g)];
      if (wanted.length === 0) throw invalid(`Invalid clause(s) in filter string: '${filter}'`);
      const found = runs.filter(
        (run) =>
          (experiment_ids as unknown as string[]).includes(run.experiment) &&
          wanted.every(([, key, value]) => run.tags.get(key!) === value),
      );
      const page = found.slice(0, Number(max_results)).map(info);
      return page.length > 0 ? {runs: page} : {};
    },
    "POST runs/create"({experiment_id, tags}) {
      if (![...experiments.values()].some(({id}) => id === experiment_id))
        throw missing(`No Experiment with id=${experiment_id}`);
      const id = `run${runs.length + 1}`;
      const run: Run = {
        id,
        experiment: text(experiment_id),
        artifactUri: `${artifactRoot}/${experiment_id}/${id}/artifacts`,
        status: "RUNNING",
        params: new Map(),
        metrics: new Map(),
        tags: new Map(),
      };
      for (const {key, value} of checked(entries(tags), 5000)) run.tags.set(key, value);
      runs.push(run);
      return {run: info(run)};
    },
    "POST runs/log-batch"({run_id, metrics, params, tags}) {
      const run = runOf(run_id);
      const [m, p, t] = [entries(metrics), entries(params), entries(tags)];
      atMost("metrics", m.length, 1000);
      atMost("params", p.length, 100);
      atMost("tags", t.length, 100);
      atMost("metrics, params, and tags", m.length + p.length + t.length, 1000);
      if (new Set(p.map(({key}) => key)).size < p.length)
        throw invalid("Duplicate parameter keys have been submitted");
      for (const {key, value} of m as unknown as {key: string; value: unknown}[]) {
        checkKey(key);
        if (typeof value !== "number") throw invalid(`Got invalid value ${value} for metric '${key}'`);
        run.metrics.set(key, value);
      }
      for (const {key, value} of checked(p, 6000)) {
        const before = run.params.get(key);
        if (before !== undefined && before !== value)
          throw invalid(`Changing param values is not allowed. Param with key='${key}' was already logged`);
        run.params.set(key, value);
      }
      for (const {key, value} of checked(t, 5000)) run.tags.set(key, value);
      return {};
    },
    "POST runs/update"({run_id, status}) {
      const run = runOf(run_id);
      run.status = text(status);
      return {run_info: info(run).info};
    },
    "POST registered-models/create"({name}) {
      if (models.has(text(name))) throw exists(`Registered Model (name=${name})`);
      models.add(text(name));
      return {registered_model: {name}};
    },
    "GET registered-models/get"({name}) {
      if (!models.has(text(name))) throw missing(`Registered Model with name=${name}`);
      const own = [...aliases]
        .filter(([key]) => key.startsWith(`${name} `))
        .map(([key, version]) => ({alias: key.split(" ")[1], version}));
      return {registered_model: {name, ...(own.length > 0 ? {aliases: own} : {})}};
    },
    "POST registered-models/alias"({name, alias, version}) {
      if (!/^[\w-]+$/.test(text(alias)) || /^(latest|v\d+)$/i.test(text(alias)))
        throw invalid(`'${alias}' alias name is reserved.`);
      versionOf(name, version);
      aliases.set(`${name} ${alias}`, text(version));
      return {};
    },
    "DELETE registered-models/alias"({name, alias}) {
      aliases.delete(`${name} ${alias}`);
      return {};
    },
    "GET model-versions/search"({filter, max_results, page_token}) {
      const name = /^name='([^']+)'$/.exec(text(filter))?.[1];
      if (!name) throw invalid(`Invalid filter '${filter}'`);
      const own = versions.filter((version) => version.name === name).reverse();
      const start = Number(page_token ?? 0);
      const end = start + Math.min(Number(max_results), pageSize);
      const page = own.slice(start, end).map(shown);
      return {
        ...(page.length > 0 ? {model_versions: page} : {}),
        ...(end < own.length ? {next_page_token: String(end)} : {}),
      };
    },
    "POST model-versions/create"({name, source, run_id, tags}) {
      if (!models.has(text(name))) throw missing(`Registered Model with name=${name}`);
      if (!text(source).startsWith(runOf(run_id).artifactUri)) throw invalid("Invalid model version source");
      const version = String(versions.filter((candidate) => candidate.name === name).length + 1);
      const made = {name: text(name), version, source: text(source), run_id: text(run_id), tags: new Map()};
      for (const {key, value} of checked(entries(tags), 5000)) made.tags.set(key, value);
      versions.push(made);
      return {model_version: shown(made)};
    },
    "POST model-versions/set-tag"({name, version, key, value}) {
      checked([{key: text(key), value: text(value)}], 5000);
      versionOf(name, version).tags.set(text(key), text(value));
      return {};
    },
  };

  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const {pathname, searchParams} = new URL(request.url!, "http://localhost");
    const isArtifact = pathname.startsWith(PROXY);
    const what = `${request.method} ${pathname.replace(isArtifact ? PROXY : API, isArtifact ? "files/" : "")}`;
    requests.push(what);
    authorizations.add(request.headers.authorization);
    const fault = faults.find(({at, left}) => left > 0 && at.test(what));
    if (fault) {
      fault.left--;
      if (fault.hangs) return;
      if (fault.status !== undefined) return answer(response, fault.status, fault.body ?? "", fault.headers);
    }
    try {
      const result = isArtifact ? store(pathname, body) : handle(what, body, searchParams);
      if (fault?.losesAnswer) return void response.destroy();
      answer(response, 200, JSON.stringify(result));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(response, error.status, JSON.stringify({error_code: error.code, message: error.message}));
    }
  });

  function store(pathname: string, body: Buffer): unknown {
    files.set(decodeURIComponent(pathname.slice(PROXY.length)), body);
    return {};
  }

  function handle(what: string, body: Buffer, query: URLSearchParams): unknown {
    const handler = handlers[what];
    if (!handler) throw new Refusal(404, "ENDPOINT_NOT_FOUND", "Not Found");
    if (what === "POST runs/log-batch" && body.length > 1e6)
      throw invalid(
        `Batched logging API requests must be at most 1000000 bytes, got a request of size ${body.length}.`,
      );
    return handler(what.startsWith("GET") ? Object.fromEntries(query) : JSON.parse(body.toString()));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorizations,
    experiments,
    runs,
    versions,
    aliases,
    files,
    fail: (fault) => faults.push({...fault, left: fault.times}),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const API = "/api/2.0/mlflow/";
const PROXY = "/api/2.0/mlflow-artifacts/artifacts/";

function info({id, experiment, artifactUri, status}: Run) {
  return {info: {run_id: id, experiment_id: experiment, artifact_uri: artifactUri, status}};
}

function checked(all: readonly Entry[], longest: number): readonly Entry[] {
  for (const {key, value} of all) {
    checkKey(key);
    if (typeof value !== "string") throw invalid(`Invalid value ${value} for '${key}'`);
    if (value.length > longest)
      throw invalid(`'${key}' had length ${value.length}, which exceeded length limit of ${longest}`);
  }
  return all;
}

function checkKey(key: string): void {
  if (!/^[/\w.\- ]+$/.test(key))
    throw invalid(`Invalid name: '${key}'. Names may only contain alphanumerics`);
  if (key.startsWith("..") || key === "." || key.startsWith("/") || key.includes("//"))
    throw invalid(`Invalid name: '${key}'. Names may be treated as files in certain cases`);
  if (key.length > 250)
    throw invalid(`'${key}' had length ${key.length}, which exceeded length limit of 250`);
}

function atMost(what: string, found: number, limit: number): void {
  if (found > limit)
    throw invalid(`A batch logging request can contain at most ${limit} ${what}. Got ${found} ${what}.`);
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {"content-type": "application/json", ...headers}).end(body);
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
