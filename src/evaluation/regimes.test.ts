import {describe, expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {planRegimes} from "./regimes.ts";
import type {ScoredForecasts} from "./scoredForecasts.ts";

const SESSIONS = 1200;
const FIRST_SCORED = 400;

describe("planRegimes()", () => {
  it("puts a day by the share of closes so far that lie below its own", () => {
    const index = simulateIndex();
    const regimes = planRegimes(simulateScored(), index);
    const thirds = ["vix_low", "vix_middle", "vix_high"].map(
      (name) => regimes.find((regime) => regime.name === name)!,
    );
    for (const at of [0, 137, 799]) {
      const t = FIRST_SCORED + at;
      const below = index.level.slice(0, t + 1).filter((value) => value < index.level[t]!).length;
      const third = Math.min(2, Math.floor((3 * (below + 0.5)) / (t + 1)));
      expect(thirds.map(({members}) => members![at])).toEqual([0, 1, 2].map((k) => (k === third ? 1 : 0)));
    }
  });

  it("is moved by nothing that comes later", () => {
    const index = simulateIndex();
    const before = planRegimes(simulateScored(), index);
    const changed = {...index, level: index.level.map((value, t) => (t > 900 ? 10 * value + t : value))};
    const after = planRegimes(simulateScored(), changed);
    const upTo = (name: string, regimes: typeof before) =>
      regimes.find((regime) => regime.name === name)!.members!.slice(0, 901 - FIRST_SCORED);
    for (const name of ["vix_low", "vix_middle", "vix_high"])
      expect(upTo(name, after)).toEqual(upTo(name, before));
  });

  it("calls stress the tenth of the scored sessions with the largest outcomes, and marks it as chosen by them", () => {
    const scored = simulateScored();
    scored.actual[3] = Number.NaN;
    scored.forecasts.rv20!.variance[5] = Number.NaN;
    const stress = planRegimes(scored, simulateIndex()).find(({name}) => name === "stress")!;
    const rows = [...stress.members!.keys()].filter((t) => stress.members![t] === 1);
    expect(rows).toHaveLength(79); // a tenth of 798
    expect(stress.byOutcome).toBe(true);
    const least = Math.min(...rows.map((t) => scored.actual[t]!));
    const others = scored.actual.filter((_, t) => ![3, 5].includes(t) && stress.members![t] === 0);
    expect(Math.max(...others)).toBeLessThanOrEqual(least);
  });

  it("has no thirds without an index, nor before 250 of its closes", () => {
    const index = simulateIndex();
    const none = {...index, level: index.level.map(() => Number.NaN)};
    expect(planRegimes(simulateScored(), none).map(({name}) => name)).toEqual(["stress"]);
    const late = {...index, level: index.level.map((value, t) => (t < 300 ? Number.NaN : value))};
    const members = planRegimes(simulateScored(), late).filter(({byOutcome}) => !byOutcome);
    const first = Math.min(...members.map((regime) => regime.members!.indexOf(1)));
    expect(first).toBe(300 + 249 - FIRST_SCORED);
  });
});

function simulateIndex(): {sessions: Int32Array; level: Float64Array} {
  const random = createRandom(8);
  let log = 3;
  const level = Float64Array.from({length: SESSIONS}, () => {
    log = 3 + 0.98 * (log - 3) + 0.06 * random.normal();
    return Math.exp(log);
  });
  return {sessions: Int32Array.from({length: SESSIONS}, (_, t) => 10_000 + t), level};
}

function simulateScored(): ScoredForecasts {
  const random = createRandom(9);
  const n = SESSIONS - FIRST_SCORED;
  const values = () => Float64Array.from({length: n}, () => random.uniform() + 0.01);
  return {
    sessions: Int32Array.from({length: n}, (_, t) => 10_000 + FIRST_SCORED + t),
    horizon: 5,
    actual: values(),
    forecasts: {rv20: {variance: values(), volatility: values()}},
  };
}
