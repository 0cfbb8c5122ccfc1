// How is what a coalition is worth shared among its members?

/**
 * Shapley values of a game of few players, exactly, by its 2^players coalitions:
 *
 *     phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! x (worth(S with i) - worth(S))
 *
 * They sum to worth(everyone) - worth(no one); a player who changes nothing has 0, and players who change the
 * same have the same. Shapley (1953).
 *
 * @param worth by coalition: bit i of the index is set where player i is in
 * @param players n, 0 to 20; O(n 2^n)
 * @throws {TypeError} unless there is one worth a coalition
 */
export function shapleyValues(worth: Float64Array, players: number): Float64Array {
  const coalitions = 2 ** players;
  if (worth.length !== coalitions) {
    throw new TypeError(
      `Cannot share a worth: ${players} players have ${coalitions} coalitions, ${worth.length} are given`,
    );
  }
  const weights = coalitionWeights(players);
  const sizes = new Uint8Array(coalitions);
  for (let s = 1; s < coalitions; s++) sizes[s] = sizes[s >> 1]! + (s & 1);
  return Float64Array.from({length: players}, (_, player) => {
    const bit = 1 << player;
    let value = 0;
    for (let s = 0; s < coalitions; s++)
      if (!(s & bit)) value += weights[sizes[s]!]! * (worth[s | bit]! - worth[s]!);
    return value;
  });
}

// |S|! (n - |S| - 1)! / n! by |S|: 1 / n for the empty coalition, then each from the one before.
function coalitionWeights(players: number): Float64Array {
  const weights = new Float64Array(players);
  let weight = 1 / players;
  for (let size = 0; size < players; size++) {
    weights[size] = weight;
    weight *= (size + 1) / (players - size - 1);
  }
  return weights;
}
