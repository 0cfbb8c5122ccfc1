// The comparison of models in README.md and docs/evaluation.md, from the lake of the given variables; `--write` puts it there.
import {argv} from "zx";
import {type RescoredRow, rescoreForecasts, type ScoreLoss} from "../src/evaluation/rescore.ts";
import {type LeaderboardRow, REFERENCE} from "../src/evaluation/scorecard.ts";
import {readScored} from "../src/lab/lakeForecasts.ts";
import {openLake} from "../src/store/lake.ts";
import {lakeName} from "../src/store/lakeName.ts";
import {rootBelow, storeAt} from "../src/store/lakeRoot.ts";
import {numbers, type Table, texts} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {sessionDate} from "../src/units.ts";
import {readEnvironment} from "./environment.ts";
import {writeMarked} from "./markedText.ts";
import {modelGates} from "./publish.ts";
import {countTrials, readResearchLedger} from "./trials.ts";

const README_MODELS = [
  "combined",
  "anchored",
  "log_har_gamma",
  "log_har_vix",
  "leader",
  "gbdt",
  "gjr",
  "garch",
];
const README_BASELINES = ["har", "vix", "ewma", "rv20"];
const FEWEST_A_YEAR = 100;

const environment = readEnvironment({SOURCE: "csv", CSV_DIR: ".", ...process.env});
const {source, config, dataDir} = environment;
const storeOf = (name: string) => storeAt(rootBelow(dataDir, name));
const lake = openLake({store: storeOf(await lakeName({source, target: config.universe.target}, storeOf))});
const all = tableRows(await lake.read("leaderboard")) as unknown as LeaderboardRow[];
const period = config.walk_forward.reference_period.name;
const rows = all.filter((row) => row.period === period).sort((a, b) => a.qlike - b.qlike);
if (rows.length === 0)
  throw new Error(`Cannot show the record: the leaderboard has no period ${period}; run make report`);

const weights = await lake.read("combination_weights");
const trials = countTrials(await lake.read("trials"), readResearchLedger());

show("README.md", "record", [readmeTable(), ...(await otherViews()), gatesMissed(), triedText()].join("\n"));
show("docs/evaluation.md", "comparison", config.horizons.map(comparison).join("\n\n"));
show("docs/models.md", "choices", choices());

function show(page: string, marker: string, text: string): void {
  if (!argv.write) {
    console.log(`${text}\n`);
    return;
  }
  writeMarked(page, {marker, text});
}

function readmeTable(): string {
  const shown = [config.champion, ...README_MODELS, ...README_BASELINES];
  const main = rows.filter(({horizon, model}) => horizon === 5 && shown.includes(model));
  const lines = main.map((row) =>
    cells([
      row.model === config.champion ? `**${row.model}**` : row.model,
      row.qlike.toFixed(4),
      percent(row.gain_qlike_rv20),
      `${row.rmse_pct.toFixed(3)} %`,
      percent(row.gain_rmse_rv20),
      signed(row.dm_t_har_vix),
      row.mcs_p.toFixed(2),
      row.bias.toFixed(2),
      rowOf(1, row.model).qlike.toFixed(3),
      rowOf(22, row.model).qlike.toFixed(4),
    ]),
  );
  const champion = config.horizons.map((horizon) => rowOf(horizon, config.champion));
  const each = (value: (row: LeaderboardRow) => string) => champion.map(value).join(", ");
  return [
    "| model | QLIKE | less than rv20 by | RMSE | less by | t | MCS p | bias | QLIKE, 1 session | 22 sessions |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...lines,
    "",
    `The champion \`${config.champion}\` against log_har_vix, 1, 5 and 22 sessions ahead:`,
    "",
    `- Gain in QLIKE: ${each((row) => `${percent(row.gain_qlike_har_vix)} [${percent(row.gain_qlike_har_vix_lo)}, ${percent(row.gain_qlike_har_vix_hi)}] (t ${signed(row.dm_t_har_vix)})`)}; in brackets the 95 % block bootstrap.`,
  ].join("\n");
}

// The champion against the regression by other losses, and of late: where the claim is weaker than by QLIKE.
async function otherViews(): Promise<string[]> {
  const {first, last} = config.walk_forward.reference_period;
  const recent = `${Number(last.slice(0, 4)) - 1}-01-01`;
  const under = (loss: ScoreLoss, from = first) =>
    eachHorizon(async (horizon) => gainText(await championUnder(loss, {horizon, first: from, last})));
  return [
    `- Gain in RMSE of volatility: ${await under("rmse")}; of variance, which a few weeks decide: ${await under("rmse_variance")}.`,
    `- Gain in QLIKE in ${recent.slice(0, 4)} and ${last.slice(0, 4)} alone: ${await under("qlike", recent)}.`,
    `- Mean forecast over mean outcome, on variance: ${config.horizons.map((horizon) => rowOf(horizon, config.champion).bias.toFixed(2)).join(", ")}.`,
  ];
}

