// Does what is said of the champion hold under other defensible choices? A grid of them, each universe on a thread.
import {createHash} from "node:crypto";
import type {Config} from "../src/config.ts";
import {planUniverses} from "../src/evaluation/multiverse.ts";
import type {MultiverseCell, UniverseTask} from "../src/evaluation/multiverseCells.ts";
import {multiverseClaims} from "../src/evaluation/multiverseClaims.ts";
import type {Period} from "../src/evaluation/periods.ts";
import type {MarketTable} from "../src/evaluation/walkForward.ts";
import {catalogue} from "../src/features/catalogue.ts";
import {meaningOf} from "../src/features/meaning.ts";
import {lowerBound} from "../src/frame.ts";
import {columnTypes} from "../src/store/contract.ts";
import {sha256} from "../src/store/lake.ts";
import {type Table, tableFromRows} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {sessionDate} from "../src/units.ts";
import type {Judged} from "./multiverseWorker.ts";
import {runOnThreads} from "./pool.ts";
import type {RunContext, Stage, StageContext} from "./stage.ts";
import {multiverseTrials, recordTrials} from "./trials.ts";
import {configuredCombinations, configuredModels, forecastNames} from "./universe.ts";
import {readMarketTable} from "./walkforward.ts";

/** Universes from one commit to the next: what a stopped run loses at most. */
const COMMIT_EVERY = 4;

/** A cell with the hash of all that its universe depends on. */
interface KeyedCell extends MultiverseCell {
  readonly universe: string;
}

export const multiverseStage: Stage = {
  name: "multiverse",
  does: "fit and score the champion under every combination of defensible choices",
  after: ["features", "labels"],
  reads: ["features_daily", "labels_daily"],
  writes: ["multiverse", "multiverse_claims", "trials"],
  shares: ["trials"],
  config: ["features", "gates", "horizons", "multiverse", "seed", "universe", "walk_forward"],
  async run(context) {
    const {config, progress, write, lake} = context;
    const table = await readMarketTable(context);
    const whom = judgedModels(config);
    const tasks = keyedTasks(table, {...context, whom});
    const wanted = new Set(tasks.map(({key}) => key));
    const kept = (await keptCells(context)).filter(({universe}) => wanted.has(universe));
    const done = new Set(kept.map(({universe}) => universe));
    const missing = tasks.filter(({key}) => !done.has(key));
    const cells = [...kept];
    const commit = () => write("multiverse", cellsTable(context, cells));
    let commits = Promise.resolve();
    let uncommitted = 0;
    progress(`0 of ${missing.length} universes scored, ${done.size} stand`);
    await runOnThreads<UniverseTask, MultiverseCell[]>(
      new URL("./multiverseWorker.ts", import.meta.url),
      missing.map(({task}) => task),
      {
        shared: {table, ...whom},
        progress: (count) => progress(`${count} of ${missing.length} universes scored, ${done.size} stand`),
        answered(task, answer) {
          const {key: universe} = missing.find((own) => own.task === task)!;
          for (const cell of answer) cells.push({...cell, universe});
          if (++uncommitted % COMMIT_EVERY > 0) return;
          commits = commits.then(async () => void (await commit()));
          return commits;
        },
      },
    );
    await commits;
    await commit();
    const claims = multiverseClaims(cells, {
      threshold: config.multiverse.robust_share,
      significantT: config.gates.diebold_mariano_t,
      matters: config.multiverse.matters,
      mainFeatures: config.multiverse.features[0]!.name,
    });
    const claimTypes = columnTypes(lake.contract("multiverse_claims"));
    await write(
      "multiverse_claims",
      tableFromRows(
        claimTypes,
        claims.map((claim) => ({...claim})),
      ),
    );
    const trials = await recordTrials(context, multiverseTrials(cells, config));
    const robust = claims.filter((claim) => claim.robust).length;
    return {
      summary: `${robust} of ${claims.length} claims are robust`,
      universes: tasks.length,
      scored: missing.length,
      cells: cells.length,
      claims: claims.length,
      robust,
      trials,
    };
  },
};

