import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {filterVariance} from "./filterVariance.ts";
import {fitGarch} from "./fitGarch.ts";
import {forecastGarch} from "./forecastGarch.ts";
import {specifications} from "./garch.fixture.ts";
import {simulateGarch} from "./simulateGarch.ts";
import {persistence} from "./specification.ts";

const PATHS = 25_000;
const HORIZON = 30;

describe.each(specifications)("forecastGarch() of $name", ({specification, parameters}) => {
  // Student's egarch has no exact forecast: its approximation is up to 2 % below, and the simulation noisy by half that.
  const tolerance = specification.variance === "egarch" && parameters.nu !== null ? 0.035 : 0.02;

  it.each([0.3, 6])("is the mean of simulated sessions, the next one's variance being %d", (nextVariance) => {
    const sums = new Float64Array(HORIZON);
    const random = createRandom(5);
    for (let path = 0; path < PATHS; path++) {
      const {variances} = simulateGarch(specification, parameters, {length: HORIZON, random, nextVariance});
      for (let k = 0; k < HORIZON; k++) sums[k]! += variances[k]! / PATHS;
    }
    const {variances} = forecastGarch({specification, parameters, nextVariance}, {horizon: HORIZON});
    variances.forEach((variance, k) => {
      expect(Math.abs(variance / sums[k]! - 1)).toBeLessThan(tolerance);
    });
  });

  it("gives a session each, their roots and their sum", () => {
    const fit = {specification, parameters, nextVariance: 1.7};
    const {variances, volatilities, variance} = forecastGarch(fit, {horizon: HORIZON});
    expect(variances.length).toBe(HORIZON);
    expect(variances[0]).toBeCloseTo(1.7, 14);
    expect(volatilities[4]! ** 2).toBeCloseTo(variances[4]!, 12);
    expect(variance).toBeCloseTo(
      variances.reduce((sum, value) => sum + value, 0),
      10,
    );
    const shorter = forecastGarch(fit, {horizon: 5}).variances;
    expect([...shorter]).toEqual([...variances.subarray(0, 5)]);
  });

  it("forgets where it began", () => {
    const far = (nextVariance: number) =>
      forecastGarch({specification, parameters, nextVariance}, {horizon: 2000}).variances[1999]!;
    expect(far(0.01) / far(20)).toBeCloseTo(1, 6);
    if (specification.variance !== "egarch")
      expect(far(1)).toBeCloseTo(parameters.omega / (1 - persistence(specification, parameters)), 6);
  });
});

describe("forecastGarch()", () => {
  it("with no persistence to speak of stays finite at its bound", () => {
    const parameters = {mu: 0, omega: 0.01, alpha: 0.1, gamma: 0, beta: 0.9, nu: null};
    const fit = {specification: specifications[0]!.specification, parameters, nextVariance: 2};
    expect(forecastGarch(fit, {horizon: 11}).variances[10]).toBeCloseTo(2.1, 12);
  });

  it.each([0, -1, 2.5, Number.NaN])("refuses a horizon of %d sessions", (horizon) => {
    const {specification, parameters} = specifications[0]!;
    expect(() => forecastGarch({specification, parameters, nextVariance: 1}, {horizon})).toThrow(
      `Cannot forecast ${horizon} sessions ahead`,
    );
  });
});

describe.each(specifications)("filterVariance() of $name", ({specification, parameters}) => {
  const simulated = simulateGarch(specification, parameters, {length: 900, random: createRandom(2)});
  const fit = fitGarch(simulated.returns, specification);

  it("ends with the variance that the fit forecasts from", () => {
    const variances = filterVariance(fit, simulated.returns);
    expect(variances.length).toBe(901);
    expect(variances[900]! / fit.nextVariance).toBeCloseTo(1, 10);
  });

  it("finds the variances that made the returns, once it has forgotten its start", () => {
    const known = filterVariance({specification, parameters, presampleVariance: 30}, simulated.returns);
    for (const t of [600, 750, 899]) expect(known[t]! / simulated.variances[t]!).toBeCloseTo(1, 4);
  });

  it("looks at no return but those before", () => {
    const changed = simulated.returns.map((r, t) => (t < 500 ? r : -9 * r));
    const [before, after] = [simulated.returns, changed].map((returns) => filterVariance(fit, returns));
    expect([...after!.subarray(0, 501)]).toEqual([...before!.subarray(0, 501)]);
    expect(after![501]).not.toBe(before![501]);
  });

  it("moves as expected where a session has no return", () => {
    const gapped = simulated.returns.slice();
    gapped[700] = Number.NaN;
    const variances = filterVariance(fit, gapped);
    expect(variances.every(Number.isFinite)).toBe(true);
    if (specification.variance === "egarch") {
      const {omega, beta} = fit.parameters;
      expect(Math.log(variances[701]!)).toBeCloseTo(omega + beta * Math.log(variances[700]!), 12);
    } else {
      const {variances: path} = forecastGarch({...fit, nextVariance: variances[700]!}, {horizon: 2});
      expect(variances[701]).toBeCloseTo(path[1]!, 12);
    }
  });
});

describe("simulateGarch()", () => {
  it("gives the same returns for the same seed, and others for another", () => {
    const {specification, parameters} = specifications[5]!;
    const of = (seed: number) =>
      simulateGarch(specification, parameters, {length: 50, random: createRandom(seed)}).returns;
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it.each(specifications)(
    "of $name draws innovations of unit variance, and fat tails where asked",
    (entry) => {
      const {returns, variances} = simulateGarch(entry.specification, entry.parameters, {
        length: 200_000,
        random: createRandom(4),
      });
      const z = returns.map((r, t) => (r - entry.parameters.mu) / Math.sqrt(variances[t]!));
      const moment = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / z.length;
      expect(moment(1)).toBeCloseTo(0, 2);
      expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
      if (entry.parameters.nu === null) expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
      else expect(moment(4)).toBeGreaterThan(4.5); // 3 (ν - 2) / (ν - 4) = 6 for ν = 6
    },
  );
});
