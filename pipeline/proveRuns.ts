// Do whole runs on other futures say the same of the days before? Stage by stage, refits and combinations included.
import {createHash, type Hash} from "node:crypto";
import type {Future} from "../src/market/futures.ts";
import {type Baseline, describeChange} from "../src/proof/derivation.ts";
import {type Evidence, evidence} from "../src/proof/evidence.ts";
import {integers, onOrBefore, type Table, texts} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";
import {hashOfTable} from "./certificate.ts";
import {compareDated} from "./compareRuns.ts";
import {
  fitsBetween,
  type OtherFuture,
  otherBars,
  planOtherFutures,
  runInMemory,
  type Tables,
} from "./otherFutures.ts";
import type {RunContext, Stage, StageContext} from "./stage.ts";

type ProofContext = Pick<StageContext, keyof RunContext | "progress">;

/** What whole runs show, and the SHA-256 of the rows of each dataset that they compared. */
export interface RunEvidence {
  readonly found: readonly Evidence[];
  readonly hashes: ReadonlyMap<string, string>;
}

const BY_COLUMN = ["features_daily", "labels_daily"]; // proved column by column; labels are known later than dated

/**
 * Runs the stages on bars that are other ones after a refit, in every way there is, with the fits of that refit made
 * again, and compares every dated row up to its day, and every fit made after its close, with those of a run on the
 * bars that came to be. That run takes the lake's fits; either forecasts from a few refits before, so that what looks
 * back on forecasts (a combination, the champion's rule) is the run's own.
 *
 * @param stages those that a forecast passes through, in order
 * @param options.fits the lake's fits
 */
export async function proveRuns(
  stages: readonly Stage[],
  {
    baseline,
    fits,
    context,
  }: {readonly baseline: Baseline; readonly fits: Table; readonly context: ProofContext},
): Promise<RunEvidence> {
  const {lake, progress} = context;
  const {sessions} = baseline.features;
  const plans = Map.groupBy(baseline.tasks, ({model, horizon}) => `${model} ${horizon}`);
  const refits = Array.from(plans.values(), (tasks) => tasks.map(({fold}) => fold.testStart));
  const runs = planOtherFutures(refits, sessions.length - 1);
  const found: Evidence[] = [];
  const hashes = new Map<string, Hash>();
  for (const [i, run] of runs.entries()) {
    progress(`run ${i + 1} of ${runs.length} on other bars`);
    const {row, future} = run;
    const day = sessions[row]!;
    const before = await runOn("unchanged", run);
    const after = await runOn(future, run);
    const words = {future, change: describeChange({row, future, sessions})};
    for (const [name, table] of after) {
      const contract = lake.contract(name);
      if (BY_COLUMN.includes(name) || !contract.key.includes("date")) continue;
      const compared = {contract, before: before.get(name)!, after: table};
      found.push(...compareDated(compared, {day, ...words}));
      const hash = hashes.get(name) ?? createHash("sha256");
      hashes.set(name, hash.update(hashOfTable(onOrBefore(compared.before, day))));
    }
    const planned = baseline.tasks.filter(({fold}) => fold.testStart === row);
    const keys = planned.map(({model, horizon}) => `${model} ${horizon}`);
    found.push(
      ...compareFits({before: before.get("fits")!, after: after.get("fits")!}, {day, keys, ...words}),
    );
  }
  return {found, hashes: new Map(Array.from(hashes, ([name, hash]) => [name, hash.digest("hex")]))};

  async function runOn(future: Future | "unchanged", {row, first}: OtherFuture): Promise<Tables> {
    const {config} = context;
    const {walk_forward} = config;
    const shorter = {...config, walk_forward: {...walk_forward, first_origin: isoDate(sessions[first]!)}};
    const kept = Math.min(...Object.values(walk_forward.refit_sessions)) - 1; // up to the next refit
    const without = future === "unchanged" ? Number.NaN : sessions[row]!;
    return runInMemory(
      stages,
      {...context, config: shorter, environment: {...context.environment, config: shorter}},
      new Map([
        ["curated.market_daily", otherBars(baseline.bars, {row, future, kept, sessions})],
        ["fits", fitsBetween(fits, {first: sessions[first]!, without})],
      ]),
    );
  }
}

function compareFits(
  {before, after}: {readonly before: Table; readonly after: Table},
  {
    day,
    keys,
    future,
    change,
  }: {
    readonly day: number;
    readonly keys: readonly string[];
    readonly future: string;
    readonly change: string;
  },
): Evidence[] {
  const made = fitsOn(before, day);
  const again = fitsOn(after, day);
  return [...new Set([...keys, ...again.keys()])].map((key) => {
    const [name, horizon] = key.split(" ");
    const fit = made.get(key);
    const violation =
      fit !== undefined && again.get(key) === fit
        ? null
        : {session: day, text: `the fit of that refit is another: ${change}`};
    return evidence(
      {kind: "fit", name: name!, horizon: Number(horizon)},
      {future, rows: 1, cells: 1, moved: 0, violation},
    );
  });
}

function fitsOn(fits: Table, day: number): Map<string, string> {
  const models = texts(fits, "model");
  const horizons = integers(fits, "horizon");
  const trained = integers(fits, "trained_through");
  const found = new Map<string, string>();
  texts(fits, "fit").forEach((fit, row) => {
    if (trained[row] === day) found.set(`${models[row]} ${horizons[row]}`, fit);
  });
  return found;
}
