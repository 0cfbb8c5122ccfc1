import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {fitGarch} from "./fitGarch.ts";
import {hasShared, poundReturns, publishedGarch, specifications} from "./garch.fixture.ts";
import {readReferences, referenceCases} from "./references.fixture.ts";
import {simulateGarch} from "./simulateGarch.ts";
import {garchStandardErrors} from "./standardErrors.ts";

describe("garchStandardErrors()", () => {
  it.skipIf(!hasShared)("by the Hessian are those published by Fiorentini, Calzolari and Panattoni", () => {
    const returns = poundReturns();
    const {hessian} = garchStandardErrors(fitGarch(returns), returns);
    const {mu, omega, alpha1, beta1} = publishedGarch().std_err;
    expect(hessian.mu! / mu!).toBeCloseTo(1, 5);
    expect(hessian.omega! / omega!).toBeCloseTo(1, 5);
    expect(hessian.alpha! / alpha1!).toBeCloseTo(1, 5);
    expect(hessian.beta! / beta1!).toBeCloseTo(1, 5);
  });

  const references = readReferences();
  it.each(referenceCases())(
    "of $name, all three kinds, agree with numerical derivatives elsewhere",
    ({name, specification, returns}) => {
      const errors = garchStandardErrors(fitGarch(returns, specification), returns);
      const expected = references.python[name]!;
      for (const kind of ["hessian", "sandwich", "outerProduct"] as const) {
        expect(Object.keys(errors[kind])).toEqual(Object.keys(expected[kind]));
        for (const [parameter, value] of Object.entries(expected[kind])) {
          const ratio = errors[kind][parameter as "mu"]! / value;
          expect(Math.abs(ratio - 1)).toBeLessThan(1e-3); // the differences there are good to that
        }
      }
    },
  );

  it("part where innovations are not normal: the sandwich is then the larger", () => {
    const {returns} = simulateGarch({variance: "garch"}, specifications[1]!.parameters, {
      length: 8000,
      random: createRandom(8),
    });
    const {hessian, sandwich, outerProduct} = garchStandardErrors(fitGarch(returns), returns);
    expect(sandwich.alpha!).toBeGreaterThan(1.15 * hessian.alpha!);
    expect(outerProduct.alpha!).toBeLessThan(0.85 * hessian.alpha!);
  });

  it("follow the unit of the returns", () => {
    const [, , {specification, returns}] = referenceCases() as [
      never,
      never,
      ReturnType<typeof referenceCases>[0],
    ];
    const small = returns.map((r) => r / 100);
    const percent = garchStandardErrors(fitGarch(returns, specification), returns).sandwich;
    const fraction = garchStandardErrors(fitGarch(small, specification), small).sandwich;
    expect((100 * fraction.mu!) / percent.mu!).toBeCloseTo(1, 4);
    expect((1e4 * fraction.omega!) / percent.omega!).toBeCloseTo(1, 4);
    expect(fraction.gamma! / percent.gamma!).toBeCloseTo(1, 4);
  });

  it("refuse returns that the fit did not see", () => {
    const {returns} = referenceCases()[0]!;
    expect(() => garchStandardErrors(fitGarch(returns), returns.subarray(1))).toThrow(
      "Cannot compute standard errors: the fit saw 2500 returns, there are 2499; give the same",
    );
  });
});
