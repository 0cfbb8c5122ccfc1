import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {fitGarch} from "./fitGarch.ts";
import {forecastGarch} from "./forecastGarch.ts";
import {hasShared, poundReturns, publishedGarch, sharedReturns, specifications} from "./garch.fixture.ts";
import {createGarchLikelihood} from "./likelihood.ts";
import {readReferences, referenceCases} from "./references.fixture.ts";
import {simulateGarch} from "./simulateGarch.ts";
import {type GarchParameter, type GarchSpecification, toVector} from "./specification.ts";
import {garchStandardErrors} from "./standardErrors.ts";

describe("fitGarch() against published and other estimates", () => {
  it.skipIf(!hasShared)("finds the coefficients of Fiorentini, Calzolari and Panattoni", () => {
    const {parameters, convergence} = fitGarch(poundReturns());
    const {mu, omega, alpha1, beta1} = publishedGarch().params;
    expect(parameters.mu / mu!).toBeCloseTo(1, 5);
    expect(Math.abs(parameters.omega / omega! - 1)).toBeLessThan(2e-5);
    expect(parameters.alpha / alpha1!).toBeCloseTo(1, 5);
    expect(parameters.beta / beta1!).toBeCloseTo(1, 5);
    expect(convergence.converged).toBe(true);
  });

  const references = readReferences();
  it.each(referenceCases())("of $name agrees with a likelihood written elsewhere", (reference) => {
    const {name, specification, returns} = reference;
    const fit = fitGarch(returns, specification);
    const expected = references.python[name]!;
    const errors = garchStandardErrors(fit, returns).hessian;
    expect(fit.logLikelihood).toBeCloseTo(expected.logLikelihood, 6);
    for (const [parameter, value] of Object.entries(expected.parameters)) {
      const at = parameter as GarchParameter;
      expect(Math.abs(fit.parameters[at]! - value) / errors[at]!).toBeLessThan(1e-4);
    }
  });

  // fGarch starts the recursion of its asymmetric model otherwise than that of GARCH, where it agrees to five digits.
  it.each(referenceCases().filter(({name}) => references.fGarch[name]))(
    "of $name agrees with fGarch",
    (reference) => {
      const {name, specification, returns} = reference;
      const fit = fitGarch(returns, specification);
      const errors = garchStandardErrors(fit, returns).hessian;
      const {logLikelihood, ...expected} = references.fGarch[name]!;
      const exact = specification.variance === "garch";
      expect(Math.abs(fit.logLikelihood - logLikelihood)).toBeLessThan(exact ? 1e-5 : 0.05);
      for (const [parameter, value] of Object.entries(expected)) {
        const at = parameter as GarchParameter;
        expect(Math.abs(fit.parameters[at]! - value) / errors[at]!).toBeLessThan(exact ? 1e-4 : 0.06);
      }
    },
  );
});

describe.each(specifications)("fitGarch() of $name", ({specification, parameters}) => {
  const {returns} = simulateGarch(specification, parameters, {length: 12_000, random: createRandom(6)});
  const fit = fitGarch(returns, specification);

  it("recovers what made the returns, within four standard errors", () => {
    const errors = garchStandardErrors(fit, returns).sandwich;
    for (const [parameter, error] of Object.entries(errors)) {
      const at = parameter as GarchParameter;
      expect(Math.abs(fit.parameters[at]! - parameters[at]!) / error).toBeLessThan(4);
    }
    expect(fit.convergence).toMatchObject({converged: true, atBounds: []});
  });

  it("follows the unit of the returns and nothing else does", () => {
    const small = fitGarch(
      returns.map((r) => r / 100),
      specification,
    );
    expect((100 * small.parameters.mu) / fit.parameters.mu).toBeCloseTo(1, 3);
    for (const name of ["alpha", "gamma", "beta"] as const)
      expect(small.parameters[name]).toBeCloseTo(fit.parameters[name], 4);
    expect((1e4 * small.nextVariance) / fit.nextVariance).toBeCloseTo(1, 4);
    expect(small.logLikelihood - returns.length * Math.log(100)).toBeCloseTo(fit.logLikelihood, 4);
  });

  it("finds the same top from its own estimates, in fewer steps", () => {
    let [cold, warm] = [0, 0];
    let start = fit;
    for (let first = 1; first <= 6; first++) {
      const later = returns.subarray(first);
      const fresh = fitGarch(later, specification);
      start = fitGarch(later, {...specification, start});
      const bare = fitGarch(later, {...specification, start: {parameters: fit.parameters}});
      for (const other of [start, bare])
        expect(Math.abs(other.logLikelihood - fresh.logLikelihood)).toBeLessThan(1e-6);
      cold += fresh.convergence.evaluations;
      warm += start.convergence.evaluations;
    }
    expect(warm).toBeLessThan(cold);
  });

  it("is plain JSON, the same for the same returns, which it leaves alone", () => {
    const kept = returns.slice();
    expect(JSON.parse(JSON.stringify(fit))).toEqual(fit);
    expect(JSON.stringify(fitGarch(returns, specification))).toBe(JSON.stringify(fit));
    expect(returns).toEqual(kept);
  });

  it("holds the mean at zero where asked, and the start of the recursion where given", () => {
    const zero = fitGarch(returns, {...specification, mean: "zero"});
    expect(zero.parameters.mu).toBe(0);
    expect(zero.logLikelihood).toBeLessThan(fit.logLikelihood);
    const started = fitGarch(returns, {...specification, presampleVariance: 20});
    expect([started.presampleVariance, started.presampleGiven]).toEqual([20, true]);
    expect(started.logLikelihood).not.toBe(fit.logLikelihood);
    expect(started.parameters.beta).toBeCloseTo(fit.parameters.beta, 1);
  });
});

