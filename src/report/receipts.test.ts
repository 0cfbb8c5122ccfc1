import {createHash} from "node:crypto";
import {describe, expect, it} from "vitest";
import type {Facts} from "./factSources.ts";
import {factSource} from "./factSources.ts";
import {compareBooks, exhibitReceipts, factReceipts, type ReceiptBook} from "./receipts.ts";

const facts = {
  asOf: "2023-12-19",
  forecasts: [{horizon: 1, volatility: 0.0094}],
  history: [{date: "2023-12-19", forecast: 0.021, outcome: 0.02}],
  said: ["It was 13 before."],
} as unknown as Facts;

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const shown = [
  {page: "index", id: "forecasts.0.volatility", shown: "0.94 %"},
  {page: "data", id: "forecasts.0.volatility", shown: "0.94 %"},
  {page: "index", id: "said.0", shown: "It was 13 before."},
];

async function bookOf(of: Facts, labels = "a"): Promise<ReceiptBook> {
  const figure = {
    id: "today/history",
    page: "index",
    kind: "figure",
    title: "History",
    fact: "history",
  } as const;
  return {
    run: "r",
    source: "csv",
    symbol: "SPY",
    now: "",
    as_of: "",
    code: "c",
    configuration: "d",
    seed: 1,
    datasets: {labels_daily: {sha256: labels, rows: 1}},
    receipts: [
      ...factReceipts(shown, {facts: of}),
      ...(await exhibitReceipts([figure], {facts: of, rowsOf: async () => [], hash})),
    ],
  };
}

describe("factReceipts()", () => {
  it("gives a number one receipt with every page, its query and its datasets", () => {
    const [number, sentence] = factReceipts(shown, {facts});
    expect(number).toMatchObject({
      id: "forecasts.0.volatility",
      kind: "number",
      pages: ["data", "index"],
      value: 0.0094,
      shown: ["0.94 %"],
      datasets: ["predictions_daily"],
      sql: "SELECT rv_1d_hat FROM predictions_daily WHERE date = DATE '2023-12-19'",
    });
    expect(sentence).toMatchObject({kind: "sentence", value: "It was 13 before.", shown: []});
  });
});

describe("compareBooks()", () => {
  it("finds no difference between a book and itself", async () => {
    expect(compareBooks(await bookOf(facts), await bookOf(facts))).toEqual([]);
  });

  it("names the figure whose label moved by 1e-9, and no number that did not move", async () => {
    const moved = {...facts, history: [{...facts.history[0]!, outcome: 0.02 + 1e-9}]} as Facts;
    const differences = compareBooks(await bookOf(facts), await bookOf(moved));
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatch(/^today\/history: [0-9a-f]{64} is published/);
  });

  it("names what stands on a dataset of other bytes", async () => {
    const [difference] = compareBooks(await bookOf(facts, "a"), await bookOf(facts, "b"));
    expect(difference).toMatch(
      /^labels_daily: the receipts name a, the lake has b; on it stand .*today\/history/,
    );
    expect(compareBooks(await bookOf(facts, "a"), await bookOf(facts, "b"), {values: true})).toEqual([]);
  });

  it("names what is printed otherwise, what cannot be derived, and what has no receipt", async () => {
    const book = await bookOf(facts);
    const [first, ...rest] = book.receipts;
    const other = {...book, receipts: [{...first!, shown: ["0.95 %"]}, ...rest]};
    expect(compareBooks(other, book)[0]).toContain("0.95 % is printed, 0.94 % derived");
    const fewer = {...book, receipts: rest};
    expect(compareBooks(book, fewer)).toEqual(["forecasts.0.volatility: cannot be derived"]);
    expect(compareBooks(fewer, book)).toEqual(["forecasts.0.volatility: has no published receipt"]);
  });
});

it("factSource() knows every path, a number it has no query for by its function", () => {
  expect(factSource("record.search.total", facts)).toMatchObject({
    by: "src/report/recordSummary.ts, summarizeRecord",
  });
  const withRecord = {...facts, record: {confidenceSetP: 0.1}} as typeof facts;
  expect(factSource("record.set.inside", withRecord).sql).toContain("mcs_p >= 0.1");
  expect(factSource("anything.else", facts).datasets.length).toBeGreaterThan(0);
});
