// Are the registry's records, the files they name and the ledger as they were written?
import {isDeepStrictEqual} from "node:util";
import {readArtifact} from "../src/registry/artifact.ts";
import {ChainBroken, inspectChain} from "../src/registry/chain.ts";
import {type Alias, aliasKey, historyFolder, readHistory, registeredNames} from "../src/registry/history.ts";
import {LEDGER, type LedgerEntry, type LedgerRecord} from "../src/registry/ledger.ts";
import {ledgerTable, verifyLedger} from "../src/registry/ledgerTable.ts";
import {type Lake, readJson} from "../src/store/lake.ts";
import {differingRows} from "../src/store/merge.ts";
import {integers} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";

/**
 * Everything about the registry and the ledger that is not as it was written, or not as it is derived again. Each
 * problem begins with what it is about: registry/spy_rv_5d/3, artifacts/model/…, live_ledger/2024-01-02/5.
 *
 * @param derived a lake on which the newest run was made again
 */
export async function registryProblems(published: Lake, derived: Lake): Promise<string[]> {
  const names = await registeredNames(published.store);
  const found = await Promise.all(names.map((name) => historyProblems(published, name)));
  return [...found.flat(), ...(await ledgerProblems(published, derived))];
}

async function historyProblems({store}: Lake, name: string): Promise<string[]> {
  const history = await readHistory(store, name).catch((error) => {
    if (error instanceof ChainBroken) return error;
    throw error;
  });
  if (history instanceof ChainBroken)
    return history.problems.map(({sequence, text}) => `${historyFolder(name)}/${sequence}: ${text}`);
  const alias = await readJson<Alias>(store, aliasKey(name));
  const problems =
    alias?.version === history.champion
      ? []
      : [`${aliasKey(name)}: it names ${alias?.version}, the records say ${history.champion}`];
  for (const {version} of history.versions) {
    await readArtifact(store, name, version).catch(({message}: Error) =>
      problems.push(`artifacts/model/${name}/${version}: ${message}`),
    );
  }
  return problems;
}

async function ledgerProblems(published: Lake, derived: Lake): Promise<string[]> {
  const {records, problems} = await inspectChain<LedgerEntry>(published.store, LEDGER);
  if (problems.length > 0) return problems.map(({sequence, text}) => `${LEDGER}/${sequence}: ${text}`);
  const table = await published.read("live_ledger");
  const changed = verifyLedger(table, records);
  if (changed.length > 0) return changed;
  const contract = published.contract("live_ledger");
  const scored = ledgerTable(contract, {records, labels: await published.read("labels_daily")});
  const {rows} = differingRows(contract, {known: table, incoming: scored});
  const where = Array.from(
    rows,
    (row) => `${isoDate(integers(scored, "date")[row]!)}/${integers(scored, "horizon")[row]}`,
  );
  return [
    ...where.map((row) => `live_ledger/${row}: its outcome is not that of labels_daily`),
    ...(await derivedProblems(records, derived)),
  ];
}

// What was said of the newest session can be said again; where another version counted then, by that one alone.
async function derivedProblems(records: readonly LedgerRecord[], derived: Lake): Promise<string[]> {
  const made = (await inspectChain<LedgerEntry>(derived.store, LEDGER)).records.at(-1);
  const said = records.findLast(({date}) => date === made?.date);
  if (!made || !said) return [];
  return made.forecasts.flatMap((forecast) => {
    const same = said.forecasts.find(
      ({horizon, model_version}) => horizon === forecast.horizon && model_version === forecast.model_version,
    );
    return same && !isDeepStrictEqual(same, forecast)
      ? [`live_ledger/${said.date}/${forecast.horizon}: it is not what its model says of that session`]
      : [];
  });
}
