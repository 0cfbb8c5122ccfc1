import {describe, expect, it} from "vitest";
import {createRandom} from "../../random.ts";
import {losses} from "./loss.ts";

const random = createRandom(3);
const rows = 50;
const target = Float64Array.from({length: rows}, () => Math.exp(random.normal()));
const margin = Float64Array.from({length: rows}, () => random.normal());
const weights = Float64Array.from({length: rows}, () => random.uniform());

describe.each(["squared", "gamma"] as const)("%s loss", (name) => {
  const loss = losses[name];

  it("differentiate() equals central differences of the mean loss, times the weights", () => {
    const gradient = new Float64Array(rows);
    const hessian = new Float64Array(rows);
    loss.differentiate({target, weights}, {margin, gradient, hessian});
    const step = 1e-4;
    for (let i = 0; i < rows; i++) {
      const at = (m: number) => loss.mean(Float64Array.of(target[i]!), Float64Array.of(m));
      const [down, here, up] = [at(margin[i]! - step), at(margin[i]!), at(margin[i]! + step)];
      expect(gradient[i]).toBeCloseTo((weights[i]! * (up - down)) / (2 * step), 6);
      expect(hessian[i]).toBeCloseTo((weights[i]! * (up - 2 * here + down)) / step ** 2, 5);
    }
  });

  it("baseScore() is where the weighted gradients sum to nothing, with and without an offset", () => {
    for (const offset of [undefined, margin]) {
      const base = loss.baseMargin(loss.baseScore({target, weights, offset}));
      const at = Float64Array.from({length: rows}, (_, i) => base + (offset ? offset[i]! : 0));
      const gradient = new Float64Array(rows);
      loss.differentiate({target, weights}, {margin: at, gradient, hessian: new Float64Array(rows)});
      expect(gradient.reduce((sum, g) => sum + g)).toBeCloseTo(0, 4);
    }
  });
});

it("gamma loss is lowest, of all constants, at the mean: the optimum of QLIKE", () => {
  const qlike = (forecast: number) =>
    target.reduce((sum, y) => sum + y / forecast - Math.log(y / forecast) - 1, 0) / rows;
  const {baseScore, mean} = losses.gamma;
  const best = baseScore({target});
  expect(best).toBeCloseTo(target.reduce((sum, y) => sum + y) / rows, 6);
  const excess = (forecast: number) => mean(target, new Float64Array(rows).fill(Math.log(forecast)));
  for (const factor of [0.9, 0.99, 1.01, 1.1]) {
    expect(qlike(best * factor)).toBeGreaterThan(qlike(best));
    expect(excess(best * factor) - excess(best)).toBeCloseTo(qlike(best * factor) - qlike(best), 10);
  }
});

it("gamma's base score has a logarithm that rounds to float32 the same way in every C library", () => {
  for (let i = 0; i < 2000; i++) {
    const y = Math.exp(8 * random.normal());
    const score = losses.gamma.baseScore({target: Float64Array.of(y, y)});
    expect(Math.abs(score / y - 1)).toBeLessThan(1e-6);
    const exact = Math.log(score);
    const spacing = 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23);
    expect(Math.abs(exact - Math.fround(exact)) / spacing).toBeLessThan(0.4901);
  }
});