async function championUnder(
  loss: ScoreLoss,
  {horizon, first, last}: {readonly horizon: number; readonly first: string; readonly last: string},
): Promise<RescoredRow> {
  const scored = await readScored(lake, {horizon, models: [config.champion, REFERENCE]});
  const span = {name: "span", first: sessionDate(first), last: sessionDate(last)};
  const own = rescoreForecasts(scored, {period: span, loss, baseline: REFERENCE, seed: config.seed});
  return own.find(({model}) => model === config.champion)!;
}

function gainText({gain, dm_t: t}: RescoredRow): string {
  return `${percent(gain)}${Number.isFinite(t) ? ` (t ${signed(t)})` : ""}`;
}

async function eachHorizon(text: (horizon: number) => Promise<string>): Promise<string> {
  const parts = [];
  for (const horizon of config.horizons) parts.push(await text(horizon));
  return parts.join(", ");
}

// Every gate that the champion's record does not pass, over all its forecasts; the values stand on the site.
function gatesMissed(): string {
  const lines = config.horizons.map((horizon) => {
    const gates = modelGates(all, {model: config.champion, horizon, config});
    const missed = gates.filter(({judged, passed}) => judged && !passed);
    const named = missed.map(({name, claim, value}) => {
      const shown = name === "worst_year" || name.startsWith("gain") ? percent(value) : value.toFixed(2);
      return `${claim}: ${shown}`;
    });
    return missed.length === 0 ? `at ${horizon} none` : `at ${horizon} ${named.join(" and ")}`;
  });
  return `- Gates missed, over all forecasts since ${config.walk_forward.first_origin.slice(0, 4)}: ${lines.join("; ")}.`;
}

function triedText(): string {
  return `- Configurations tried: at least ${trials.committed} before and ${trials.lake} in this lake.`;
}

function comparison(horizon: number): string {
  const own = rows.filter((row) => row.horizon === horizon);
  const {n, n_effective: independent} = own[0]!;
  return [
    `${horizon} ${horizon === 1 ? "session" : "sessions"} ahead, n = ${n.toLocaleString("en-US")}, ${Math.floor(independent).toLocaleString("en-US")} independent`,
    "",
    "| model | QLIKE | gain | RMSE % | gain | MAE % | R2 | bias | t rv20 | t log_har_vix | MCS p, T_max | T_R | worst year |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ...own.map((row) =>
      cells([
        row.model,
        row.qlike.toFixed(4),
        percent(row.gain_qlike_rv20),
        row.rmse_pct.toFixed(3),
        percent(row.gain_rmse_rv20),
        row.mae_pct.toFixed(3),
        row.r2.toFixed(3),
        row.bias.toFixed(3),
        signed(row.dm_t_rv20),
        signed(row.dm_t_har_vix),
        row.mcs_p.toFixed(3),
        row.mcs_p_range.toFixed(3),
        worstYear(row),
      ]),
    ),
  ].join("\n");
}

// How often the rule took each member since the reference period began.
function choices(): string {
  const first = config.walk_forward.reference_period.first;
  const counts = choiceCounts(weights, {model: config.champion, from: Date.parse(first) / 86_400_000});
  const lines = config.horizons.map((horizon) => {
    const own = [...counts].filter(([key]) => key.startsWith(`${horizon} `));
    const total = own.reduce((sum, [, weight]) => sum + weight, 0);
    const taken = own.map(([key, weight]) => `\`${key.split(" ")[1]}\` ${Math.round(weight)} times`);
    return `- ${horizon} ahead, ${Math.round(total)} choices: ${taken.join(", ")}`;
  });
  return lines.join("\n");
}

function choiceCounts(table: Table, {model, from}: {model: string; from: number}): Map<string, number> {
  const counts = new Map<string, number>();
  const names = texts(table, "model");
  const members = texts(table, "member");
  const dates = numbers(table, "date");
  const horizons = numbers(table, "horizon");
  numbers(table, "weight").forEach((weight, i) => {
    if (names[i] !== model || dates[i]! < from || weight === 0) return;
    const key = `${horizons[i]} ${members[i]}`;
    counts.set(key, (counts.get(key) ?? 0) + weight);
  });
  return counts;
}

function worstYear({model, horizon}: LeaderboardRow): string {
  const [first, last] = [
    config.walk_forward.reference_period.first,
    config.walk_forward.reference_period.last,
  ];
  const years = all
    .filter((row) => row.model === model && row.horizon === horizon && /^\d{4}$/.test(row.period))
    .filter(
      (row) => row.n >= FEWEST_A_YEAR && row.period >= first.slice(0, 4) && row.period <= last.slice(0, 4),
    )
    .sort((a, b) => a.gain_qlike_rv20 - b.gain_qlike_rv20);
  const [worst] = years;
  return worst ? `${worst.period} ${percent(worst.gain_qlike_rv20, 0)}` : "";
}

function rowOf(horizon: number, model: string): LeaderboardRow {
  return rows.find((row) => row.horizon === horizon && row.model === model)!;
}

function cells(values: readonly string[]): string {
  return `| ${values.join(" | ")} |`;
}

function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : "";
}

function signed(t: number): string {
  return Number.isFinite(t) ? t.toFixed(2) : "";
}