/**
 * The models to judge that the universe has, and the models and combinations they are made of.
 *
 * @throws {RangeError} if a name is neither a model's nor a combination's
 */
function judgedModels(config: Config): Judged {
  const {models: wanted} = config.multiverse;
  const {refit_sessions, combinations: all} = config.walk_forward;
  const unknown = wanted.find((name) => !(name in refit_sessions) && all.every((own) => own.name !== name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot run the multiverse on ${unknown}: walk_forward names no such model or combination, ` +
        `current value of multiverse.models is ${wanted.join(", ")}`,
    );
  }
  const combinations = configuredCombinations(config);
  const judged = wanted.filter((name) => forecastNames(config).includes(name));
  const needed = new Set(judged);
  // From the last on: a combination is listed after its members.
  for (const {name, members} of combinations.toReversed())
    if (needed.has(name)) for (const member of members) needed.add(member);
  return {
    judged,
    models: configuredModels(config).filter((name) => needed.has(name)),
    combinations: combinations
      .filter(({name}) => needed.has(name))
      .map(({name, kind, members}) => ({name, kind, members})),
  };
}

function keyedTasks(
  table: MarketTable,
  {config, modelCodeHash, whom}: RunContext & {readonly whom: Judged},
): {key: string; task: UniverseTask}[] {
  const {multiverse: grid, walk_forward, seed, horizons} = config;
  if (!horizons.includes(grid.horizon)) {
    throw new RangeError(
      `Cannot run the multiverse: its horizon of ${grid.horizon} sessions is not among ${horizons}, current value of horizons`,
    );
  }
  const {name, first, last} = walk_forward.reference_period;
  const period = {name, first: sessionDate(first), last: sessionDate(last)};
  const universes = planUniverses(
    {
      trainFrom: grid.train_from.map(sessionDate),
      windowSessions: grid.window_sessions,
      refitSessions: grid.refit_sessions,
      refitSessionsAlone: grid.refit_sessions_alone,
      purgeSessions: grid.purge_sessions,
      featureSets: grid.features.map((set) => ({
        name: set.name,
        features: catalogue.map((entry) => entry.name).filter((own) => set.looks_at.includes(meaningOf(own))),
      })),
    },
    {horizon: grid.horizon},
  );
  const plan = {
    horizon: grid.horizon,
    seed,
    firstOrigin: sessionDate(walk_forward.first_origin),
    minTrain: walk_forward.minimum_training_sessions,
  };
  const {proxies, losses, retransformations} = grid;
  const data = hashUntil(table, period, grid.horizon);
  return universes.map((universe) => {
    const task = {universe, plan, period, proxies, losses, retransformations};
    return {key: sha256(JSON.stringify([modelCodeHash, data, whom, task])), task};
  });
}

// Sessions after the period change no score: a new day leaves every cell standing.
function hashUntil(
  {features, variance, rangeVariance}: MarketTable,
  {last}: Period,
  horizon: number,
): string {
  const end = lowerBound(features.sessions, last + 1);
  const hash = createHash("sha256");
  const names = Object.keys(features.columns).sort();
  hash.update(JSON.stringify(names)).update(features.sessions.slice(0, end));
  for (const values of [
    ...names.map((own) => features.columns[own]!),
    variance[horizon]!,
    rangeVariance[horizon]!,
  ])
    hash.update(values.slice(0, end));
  return hash.digest("hex");
}

async function keptCells({read}: StageContext): Promise<KeyedCell[]> {
  return tableRows(await read("multiverse")) as unknown as KeyedCell[];
}

/** Cells with their place on the specification curve. */
function cellsTable({lake}: RunContext, cells: readonly KeyedCell[]): Table {
  const curves = Map.groupBy(cells, ({model, reference}) => `${model} ${reference}`);
  const ranked = [...curves.values()].flatMap((curve) =>
    curve
      .toSorted((a, b) => a.gain - b.gain || (a.cell < b.cell ? -1 : 1))
      .map((cell, i) => ({...cell, rank: i + 1})),
  );
  return tableFromRows(columnTypes(lake.contract("multiverse")), ranked);
}
