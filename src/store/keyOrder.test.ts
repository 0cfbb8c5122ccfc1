import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {keyCodes, matchCodes, orderOf} from "./keyOrder.ts";
import type {Table} from "./table.ts";

const contract = {key: ["date", "level", "name"]};
type Key = readonly [number, number, string];

const keys = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({min: -3, max: 3}), fc.integer({min: -2_147_483_648, max: 2_147_483_647})),
    fc.oneof(fc.constantFrom(0.8, 0.9, -1.5, 0), fc.double({noNaN: true})),
    fc.constantFrom("a", "b", "ab", "B", "", "é", "z\u0000"),
  ),
  {maxLength: 40},
);

function tableOf(rows: readonly Key[]): Table {
  return {
    rows: rows.length,
    columns: {
      date: Int32Array.from(rows, ([date]) => date),
      level: Float64Array.from(rows, ([, level]) => level),
      name: rows.map(([, , name]) => name),
    },
  };
}

function compare(a: Key, b: Key): number {
  for (const j of [0, 1, 2]) {
    if (a[j]! < b[j]!) return -1;
    if (a[j]! > b[j]!) return 1;
  }
  return 0;
}

describe("keyCodes()", () => {
  it("order any two rows of two tables as their keys, compared one after another", () => {
    fc.assert(
      fc.property(keys, keys, (left, right) => {
        const [ours, theirs] = keyCodes(contract, [tableOf(left), tableOf(right)]);
        for (const [i, a] of left.entries())
          for (const [j, b] of right.entries())
            expect(Math.sign(ours![i]! - theirs![j]!)).toBe(compare(a, b));
      }),
    );
  });

  it("stay whole where the products of the columns' values are beyond 2^53", () => {
    const key = Array.from({length: 12}, (_, j) => `k${j}`);
    const rows = 500;
    const columns = Object.fromEntries(
      key.map((name, j) => [name, Float64Array.from({length: rows}, (_, row) => (row * (j + 7)) % rows)]),
    );
    const [codes] = keyCodes({key}, [{rows, columns}]);
    expect(new Set(codes).size).toBe(rows);
    for (const code of codes!) expect(Number.isSafeInteger(code * rows + rows)).toBe(true);
  });
});

describe("orderOf()", () => {
  it("is the stable order of the keys", () => {
    fc.assert(
      fc.property(keys, (rows) => {
        const [codes] = keyCodes(contract, [tableOf(rows)]);
        const expected = [...rows.keys()].sort((a, b) => compare(rows[a]!, rows[b]!) || a - b);
        expect(Array.from(orderOf(codes!))).toEqual(expected);
      }),
    );
  });
});

describe("matchCodes()", () => {
  it("finds the last known row of each key, and none where there is none", () => {
    fc.assert(
      fc.property(keys, keys, (known, asked) => {
        const [ours, theirs] = keyCodes(contract, [tableOf(known), tableOf(asked)]);
        const expected = asked.map((key) => known.findLastIndex((other) => compare(key, other) === 0));
        expect(Array.from(matchCodes(theirs!, ours!))).toEqual(expected);
      }),
    );
  });
});
