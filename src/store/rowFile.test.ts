import {expect, it} from "vitest";
import {createRandom} from "../random.ts";
import {datasets} from "./datasets.ts";
import {encodeParquet} from "./parquetWriter.ts";
import {encodeRows} from "./rowFile.ts";
import {NULL_INTEGER, type Table} from "./table.ts";

const ODD = [0, -0, 1, -1, 5e-324, Number.MAX_VALUE, 0.1, 2 ** 31, 7, Number.EPSILON];

it.each(["features_daily", "labels_daily", "predictions_daily", "raw.market"])(
  "encodeRows() of single rows of %s has the bytes of encodeParquet(), NULLs and odd numbers included",
  (dataset) => {
    const contract = datasets.find((found) => found.dataset === dataset)!;
    const random = createRandom(1);
    for (let trial = 0; trial < 60; trial++) {
      const number = () =>
        random.uniform() < 0.2
          ? Number.NaN
          : random.uniform() < 0.3
            ? ODD[random.integer(ODD.length)]!
            : random.normal();
      const kept = contract.columns.filter(({optional}) => !optional || trial % 2 === 0);
      const columns = kept.map(({name, type}) => {
        if (type === "DATE" || type === "INTEGER")
          return [
            name,
            Int32Array.of(random.uniform() < 0.1 ? NULL_INTEGER : random.integer(20_000)),
          ] as const;
        if (type === "DOUBLE") return [name, Float64Array.of(number())] as const;
        if (type === "VARCHAR") return [name, ["SPY"]] as const;
        if (type === "VARCHAR[]") return [name, [["vix"]]] as const;
        return [name, Float64Array.of(random.integer(1000))] as const;
      });
      const table: Table = {
        rows: 1,
        columns: {...Object.fromEntries(columns), newer: Float64Array.of(number())},
      };
      expect(encodeRows(contract, table)).toEqual(encodeParquet(contract, table));
    }
  },
);

it("encodeRows() of several rows, or none, is encodeParquet()", () => {
  const contract = datasets.find(({dataset}) => dataset === "labels_daily")!;
  for (const rows of [0, 2, 100]) {
    const table: Table = {
      rows,
      columns: Object.fromEntries(
        contract.columns.map(({name, type}) => [
          name,
          type === "DATE" ? Int32Array.from({length: rows}, (_, i) => i) : new Float64Array(rows).fill(2),
        ]),
      ),
    };
    expect(encodeRows(contract, table)).toEqual(encodeParquet(contract, table));
  }
});
