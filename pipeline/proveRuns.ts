// Do whole runs on other futures say the same of the days before? Stage by stage, refits and combinations included.
import {type Baseline, describeChange} from "../src/proof/derivation.ts";
import {type Evidence, evidence} from "../src/proof/evidence.ts";
import {integers, type Table, texts} from "../src/store/table.ts";
import {compareDated} from "./compareRuns.ts";
import {otherBars, planOtherFutures, runInMemory, type Tables, withoutFitsOf} from "./otherFutures.ts";
import type {RunContext, Stage, StageContext} from "./stage.ts";

const BY_COLUMN = ["features_daily", "labels_daily"]; // proved column by column; labels are known later than dated

/**
 * Runs the stages on bars that are other ones after a refit, in every way there is, with the fits of that refit made
 * again, and compares every dated row up to its day and every fit made after its close.
 *
 * @param stages those that a forecast passes through, in order
 * @param options.tables what they derive from the bars that came to be
 */
export async function proveRuns(
  stages: readonly Stage[],
  {
    baseline,
    tables,
    fits,
    context,
  }: {
    readonly baseline: Baseline;
    readonly tables: Tables;
    readonly fits: Table;
    readonly context: Pick<StageContext, keyof RunContext | "progress">;
  },
): Promise<Evidence[]> {
  const {config, lake, progress} = context;
  const {sessions} = baseline.features;
  const plans = Map.groupBy(baseline.tasks, ({model, horizon}) => `${model} ${horizon}`);
  const refits = Array.from(plans.values(), (tasks) => tasks.map(({fold}) => fold.testStart));
  const runs = planOtherFutures(refits, sessions.length - 1);
  const kept = Math.min(...Object.values(config.walk_forward.refit_sessions)) - 1; // up to the next refit
  const found: Evidence[] = [];
  for (const [i, {row, future}] of runs.entries()) {
    progress(`run ${i + 1} of ${runs.length} on other bars`);
    const day = sessions[row]!;
    const given = new Map([
      ["curated.market_daily", otherBars(baseline.bars, {row, future, kept, sessions})],
      ["fits", withoutFitsOf(fits, day)],
    ]);
    const other = await runInMemory(stages, context, {given, progress: () => undefined});
    const words = {future, change: describeChange({row, future, sessions})};
    for (const [name, after] of other) {
      const contract = lake.contract(name);
      if (BY_COLUMN.includes(name) || !contract.key.includes("date")) continue;
      found.push(...compareDated({contract, before: tables.get(name)!, after}, {day, ...words}));
    }
    const planned = baseline.tasks.filter(({fold}) => fold.testStart === row);
    const keys = planned.map(({model, horizon}) => `${model} ${horizon}`);
    found.push(...compareFits({before: fits, after: other.get("fits")!}, {day, keys, ...words}));
  }
  return found;
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
  const published = fitsOn(before, day);
  const again = fitsOn(after, day);
  return [...new Set([...keys, ...again.keys()])].map((key) => {
    const [name, horizon] = key.split(" ");
    const fit = published.get(key);
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