describe("fitGarch() on its bounds", () => {
  const gjrReturns = (seed: number, alpha: number) =>
    simulateGarch(
      {variance: "gjr"},
      {mu: 0, omega: 0.02, alpha, gamma: 0.2, beta: 0.87 - alpha, nu: null},
      {length: 3000, random: createRandom(seed)},
    ).returns;

  it("reaches one in a few steps, and says so", () => {
    const fit = fitGarch(gjrReturns(1, 0), {variance: "gjr"});
    expect(fit.parameters.alpha).toBeLessThan(1e-9);
    expect(fit.convergence).toMatchObject({converged: true, atBounds: ["alpha"]});
    expect(fit.convergence.evaluations).toBeLessThan(25);

    const random = createRandom(0);
    const parameters = {mu: 0, omega: 0.02, alpha: 0.12, gamma: 0, beta: 0.88, nu: null};
    const {returns} = simulateGarch({variance: "garch"}, parameters, {length: 3000, random, nextVariance: 1});
    expect(fitGarch(returns).convergence).toMatchObject({converged: true, atBounds: ["persistence"]});
  });

  it("leaves one on which it was told to start", () => {
    const returns = gjrReturns(2, 0.05);
    const cold = fitGarch(returns, {variance: "gjr"});
    const start = {parameters: {...cold.parameters, alpha: 0, beta: 1}};
    const warm = fitGarch(returns, {variance: "gjr", start});
    expect(warm.logLikelihood).toBeCloseTo(cold.logLikelihood, 6);
    expect(warm.parameters.alpha).toBeGreaterThan(0.02);
  });

  it("lets rises be the greater news, but no news be negative", () => {
    const parameters = {mu: 0, omega: 0.02, alpha: 0.15, gamma: -0.12, beta: 0.88, nu: null};
    const {returns} = simulateGarch({variance: "gjr"}, parameters, {length: 12_000, random: createRandom(1)});
    const {alpha, gamma} = fitGarch(returns, {variance: "gjr"}).parameters;
    expect(gamma).toBeLessThan(-0.08);
    expect(alpha + gamma).toBeGreaterThanOrEqual(0);
  });

  it("finds no end to ν where innovations are normal, nor news where there are none", () => {
    const random = createRandom(12);
    const returns = Float64Array.from({length: 2000}, () => random.normal());
    const fit = fitGarch(returns, {innovations: "student"});
    expect(fit.convergence.converged).toBe(true);
    expect(fit.parameters.nu!).toBeGreaterThan(30);
    expect(fit.parameters.alpha).toBeLessThan(0.05);
    expect(fit.nextVariance).toBeGreaterThan(0.8);
    expect(fit.nextVariance).toBeLessThan(1.2);
  });
});

