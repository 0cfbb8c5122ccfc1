// What would the champion's rule have scored with another memory? node bench/ruleMemory.ts [lake's folder] prints the
// table of docs/models.md; `--write` puts it there.
import {readFileSync} from "node:fs";
import {argv} from "zx";
import {readForecasts} from "../pipeline/forecasts.ts";
import {writeMarked} from "../pipeline/markedText.ts";
import {configuredCombinations} from "../pipeline/universe.ts";
import {readConfig} from "../src/config.ts";
import {combineForecasts} from "../src/evaluation/combineForecasts.ts";
import {type LeaderboardRow, scorePeriod} from "../src/evaluation/scorecard.ts";
import {periodLosses, type ScoredForecasts} from "../src/evaluation/scoredForecasts.ts";
import type {ForecastSeries} from "../src/evaluation/walkForward.ts";
import {leaderWeights, type TrackRecord} from "../src/models/combination.ts";
import {openLake} from "../src/store/lake.ts";
import {localDirectory} from "../src/store/localDirectory.ts";
import {sessionDate} from "../src/units.ts";

const QUARTER = 63; // sessions

/** What a rule remembers: forecasts from a first session on, and of these what its losses weigh. */
interface Memory {
  readonly title: string;
  readonly firstOrigin?: string;
  readonly weigh?: (losses: Float64Array) => Float64Array;
}

const config = readConfig("config/default.yaml", (path) => readFileSync(path, "utf8"));
const {first_origin, reference_period} = config.walk_forward;
const period = {
  name: reference_period.name,
  first: sessionDate(reference_period.first),
  last: sessionDate(reference_period.last),
};
const rule = configuredCombinations(config).find(({name}) => name === config.champion);
if (rule?.kind !== "leader") {
  throw new Error(
    `Cannot vary the memory of ${config.champion}: it must be a combination of the kind leader, current value is ${rule?.kind ?? "a model"}`,
  );
}

const MEMORIES: readonly Memory[] = [
  {title: `all outcomes since ${first_origin}: the rule`},
  ...["2002-01-02", "2003-12-26"].map((day) => ({title: `all since ${day}`, firstOrigin: day})),
  ...[0.95, 0.9].map((share) => ({
    title: `a loss of a quarter ago counts ${share}`,
    weigh: discounted(share ** (1 / QUARTER)),
  })),
  ...[2520, 1260, 1000, 504, 252].map((count) => ({
    title: `the last ${count} outcomes`,
    weigh: (losses: Float64Array) => losses.subarray(-count),
  })),
];

const folder = String(argv._[0] ?? "data/csv");
const lake = openLake({store: localDirectory(folder)});
const forecasts = readForecasts(await lake.read("walkforward_daily"), await lake.read("labels_daily"));
const columns = config.horizons.map((horizon) => scoreMemories(horizon));
const table = [
  `| the rule learns from | ${config.horizons.map((horizon) => `QLIKE, ${horizon} ahead | bias`).join(" | ")} |`,
  `|---|${"---:|---:|".repeat(config.horizons.length)}`,
  ...MEMORIES.map(({title}, i) => {
    const figures = columns.map((rows) => `${rows[i]!.qlike.toFixed(4)} | ${rows[i]!.bias.toFixed(3)}`);
    return `| ${[title, ...figures].join(" | ")} |`;
  }),
].join("\n");
console.log(table);
if (argv.write) writeMarked("docs/models.md", {marker: "memory", text: table});

// A row a memory, in their order, all on the same sessions.
function scoreMemories(horizon: number): LeaderboardRow[] {
  const {sessions, actual, forecasts: known, trainedThrough} = forecasts(horizon);
  const series = rule!.members.map((member): ForecastSeries => {
    const found = known[member];
    if (!found) throw new RangeError(`Cannot combine ${member}: ${folder} has no forecasts of it`);
    return {...found, trainedThrough: trainedThrough[member]!};
  });
  const remembered = MEMORIES.map(({title, firstOrigin, weigh}) => {
    const first = sessions.findIndex((day) => day >= sessionDate(firstOrigin ?? first_origin));
    const choose = (record: TrackRecord): Float64Array =>
      leaderWeights(weigh ? {...record, loss: record.loss.map(weigh)} : record);
    const members = series.map((own) => from(first, own));
    return [title, combineForecasts({...rule!, weigh: choose}, members, {sessions, actual, horizon})];
  });
  const scored: ScoredForecasts = {sessions, horizon, actual, forecasts: Object.fromEntries(remembered)};
  const losses = periodLosses(scored, period);
  if (!losses) throw new RangeError(`Cannot score the rule: ${folder} has no forecasts of ${period.name}`);
  return scorePeriod(losses, undefined);
}

// As if the walk-forward had begun there.
function from(first: number, {variance, volatility, trainedThrough}: ForecastSeries): ForecastSeries {
  const cut = (values: Float64Array): Float64Array =>
    values.map((value, t) => (t < first ? Number.NaN : value));
  return {variance: cut(variance), volatility: cut(volatility), trainedThrough};
}

// The members' means are compared with each other alone: weights need not sum to the number of losses.
function discounted(share: number): (losses: Float64Array) => Float64Array {
  return (losses) => losses.map((loss, i) => share ** (losses.length - 1 - i) * loss);
}
