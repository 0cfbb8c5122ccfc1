// What does MLflow learn of a model? A run and a registered version for each version, the stages as tags and aliases.
import type {ObjectStore} from "../../store/objectStore.ts";
import {artifactFolder} from "../artifact.ts";
import {type ModelHistory, readHistory, type VersionState} from "../history.ts";
import {uploadFiles} from "./artifacts.ts";
import {batches, type LoggedValue, toMetrics, toParams, toTags} from "./batches.ts";
import {type MlflowClient, MlflowError} from "./client.ts";

const PAGE = "100";

export interface MirrorOptions {
  readonly name: string;
  /** The parameters of the run that made the versions of this configuration (SHA-256), one level deep. */
  readonly configuration: {readonly hash: string; readonly values: Readonly<Record<string, string>>};
}

interface Run {
  readonly info: {readonly run_id: string; readonly artifact_uri: string};
}

interface RegisteredVersion {
  readonly version: string; // MLflow's own number
  readonly tags?: readonly LoggedValue[];
}

/**
 * Brings a model's MLflow entries to where its history is: what is missing is added, what differs is set, so that a
 * server that was away catches up. The lake does not depend on it.
 *
 * @throws {MlflowError} if the server refuses or does not answer
 */
export async function mirrorModel(
  client: MlflowClient,
  store: ObjectStore,
  {name, configuration}: MirrorOptions,
): Promise<void> {
  const history = await readHistory(store, name);
  const experiment = await ensureExperiment(client);
  await ensureRegisteredModel(client, name);
  const known = new Map<string, RegisteredVersion>();
  for (const version of await registeredVersions(client, name)) {
    const ours = tagOf(version, "volbook.version");
    if (ours !== undefined) known.set(ours, version);
  }
  for (const state of history.versions) {
    const found = known.get(state.version);
    if (found) await setTags(client, {name, found, wanted: stageTags(history, state)});
    else
      known.set(state.version, await addVersion(client, store, {history, state, experiment, configuration}));
  }
  const candidate = history.versions.findLast(({stage}) => stage === "candidate")?.version;
  await setAliases(client, name, {
    champion: known.get(history.champion ?? "")?.version,
    candidate: known.get(candidate ?? "")?.version,
  });
}

async function ensureExperiment(client: MlflowClient): Promise<string> {
  const name = client.settings.experiment;
  const find = async (): Promise<string> => {
    const path = "experiments/get-by-name";
    const {experiment} = await client.ask<{
      experiment: {experiment_id: string; lifecycle_stage: string};
    }>("GET", path, {experiment_name: name});
    if (experiment.lifecycle_stage === "deleted")
      throw new MlflowError(
        `Cannot log to the MLflow experiment ${name}: it is deleted. Restore it, or name another in MLFLOW_EXPERIMENT_NAME`,
        {code: "DELETED", isPassing: false},
      );
    return experiment.experiment_id;
  };
  return client.retrying(() =>
    find().catch((error) =>
      orElse(error, "RESOURCE_DOES_NOT_EXIST", async () => {
        const {experiment_id} = await client
          .ask<{experiment_id: string}>("POST", "experiments/create", {name})
          // Another run was faster.
          .catch(async (failed) =>
            orElse(failed, "RESOURCE_ALREADY_EXISTS", async () => ({experiment_id: await find()})),
          );
        return experiment_id;
      }),
    ),
  );
}

async function ensureRegisteredModel(client: MlflowClient, name: string): Promise<void> {
  await client.retrying(() =>
    client
      .ask("POST", "registered-models/create", {name, tags: toTags({"volbook.name": name})})
      .catch((error) => orElse(error, "RESOURCE_ALREADY_EXISTS", async () => undefined)),
  );
}

async function registeredVersions(client: MlflowClient, name: string): Promise<RegisteredVersion[]> {
  const found: RegisteredVersion[] = [];
  for (let token = ""; ; ) {
    const page = await client.retrying(() =>
      client.ask<{model_versions?: RegisteredVersion[]; next_page_token?: string}>(
        "GET",
        "model-versions/search",
        {
          filter: `name='${name}'`,
          max_results: PAGE,
          ...(token === "" ? {} : {page_token: token}),
        },
      ),
    );
    found.push(...(page.model_versions ?? []));
    token = page.next_page_token ?? "";
    if (token === "") return found;
  }
}

interface NewVersion extends Pick<MirrorOptions, "configuration"> {
  readonly history: ModelHistory;
  readonly state: VersionState;
  readonly experiment: string;
}

