// How does the true variance move from session to session, and what is its expectation, exactly?

import type {Random} from "../../random.ts";
import type {VarianceParameters} from "./parameters.ts";

/** The three components of log-variance of the coming session. */
export interface VarianceState {
  readonly slow: number;
  readonly fast: number;
  readonly crisis: number;
}

/** What a session's return brings: its standard normal part and its jump. */
export interface Shock {
  readonly gaussian: number;
  readonly jump: Jump;
}

/** A jump of the return in standard deviations of the session, 0 in most sessions. */
export interface Jump {
  readonly size: number;
  readonly crash: boolean;
}

/** Variance of the coming session's return around its mean, given the state: floor + exp(level + slow + fast + crisis). */
export function sessionVariance({slow, fast, crisis}: VarianceState, p: VarianceParameters): number {
  return p.floor + Math.exp(p.level + slow + fast + crisis);
}

/** The state one session on. */
export function nextState(
  state: VarianceState,
  {shock, parameters: p, random}: {shock: Shock; parameters: VarianceParameters; random: Random},
): VarianceState {
  const ownSlow = random.normal();
  const ownFast = random.normal();
  const {size, crash} = shock.jump;
  const fastJump = size === 0 ? 0 : exponential(p.fastJump, random);
  const crisisJump = crash
    ? exponential(p.crisisJump / 2, random) + exponential(p.crisisJump / 2, random)
    : 0;
  const mixed = (leverage: number, own: number) =>
    leverage * shock.gaussian + Math.sqrt(1 - leverage * leverage) * own;
  return {
    slow: p.slow.persistence * state.slow + p.slow.deviation * mixed(p.slow.leverage, ownSlow),
    fast: p.fast.persistence * state.fast + p.fast.deviation * mixed(p.fast.leverage, ownFast) + fastJump,
    crisis: p.crisisPersistence * state.crisis + crisisJump,
  };
}

/** A draw of the state's Gaussian part from its stationary law; no crisis under way. */
export function initialState(p: VarianceParameters, random: Random): VarianceState {
  const draw = ({persistence, deviation}: {persistence: number; deviation: number}) =>
    (random.normal() * deviation) / Math.sqrt(1 - persistence * persistence);
  return {slow: draw(p.slow), fast: draw(p.fast), crisis: 0};
}

/**
 * The exact expectation of the variance summed over the coming sessions.
 *
 * The components are linear and their shocks independent from session to session, so with b_j the persistences to the
 * power j, E[v_{t+i}] = floor + exp(level + b_{i-1}·x_{t+1}) prod_{j=0}^{i-2} M(b_j), where M is the moment generating
 * function of one session's shocks (log M in `logMoment`).
 *
 * @param longest sessions ahead, at most
 * @returns a function that fills `sums`, length `longest`: sums[h-1] = E[v_{t+1} + ... + v_{t+h} | x_{t+1}]
 * @throws {RangeError} if a jump of log-variance is so large on average that the expectation does not exist
 */
export function expectedVarianceSums(
  p: VarianceParameters,
  longest: number,
): (state: VarianceState, sums: Float64Array) => void {
  if (p.fastJump >= 1 || p.crisisJump >= 2) {
    throw new RangeError(
      `Cannot expect variance: fastJump must be < 1 and crisisJump < 2, current values are ${p.fastJump} and ${p.crisisJump}`,
    );
  }
  const slow = new Float64Array(longest);
  const fast = new Float64Array(longest);
  const crisis = new Float64Array(longest);
  const constant = new Float64Array(longest);
  let moments = 0;
  for (let i = 0; i < longest; i++) {
    slow[i] = p.slow.persistence ** i;
    fast[i] = p.fast.persistence ** i;
    crisis[i] = p.crisisPersistence ** i;
    constant[i] = p.level + moments;
    moments += logMoment({slow: slow[i]!, fast: fast[i]!, crisis: crisis[i]!}, p);
  }
  return (state, sums) => {
    let sum = 0;
    for (let i = 0; i < longest; i++) {
      const exponent =
        constant[i]! + slow[i]! * state.slow + fast[i]! * state.fast + crisis[i]! * state.crisis;
      sum += p.floor + Math.exp(exponent);
      sums[i] = sum;
    }
  };
}

/** A session's jump: up or down by half a normal law, or a crash by a Rayleigh law, which is seldom small. */
export function drawJump({up, down, crash}: VarianceParameters, random: Random): Jump {
  const draw = random.uniform();
  if (draw < up.chance) return {size: up.size * Math.abs(random.normal()), crash: false};
  if (draw < up.chance + down.chance) return {size: -down.size * Math.abs(random.normal()), crash: false};
  if (draw >= up.chance + down.chance + crash.chance) return {size: 0, crash: false};
  return {size: -crash.size * Math.sqrt(exponential(1, random)), crash: true};
}

/** Mean and variance of the size that `drawJump` draws. */
export function jumpMoments({up, down, crash}: VarianceParameters): {mean: number; variance: number} {
  const halfNormal = Math.sqrt(2 / Math.PI); // mean, where the mean square is 1
  const rayleigh = Math.sqrt(Math.PI) / 2;
  const mean =
    halfNormal * (up.chance * up.size - down.chance * down.size) - rayleigh * crash.chance * crash.size;
  const square = up.chance * up.size ** 2 + down.chance * down.size ** 2 + crash.chance * crash.size ** 2;
  return {mean, variance: square - mean * mean};
}

/** log E[exp(a·shocks)] of one session: Gaussian shocks that share the return's, then jumps. */
function logMoment(a: VarianceState, p: VarianceParameters): number {
  const s = a.slow * p.slow.deviation;
  const f = a.fast * p.fast.deviation;
  const shared = (s * p.slow.leverage + f * p.fast.leverage) ** 2;
  const own = s * s * (1 - p.slow.leverage ** 2) + f * f * (1 - p.fast.leverage ** 2);
  const fastJump = 1 / (1 - a.fast * p.fastJump);
  const crisisJump = 1 / (1 - (a.crisis * p.crisisJump) / 2) ** 2;
  const calm = 1 - p.up.chance - p.down.chance - p.crash.chance;
  const jump = calm + fastJump * (p.up.chance + p.down.chance + p.crash.chance * crisisJump);
  return (shared + own) / 2 + Math.log(jump);
}

function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.uniform());
}
