// How many configurations were tried? Every one ever scored is kept, the committed searches are counted beside them.
import {existsSync, readFileSync} from "node:fs";
import {parse} from "csv-parse/sync";
import type {Config} from "../src/config.ts";
import type {MultiverseCell} from "../src/evaluation/multiverseCells.ts";
import {type LeaderboardRow, REFERENCE} from "../src/evaluation/scorecard.ts";
import {catalogueEntry} from "../src/models/catalogue.ts";
import type {SearchLine} from "../src/report/robustnessSummary.ts";
import {columnTypes} from "../src/store/contract.ts";
import {sha256} from "../src/store/lake.ts";
import {integers, type Table, tableFromRows, texts} from "../src/store/table.ts";
import {isoDate} from "../src/units.ts";
import type {StageContext} from "./stage.ts";

/** Searches made outside any lake: date, question, configurations, span, outcome. */
export const RESEARCH_LEDGER = "docs/trials.csv";

/** A configuration and what it scored on the reference period. */
export interface Trial {
  readonly name: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly horizon: number;
  readonly n: number;
  readonly qlike: number;
}

export interface TrialCount {
  /** Configurations in the lake, those of every horizon. */
  readonly lake: number;
  /** Those of the committed searches. */
  readonly committed: number;
  readonly total: number;
}

/**
 * Adds configurations to the lake's ledger; one that it knows keeps the time it was first scored. The same
 * settings with the same score are one trial, whatever else in the code or the newest bars has changed.
 */
export async function recordTrials(
  {write, environment, modelCodeHash, lake}: StageContext,
  trials: readonly Trial[],
): Promise<number> {
  const data = (await lake.manifest("labels_daily"))?.snapshot.sha256 ?? "none";
  const known = {code: modelCodeHash, data, first_evaluated: Date.parse(environment.now)};
  const rows = new Map(
    trials.map(({settings, ...trial}) => {
      const text = JSON.stringify(settings);
      const key = sha256(JSON.stringify([trial.name, text, trial.horizon, trial.n, trial.qlike.toFixed(6)]));
      return [key, {trial: key, ...trial, settings: text, ...known}];
    }),
  );
  const table = tableFromRows(columnTypes(lake.contract("trials")), [...rows.values()]);
  return (await write("trials", table)).added;
}

/** The leaderboard's models as trials, on the reference period; none where no forecast lies in it. */
export function leaderboardTrials(
  rows: readonly LeaderboardRow[],
  {walk_forward: plan, seed}: Pick<Config, "walk_forward" | "seed">,
): Trial[] {
  return rows
    .filter(({period}) => period === plan.reference_period.name)
    .map(({model, horizon, n, qlike}) => {
      const combined = plan.combinations.find(({name}) => name === model);
      const settings = combined
        ? {kind: combined.kind, members: combined.members.join(", "), seed}
        : modelSettings(model, {horizon, plan, seed});
      return {name: model, settings, horizon, n, qlike};
    });
}

function modelSettings(
  model: string,
  {horizon, plan, seed}: {horizon: number; plan: Config["walk_forward"]; seed: number},
): Trial["settings"] {
  const {window} = catalogueEntry(model);
  return {
    train_from: plan.train_from,
    window: window === "expanding" ? window : String(window.sessions),
    refit_sessions: plan.refit_sessions[model]!,
    purge_sessions: horizon,
    features: "all",
    retransformation: "smearing",
    seed,
  };
}

/** The multiverse's models, and the reference under the same choices, as trials. */
export function multiverseTrials(cells: readonly MultiverseCell[], {seed}: Pick<Config, "seed">): Trial[] {
  return cells
    .filter(
      ({proxy, loss, reference}) =>
        proxy === "squared returns" && loss === "qlike" && reference === REFERENCE,
    )
    .flatMap(({horizon, n, loss_model, loss_reference, ...cell}) => {
      const settings = {
        train_from: isoDate(cell.train_from),
        window: cell.window,
        refit_sessions: cell.refit_sessions,
        purge_sessions: cell.purge_sessions,
        features: cell.features,
        retransformation: cell.retransformation,
        seed,
      };
      return [
        {name: cell.model, settings, horizon, n, qlike: loss_model},
        {name: REFERENCE, settings, horizon, n, qlike: loss_reference},
      ];
    });
}

/**
 * How many configurations stand behind what is published. One that was scored again by the same code on more days is
 * the same.
 *
 * @param ledger the text of `RESEARCH_LEDGER`
 * @throws {RangeError} if a line of the ledger does not say how many
 */
export function countTrials(trials: Table, ledger: string): TrialCount {
  const committed = researchSearches(ledger).reduce((sum, {configurations}) => sum + configurations, 0);
  const [name, settings, code] = ["name", "settings", "code"].map((column) => texts(trials, column));
  const horizon = integers(trials, "horizon");
  const lake = new Set(
    Array.from(horizon, (h, row) => JSON.stringify([name![row], settings![row], code![row], h])),
  ).size;
  return {lake, committed, total: lake + committed};
}

/**
 * The lines of the ledger of searches.
 *
 * @throws {RangeError} if one does not say how many configurations it tried
 */
export function researchSearches(ledger: string): SearchLine[] {
  const lines = parse(ledger, {columns: true, skip_empty_lines: true, trim: true}) as Record<
    string,
    string
  >[];
  return lines.map((line, i) => {
    const configurations = Number(line.configurations);
    if (!line.configurations || !Number.isInteger(configurations) || configurations < 0) {
      throw new RangeError(
        `Cannot count trials: configurations of line ${i + 2} of ${RESEARCH_LEDGER} must be a whole number, ` +
          `current value is ${JSON.stringify(line.configurations)}`,
      );
    }
    const {date = "", question = "", span = "", outcome = ""} = line;
    return {date, question, configurations, span, outcome};
  });
}

/** The committed searches; none where there is no such file. */
export function readResearchLedger(): string {
  return existsSync(RESEARCH_LEDGER) ? readFileSync(RESEARCH_LEDGER, "utf8") : "";
}
