// Where do a version's files go? Through the server's artifact proxy, where it has one.
import type {ObjectStore} from "../../store/objectStore.ts";
import {artifactFolder} from "../artifact.ts";
import {type MlflowClient, MlflowError} from "./client.ts";

const FILES = ["model.json", "manifest.json"];
const NO_PROXY = new Set(["404", "405", "501", "503", "ENDPOINT_NOT_FOUND", "NOT_IMPLEMENTED"]);

/**
 * Uploads model.json and manifest.json into a run's folder `model`.
 *
 * @param artifactUri the run's, as the server gave it: mlflow-artifacts:/… where it proxies
 * @returns whether the server took them: one without a proxy keeps artifacts where only its own client reaches
 */
export async function uploadFiles(
  client: MlflowClient,
  store: ObjectStore,
  {
    name,
    version,
    artifactUri,
  }: {readonly name: string; readonly version: string; readonly artifactUri: string},
): Promise<boolean> {
  const folder = proxiedFolder(artifactUri, client.settings.address);
  if (folder === undefined) return false;
  for (const file of FILES) {
    const bytes = await store.get(`${artifactFolder(name, version)}/${file}`);
    if (!bytes) throw new Error(`Cannot upload ${name} ${version} to MLflow: its ${file} is missing`);
    try {
      await client.retrying(() => client.upload(`${folder}/model/${file}`, bytes));
    } catch (error) {
      if (error instanceof MlflowError && NO_PROXY.has(error.code)) return false;
      throw error;
    }
  }
  return true;
}

/** The path below the proxy of a run's artifacts; undefined where they are elsewhere. */
function proxiedFolder(artifactUri: string, address: string): string | undefined {
  const parts = /^mlflow-artifacts:(?:\/\/([^/]*))?\/(.*)$/.exec(artifactUri);
  if (!parts) return undefined;
  const [, host = "", path = ""] = parts;
  // Files and whoever may write them are not sent to another server than the one that was named.
  return host === "" || host === new URL(address).host ? path.replace(/\/+$/, "") : undefined;
}
