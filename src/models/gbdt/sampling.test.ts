import {expect, it} from "vitest";
import {createSampler} from "./sampling.ts";

it.each([0.1, 0.5, 0.9, 1])("createSampler() parts the indices in increasing order, share %d", (share) => {
  const sampler = createSampler(101, {share, seed: 4});
  for (let k = 0; k < 20; k++) {
    const {drawn, omitted} = sampler.draw();
    expect(drawn.length).toBe(Math.round(share * 101));
    expect(drawn.every((row, i) => i === 0 || row > drawn[i - 1]!)).toBe(true);
    expect(Array.from([...drawn, ...omitted]).sort((a, b) => a - b)).toEqual(
      Array.from({length: 101}, (_, i) => i),
    );
  }
});

it("createSampler() draws each index, and each pair of them, as often as any other", () => {
  const [size, share, draws] = [20, 0.7, 20_000];
  const sampler = createSampler(size, {share, seed: 8});
  const together = new Float64Array(size * size);
  for (let k = 0; k < draws; k++) {
    const {drawn} = sampler.draw();
    for (const a of drawn) for (const b of drawn) together[a * size + b]!++;
  }
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) {
      const expected = a === b ? 14 / 20 : (14 / 20) * (13 / 19);
      expect(Math.abs(together[a * size + b]! / draws - expected)).toBeLessThan(0.016); // 5 standard errors
    }
});

it("createSampler() draws whole blocks", () => {
  const sampler = createSampler(23, {share: 0.5, seed: 1, block: 5});
  for (let k = 0; k < 20; k++) {
    const {drawn, omitted} = sampler.draw();
    expect(drawn.length + omitted.length).toBe(23);
    const blocks = new Set(Array.from(drawn, (row) => Math.floor(row / 5)));
    expect(blocks.size).toBe(3);
    expect(omitted.some((row) => blocks.has(Math.floor(row / 5)))).toBe(false);
  }
});

it("createSampler() draws the same sequence again from the same seed, and another from another", () => {
  const sequence = (seed: number) => {
    const sampler = createSampler(50, {share: 0.5, seed});
    return Array.from({length: 5}, () => Array.from(sampler.draw().drawn));
  };
  expect(sequence(1)).toEqual(sequence(1));
  expect(sequence(1)).not.toEqual(sequence(2));
});

it.each([0.3, 0.7, 1])("createSampler() counts how often it omitted each index, share %d", (share) => {
  const sampler = createSampler(23, {share, seed: 2, block: 5});
  const times = new Int32Array(23);
  for (let k = 0; k < 20; k++) for (const i of sampler.draw().omitted) times[i]!++;
  expect(sampler.timesOmitted()).toEqual(times);
});
