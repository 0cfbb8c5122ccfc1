// How often do the tests err where the truth is known? The table of docs/evaluation.md: node bench/sizes.ts
import {dieboldMariano} from "../src/evaluation/dieboldMariano.ts";
import {fluctuationTest} from "../src/evaluation/fluctuation.ts";
import {qlike} from "../src/evaluation/losses.ts";
import {mincerZarnowitz} from "../src/evaluation/mincerZarnowitz.ts";
import {confidenceSetOf} from "../src/evaluation/modelConfidenceSet.ts";
import {knownVariance} from "../src/evaluation/overlapping.fixture.ts";
import {percentileInterval, resampleMeans} from "../src/evaluation/stationaryBootstrap.ts";
import {superiorAbilityOf} from "../src/evaluation/superiorAbility.ts";
import {createRandom, type Random} from "../src/random.ts";

const TRIALS = 400;
const RESAMPLES = 400;
const CASES = [
  {n: 1000, horizon: 1},
  {n: 1000, horizon: 5},
  {n: 4776, horizon: 5},
  {n: 4776, horizon: 22},
];

console.log(
  `${TRIALS} samples a column, ${RESAMPLES} resamples; forecasts of a known variance, losses QLIKE, all tests at a nominal 5 %\n`,
);
console.log(
  `| share of samples, % | ${CASES.map(({n, horizon}) => `n = ${n}, h = ${horizon}`).join(" | ")} |`,
);
console.log(`|---|${CASES.map(() => "---:|").join("")}`);
const columns = CASES.map((own) => column(own));
for (const name of Object.keys(columns[0]!))
  console.log(`| ${name} | ${columns.map((own) => ((100 * own[name]!) / TRIALS).toFixed(1)).join(" | ")} |`);

function column({n, horizon}: {n: number; horizon: number}): Record<string, number> {
  const random = createRandom(20050103);
  const count: Record<string, number> = {};
  const add = (name: string, happened: boolean) => {
    count[name] = (count[name] ?? 0) + (happened ? 1 : 0);
  };
  for (let trial = 0; trial < TRIALS; trial++) {
    const {outcome, expected} = knownVariance(random, {n, horizon});
    const equal = [0.3, 0.3, 0.3, 0.3, 0.3].map((noise) => losses(random, {outcome, expected, noise}));
    const ranked = [0.05, 0.1, 0.2, 0.3, 0.5].map((noise) => losses(random, {outcome, expected, noise}));
    const [first, second] = equal as [Float64Array, Float64Array];
    add("Diebold-Mariano rejects equals", dieboldMariano([first, second], {horizon}).p < 0.05);
    const {extreme, critical} = fluctuationTest([first, second], {horizon});
    add("fluctuation test rejects equals", Math.abs(extreme) > critical);
    const meanBlock = Math.max(22, 3 * horizon);
    const ability = superiorAbilityOf(resampleMeans(equal, {random, meanBlock, resamples: RESAMPLES}), 0);
    add("superior ability rejects an equal, consistent", ability.consistent < 0.05);
    add("superior ability rejects an equal, upper", ability.upper < 0.05);
    const {waldP, scoreP} = mincerZarnowitz([outcome, expected], {horizon});
    add("Mincer-Zarnowitz rejects the truth, Wald", waldP < 0.05);
    add("Mincer-Zarnowitz rejects the truth, score", scoreP < 0.05);
    const set = resampleMeans(ranked, {random, resamples: RESAMPLES});
    add("90 % confidence set keeps the best, T_max", confidenceSetOf(set, "max")[0]! >= 0.1);
    add("90 % confidence set keeps the best, T_R", confidenceSetOf(set, "range")[0]! >= 0.1);
    const long = resampleMeans([first, second], {random, meanBlock, resamples: RESAMPLES});
    const {lo, hi} = percentileInterval(long.resampled[0]!.map((a, b) => 1 - a / long.resampled[1]![b]!));
    add("95 % interval of a gain holds the true one, 0", lo <= 0 && hi >= 0);
  }
  return count;
}

// QLIKE of a forecast that sees the variance through noise of this spread in logs, which lasts for days.
function losses(
  random: Random,
  {outcome, expected, noise}: {outcome: Float64Array; expected: Float64Array; noise: number},
): Float64Array {
  let error = noise * random.normal();
  const persistence = 0.9;
  return qlike(
    outcome,
    expected.map((variance) => {
      error = persistence * error + noise * Math.sqrt(1 - persistence ** 2) * random.normal();
      return variance * Math.exp(error - noise ** 2 / 2);
    }),
  );
}
