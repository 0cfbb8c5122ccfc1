// Where does chance come from? From a seeded generator that is always an argument, never from the environment.

export interface Random {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer on [0, bound). */
  integer(bound: number): number;
}

/**
 * xoshiro128** (Blackman and Vigna 2018) seeded through splitmix32: the same numbers on every machine.
 *
 * @param seed a whole number; the low 32 bits count
 */
export function createRandom(seed: number): Random {
  const state = new Uint32Array(4);
  let mix = seed | 0;
  for (let i = 0; i < 4; i++) {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    state[i] = z ^ (z >>> 15);
  }
  let spare = Number.NaN;

  function next(): number {
    const s1 = state[1]!;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= t;
    state[3] = rotateLeft(state[3]!, 11);
    return result;
  }

  function uniform(): number {
    return ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
  }

  // Marsaglia's polar method gives two normals at a time.
  function normal(): number {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  }

  return {uniform, normal, integer: (bound) => Math.floor(uniform() * bound)};
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