describe("fitGarch() on returns that no market makes", () => {
  const random = createRandom(3);
  const make = (value: (t: number) => number) => Float64Array.from({length: 300}, (_, t) => value(t));
  const odd: readonly [string, Float64Array][] = [
    ["mostly unchanged", make((t) => (t % 10 === 0 ? random.normal() : 0))],
    ["still for months at a time", make((t) => (Math.floor(t / 50) % 2 ? 0 : random.normal()))],
    ["one enormous return", make((t) => (t === 150 ? 1e4 : random.normal()))],
    ["an enormous last return", make((t) => (t === 299 ? 1e3 : random.normal()))],
    ["one return that is not zero", make((t) => (t === 5 ? 1 : 0))],
    ["up and down by turns", make((t) => (t % 2 ? 1 : -1))],
    ["a straight line", make((t) => t / 300)],
    ["an exploding variance", make((t) => Math.exp(t / 10) * random.normal())],
    ["no moments", make(() => random.normal() / random.normal())],
    ["a tiny unit", make(() => 1e-12 * random.normal())],
  ];
  it.each(odd)("%s: every figure is finite, and garch and gjr converge", (_, returns) => {
    for (const {specification} of specifications) {
      const fit = fitGarch(returns, specification);
      const {variances} = forecastGarch(fit, {horizon: 30});
      expect(Number.isFinite(fit.logLikelihood)).toBe(true);
      expect(variances.every((variance) => variance > 0 && Number.isFinite(variance))).toBe(true);
      expect(JSON.parse(JSON.stringify(fit))).toEqual(fit);
      if (specification.variance !== "egarch") expect(fit.convergence.converged).toBe(true);
    }
  });
});

describe.skipIf(!hasShared)("fitGarch() on real returns", () => {
  const symbols = ["SPY", "BVSP", "EURUSD_X", "GLD", "AAPL", "TLT"];
  it.each(symbols)("of %s is nowhere below other starts, nor below a grid", (symbol) => {
    const returns = sharedReturns(symbol).slice(-4500);
    for (const {specification} of specifications) {
      const fit = fitGarch(returns, specification);
      const shortfall = bestOfOthers(returns, specification) - fit.logLikelihood;
      expect([symbol, specification, fit.convergence.converged, shortfall < 1e-3]).toEqual([
        symbol,
        specification,
        true,
        true,
      ]);
    }
  });
});

describe("fitGarch() refuses", () => {
  const random = createRandom(1);
  const returns = Float64Array.from({length: 300}, () => random.normal());

  it.each([
    [
      "a short history",
      returns.subarray(0, 98),
      /it needs at least 99 returns \(100 sessions\), there are 98/,
    ],
    ["a missing return", returns.with(7, Number.NaN), /return 7 of 300 is NaN; leave sessions without/],
    ["an infinite return", returns.with(9, Number.POSITIVE_INFINITY), /return 9 of 300 is Infinity/],
    [
      "returns that never vary",
      new Float64Array(300).fill(0.01),
      /the 300 returns do not vary, all are 0.01/,
    ],
    ["no movement", new Float64Array(300), /the 300 returns do not vary, all are 0/],
  ])("%s", (_, bad, message) => {
    expect(() => fitGarch(bad)).toThrow(message);
  });

  it.each([0, -1, Number.NaN])("a presample variance of %d", (presampleVariance) => {
    expect(() => fitGarch(returns, {presampleVariance})).toThrow(
      `presampleVariance must be > 0, current value is ${presampleVariance}`,
    );
  });
});

// The likeliest of a fine grid over persistence, news and leverage, and of searches from far-off starts.
function bestOfOthers(returns: Float64Array, specification: GarchSpecification): number {
  const variance = returns.reduce((sum, r) => sum + r * r, 0) / returns.length;
  const {loss} = createGarchLikelihood(specification, {returns, presample: Number.NaN});
  const mu = returns.reduce((sum, r) => sum + r, 0) / returns.length;
  const nu = specification.innovations === "student" ? 6 : null;
  const log = specification.variance === "egarch";
  let best = Number.NEGATIVE_INFINITY;
  for (const kept of [0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995]) {
    for (const news of [0.02, 0.04, 0.06, 0.08, 0.12, 0.16]) {
      for (const lean of specification.variance === "garch" ? [0] : [-0.3, 0, 0.3, 0.6, 0.9]) {
        const alpha = log ? 2 * news : news * (1 - lean);
        const gamma = log ? -2 * news * lean : 2 * news * lean;
        const level = log ? Math.log(variance) : variance;
        const parameters = {mu, omega: level * (1 - kept), alpha, gamma, beta: log ? kept : kept - news, nu};
        best = Math.max(best, -loss(toVector(parameters)));
        if (news === 0.08 && Math.abs(lean) < 0.4 && kept !== 0.97 && kept !== 0.98)
          best = Math.max(best, fitGarch(returns, {...specification, start: {parameters}}).logLikelihood);
      }
    }
  }
  return best;
}