async function addVersion(
  client: MlflowClient,
  store: ObjectStore,
  {history, state, experiment, configuration}: NewVersion,
): Promise<RegisteredVersion> {
  const {name} = history;
  const {version, registered} = state;
  const {info} = await ensureRun(client, {name, state, experiment});
  const uploaded = await uploadFiles(client, store, {name, version, artifactUri: info.artifact_uri});
  const {model, symbol, horizon, trained_from, trained_through, parents, metrics, gates, hashes} = registered;
  const isOfRun = hashes.configuration === configuration.hash;
  const timestamp = Date.parse(registered.created_at);
  const figures = Object.fromEntries(gates.map((gate) => [`gate.${gate.name}`, gate.value]));
  const data = {
    params: toParams({
      ...{model, symbol, horizon: String(horizon), trained_from, trained_through},
      ...(parents.length > 0 ? {parents: JSON.stringify(parents)} : {}),
      ...(isOfRun ? configuration.values : {}),
    }),
    metrics: toMetrics({...metrics, ...figures}, {timestamp}),
    tags: toTags({
      ...Object.fromEntries(Object.entries(hashes).map(([what, hash]) => [`volbook.hash.${what}`, hash])),
      "volbook.run": registered.run,
      "volbook.record": registered.hash,
      "volbook.files": uploaded ? "uploaded" : artifactFolder(name, version),
    }),
  };
  for (const batch of batches(data))
    await client.retrying(() => client.ask("POST", "runs/log-batch", {run_id: info.run_id, ...batch}));
  await client.retrying(() =>
    client.ask("POST", "runs/update", {run_id: info.run_id, status: "FINISHED", end_time: timestamp}),
  );
  return client.retrying(async () => {
    // The answer to a creation may have been lost: the version is there then.
    const made = (await registeredVersions(client, name)).find(
      (candidate) => tagOf(candidate, "volbook.version") === version,
    );
    if (made) return made;
    const {model_version} = await client.ask<{model_version: RegisteredVersion}>(
      "POST",
      "model-versions/create",
      {
        name,
        source: `${info.artifact_uri}/model`,
        run_id: info.run_id,
        tags: toTags({"volbook.version": version, ...stageTags(history, state)}),
      },
    );
    return model_version;
  });
}

// A run that was begun by a run of before that broke off is gone on with.
async function ensureRun(
  client: MlflowClient,
  {
    name,
    state,
    experiment,
  }: {readonly name: string; readonly state: VersionState; readonly experiment: string},
): Promise<Run> {
  const {version, registered} = state;
  const filter = `tags.\`volbook.name\` = '${name}' and tags.\`volbook.version\` = '${version}'`;
  return client.retrying(async () => {
    const {runs} = await client.ask<{runs?: Run[]}>("POST", "runs/search", {
      experiment_ids: [experiment],
      filter,
      max_results: 1,
    });
    if (runs?.[0]) return runs[0];
    const {run} = await client.ask<{run: Run}>("POST", "runs/create", {
      experiment_id: experiment,
      run_name: `${name} ${version}`,
      start_time: Date.parse(registered.created_at),
      tags: toTags({"volbook.name": name, "volbook.version": version, "mlflow.source.name": "volbook"}),
    });
    return run;
  });
}

function stageTags({records}: ModelHistory, {version, stage}: VersionState): Record<string, string> {
  const last = records.findLast((record) => record.event !== "registered" && record.version === version);
  return {
    "volbook.stage": stage,
    ...(last && last.event !== "registered"
      ? {"volbook.decision": `${last.event.replace("_", " ")} ${last.created_at}: ${last.reason}`}
      : {}),
  };
}

async function setTags(
  client: MlflowClient,
  {
    name,
    found,
    wanted,
  }: {readonly name: string; readonly found: RegisteredVersion; readonly wanted: Record<string, string>},
): Promise<void> {
  for (const {key, value} of toTags(wanted)) {
    if (tagOf(found, key) === value) continue;
    const tag = {name, version: found.version, key, value};
    await client.retrying(() => client.ask("POST", "model-versions/set-tag", tag));
  }
}

async function setAliases(
  client: MlflowClient,
  name: string,
  wanted: Readonly<Record<"champion" | "candidate", string | undefined>>,
): Promise<void> {
  const {registered_model} = await client.retrying(() =>
    client.ask<{registered_model: {aliases?: {alias: string; version: string}[]}}>(
      "GET",
      "registered-models/get",
      {name},
    ),
  );
  const now = new Map(registered_model.aliases?.map(({alias, version}) => [alias, version]));
  for (const [alias, version] of Object.entries(wanted)) {
    if (now.get(alias) === version) continue;
    const path = "registered-models/alias";
    await client.retrying(() =>
      version === undefined
        ? client.ask("DELETE", path, {name, alias})
        : client.ask("POST", path, {name, alias, version}),
    );
  }
}

function tagOf({tags = []}: RegisteredVersion, key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value;
}

async function orElse<Answer>(error: unknown, code: string, other: () => Promise<Answer>): Promise<Answer> {
  if (error instanceof MlflowError && error.code === code) return other();
  throw error;
}
