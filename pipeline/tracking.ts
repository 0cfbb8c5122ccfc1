// Is an MLflow server told of the registry? Where MLFLOW_TRACKING_URI names one, and nowhere else.
import type {Config} from "../src/config.ts";
import {flatten} from "../src/registry/mlflow/batches.ts";
import {createMlflowClient} from "../src/registry/mlflow/client.ts";
import {mirrorModel} from "../src/registry/mlflow/mirror.ts";
import {mlflowSettings} from "../src/registry/mlflow/settings.ts";
import {sha256} from "../src/store/lake.ts";
import type {ObjectStore} from "../src/store/objectStore.ts";
import type {Environment} from "./environment.ts";

export interface Tracked {
  readonly config: Config;
  readonly environment: Pick<Environment, "mlflow">;
  readonly store: ObjectStore;
  readonly log: {
    info(facts: object, text: string): void;
    warn(facts: {readonly reason: string}, text: string): void;
  };
}

/**
 * Tells MLflow of models by name. A server that cannot be told is warned of and told everything the next time.
 *
 * @throws {Error} why it cannot be told, where the configuration requires it
 */
export async function trackModels(
  {config, environment: {mlflow}, store, log}: Tracked,
  names: readonly string[],
): Promise<void> {
  if (!mlflow) return;
  const {required, attempts, timeout_seconds} = config.tracking;
  try {
    const settings = mlflowSettings(mlflow);
    const client = createMlflowClient(settings, {attempts, timeoutMs: 1000 * timeout_seconds});
    const configuration = {hash: sha256(JSON.stringify(config)), values: flatten(config)};
    for (const name of names) await mirrorModel(client, store, {name, configuration});
    log.info({mlflow: settings.address, experiment: settings.experiment, models: names}, "MLflow was told");
  } catch (error) {
    const {message} = error as Error;
    if (required) throw new Error(`${message}. What the registry holds stays; tracking.required is set`);
    log.warn({reason: message}, "MLflow was not told; the next training tells it");
  }
}
