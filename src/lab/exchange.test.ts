import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createFrame} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import type {Bars} from "../market/bars.ts";
import {simulateMarket} from "../market/sample.ts";
import {frameTable} from "../store/frameTable.ts";
import {openLake} from "../store/lake.ts";
import {type LakeFolder, openLakeFolder} from "../store/lakeFolder.ts";
import {localDirectory} from "../store/localDirectory.ts";
import {query} from "../store/query.ts";
import {numbers, type Table} from "../store/table.ts";
import {sessionDate} from "../units.ts";
import {decodeArrow, encodeArrow} from "./arrowFrame.ts";
import {loadCharts} from "./charts.ts";
import {readCsvBars} from "./csvBars.ts";
import {frameRows, rowsFrame} from "./frameRows.ts";
import {createLabTable, readLabTable} from "./labTable.ts";
import {lakeAsOf} from "./lakeAsOf.ts";
import {readScored} from "./lakeForecasts.ts";
import {compareReceipts} from "./receipt.ts";
import {readResult, saveResult} from "./saveResult.ts";
import {tableHtml} from "./tableHtml.ts";

const PYTHON = "/usr/bin/python3";
const hasPyarrow = spawnSync(PYTHON, ["-c", "import pyarrow"]).status === 0;

let folder: string;
let lake: LakeFolder;
const {bars} = simulateMarket({seed: 1, first: sessionDate("2019-01-02"), last: sessionDate("2019-12-31")});
const spy = bars.find(({symbol}) => symbol === "SPY")!;
const vix = bars.find(({symbol}) => symbol === "^VIX")!;
const DAY = "2019-06-28";
const FIRST = "2020-01-02T12:00:00Z";
const SECOND = "2020-01-03T12:00:00Z";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "volbook-lab-"));
  const store = localDirectory(join(folder, "sample"));
  const {append} = openLake({store});
  const write = (dataset: string, table: Table, committedAt = FIRST) =>
    append(dataset, table, {committedAt, run: "r", inputs: {}});
  const raw = barsTable([spy, vix]);
  await write("raw.market", {
    rows: raw.rows,
    columns: {
      ...raw.columns,
      source: new Array<string>(raw.rows).fill("sample"),
      ingested_at: new Float64Array(raw.rows).fill(Date.parse(FIRST)),
      schema_version: new Int32Array(raw.rows).fill(1),
    },
  });
  const returns = new Float64Array(raw.rows);
  const curated = (prices: Table): Table => ({
    ...prices,
    columns: {...prices.columns, ret: returns, log_ret: returns},
  });
  await write("curated.market_daily", curated(raw));
  await write("labels_daily", frameTable(computeLabels(spy)));
  const revised = {...spy, adjClose: spy.adjClose.with(3, 1.01 * spy.adjClose[3]!)};
  await write("curated.market_daily", curated(barsTable([revised, vix])), SECOND);
  lake = openLakeFolder(folder);
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

function barsTable(all: readonly Bars[]): Table {
  const join = (name: "open" | "high" | "low" | "close" | "adjClose" | "volume") =>
    Float64Array.from(all.flatMap((one) => Array.from(one[name])));
  return {
    rows: all.reduce((sum, {sessions}) => sum + sessions.length, 0),
    columns: {
      symbol: all.flatMap(({symbol, sessions}) => Array.from(sessions, () => symbol)),
      date: Int32Array.from(all.flatMap(({sessions}) => Array.from(sessions))),
      open: join("open"),
      high: join("high"),
      low: join("low"),
      close: join("close"),
      adj_close: join("adjClose"),
      volume: join("volume"),
    },
  };
}

function until(one: Bars, day: number): Bars {
  const end = one.sessions.findIndex((session) => session > day);
  const cut = <T extends Float64Array | Int32Array>(values: T) => values.slice(0, end) as T;
  return {
    symbol: one.symbol,
    sessions: cut(one.sessions),
    open: cut(one.open),
    high: cut(one.high),
    low: cut(one.low),
    close: cut(one.close),
    adjClose: cut(one.adjClose),
    volume: cut(one.volume),
  };
}

describe("lakeAsOf()", () => {
  it("gives readLabTable() the table that the bars up to that day make, outcomes included", async () => {
    const asOf = lakeAsOf(lake, {day: DAY, vintage: FIRST});
    const day = sessionDate(DAY);
    const expected = createLabTable({target: until(spy, day), others: {vix: until(vix, day)}});
    const {features, variance, symbol} = await readLabTable(asOf);
    expect(symbol).toBe("SPY");
    expect(features).toEqual(expected.features);
    expect(variance).toEqual(expected.variance);
  });

  it("hides the outcomes whose sessions had not all passed, in columns and in SQL alike", async () => {
    const asOf = lakeAsOf(lake, {day: DAY});
    const labels = await asOf.read("labels_daily");
    const rows = await query<{date: string; rv_5d: number}>(
      asOf,
      "SELECT date, rv_5d FROM labels_daily ORDER BY date",
    );
    expect(rows.at(-1)).toEqual({date: DAY, rv_5d: Number.NaN});
    expect(rows.map(({rv_5d}) => rv_5d)).toEqual([...numbers(labels, "rv_5d")]);
    expect(rows.at(-5)!.rv_5d).toBeNaN();
    expect(rows.at(-6)!.rv_5d).toBeGreaterThan(0);
    expect((await asOf.manifest("labels_daily"))?.last_date).toBe(DAY);
    expect(await asOf.manifest("labels_daily")).toBe(await asOf.manifest("labels_daily")); // written once
    expect((await query(lake, "SELECT max(date) AS last FROM labels_daily"))[0]).toEqual({
      last: "2019-12-31",
    });
  });

  it("takes the values that were known at a vintage", async () => {
    const now = await readLabTable(lake);
    const then = await readLabTable(lakeAsOf(lake, {vintage: FIRST}));
    expect(now.market.close[3]! / then.market.close[3]!).toBeCloseTo(1.01, 12);
    expect(now.market.close[4]).toBe(then.market.close[4]);
  });

  it("refuses what is made from all days at once, in SQL too, and dates that are none", async () => {
    const {append} = openLake({store: localDirectory(join(folder, "sample"))});
    const importance = {
      rows: 1,
      columns: {
        horizon: Int32Array.of(5),
        period: ["all"],
        feature: ["vix"],
        mean_abs_shap: Float64Array.of(0.1),
        n: Int32Array.of(1),
      },
    };
    await append("importance", importance, {committedAt: SECOND, run: "r", inputs: {}});
    const asOf = lakeAsOf(lake, {day: DAY});
    const refusal = `Cannot read importance as of ${DAY}: it is made from all days at once`;
    await expect(asOf.read("importance")).rejects.toThrow(refusal);
    await expect(query(asOf, "SELECT * FROM importance")).rejects.toThrow(refusal);
    await expect(readLabTable(lakeAsOf(lake, {day: "1990-01-02"}))).rejects.toThrow(
      /^Cannot read curated.market_daily as of 1990-01-02: nothing of it was known by then; it begins on \d{4}/,
    );
    await expect(readLabTable(lakeAsOf(lake, {vintage: "1990-01-02T00:00:00Z"}))).rejects.toThrow(
      "the lake held nothing of it then",
    );
    expect(() => lakeAsOf(lake, {day: "june"})).toThrow('Cannot read the date "june"');
    expect(() => lakeAsOf(lake, {vintage: "then"})).toThrow("vintage must be an ISO time");
  });
});

it("readLabTable() and readScored() say what a lake has instead", async () => {
  await expect(readLabTable(lake, {target: "QQQ"})).rejects.toThrow(
    "Cannot make a table of QQQ: the lake has SPY, ^VIX",
  );
  await expect(readLabTable(lake, {beside: {tlt: "TLT"}})).rejects.toThrow("Cannot make a table of TLT");
  const without = await readLabTable(lake, {beside: {vix: null}});
  expect(Object.keys(without.features.columns)).not.toContain("vix");
  await expect(readScored(lake)).rejects.toThrow('the lake has none; run "make report"');
});

describe("readCsvBars()", () => {
  it("gives checked bars up to a day, and what was refused of them", async () => {
    const csv = mkdtempSync(join(folder, "csv-"));
    const head = "symbol,date,open,high,low,close,adj_close,volume";
    const days = ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"];
    const rows = days.map(
      (day, i) => `^BVSP,${day},100,102,${i === 1 ? 101 : 99},${i === 1 ? 100.5 : 101},101,0`,
    );
    writeFileSync(join(csv, "mine.csv"), [head, ...rows].join("\n"));
    const {bars, quarantined} = await readCsvBars(csv, {symbols: ["^BVSP"], until: "2024-01-04"});
    expect([...bars.get("^BVSP")!.sessions]).toEqual([sessionDate("2024-01-02"), sessionDate("2024-01-04")]);
    expect(quarantined.map(({bar}) => bar.session)).toEqual([sessionDate("2024-01-03")]);
    await expect(readCsvBars(csv, {symbols: ["QQQ"], until: "2024-01-04"})).rejects.toThrow(/QQQ.*\^BVSP/s);
  });
});

const frame = createFrame(Int32Array.of(19_724, 19_725, 19_727), {
  vix: Float64Array.of(13.2, Number.NaN, 14),
  ret: Float64Array.of(-0.01, 0, 1e-300),
});

describe("frameRows() and rowsFrame()", () => {
  it("are each other's reverse, whatever the order of rows", () => {
    const rows = frameRows(frame);
    expect(rows[1]).toEqual({date: "2024-01-03", vix: Number.NaN, ret: 0});
    expect(rowsFrame(rows.toReversed())).toEqual(frame);
  });

  it("takes Dates, days and null, and leaves texts out", () => {
    const rows = [
      {day: new Date("2024-01-03"), x: null, name: "b"},
      {day: 19_724, x: 1, name: "a"},
    ];
    expect(rowsFrame(rows, {date: "day"})).toEqual(
      createFrame(Int32Array.of(19_724, 19_725), {x: Float64Array.of(1, Number.NaN)}),
    );
  });

  it("says what a frame cannot hold", () => {
    const twice = [{date: "2024-01-03"}, {date: "2024-01-03"}];
    expect(() => rowsFrame(twice)).toThrow("two rows are dated 2024-01-03; a frame has one row a session");
    expect(() => rowsFrame([{x: 1}])).toThrow('row 0 has no date under "date"');
    expect(() => rowsFrame([])).toThrow("Cannot make a frame of no rows");
  });
});

describe("encodeArrow() and decodeArrow()", () => {
  it.each(["file", "stream"] as const)("keep a frame to the bit, missing included, as a %s", (format) => {
    expect(decodeArrow(encodeArrow(frame, {format}))).toEqual(frame);
  });

  it("names the columns there are where the dates' is another", () => {
    expect(() => decodeArrow(encodeArrow(frame), {date: "day"})).toThrow(
      "no column day among date, vix, ret",
    );
  });

  it.skipIf(!hasPyarrow)("agree with pyarrow in both directions", () => {
    const path = join(folder, "frame.arrow");
    writeFileSync(path, encodeArrow(frame));
    const script = `
import pyarrow as pa, pyarrow.feather as f
t = f.read_table(${JSON.stringify(path)})
print(t.schema.field("date").type, t.column("vix").null_count, t.column("date")[2].as_py())
f.write_feather(t, ${JSON.stringify(`${path}2`)}, compression="uncompressed")`;
    const {stdout, stderr} = spawnSync(PYTHON, ["-c", script], {encoding: "utf8"});
    expect([stdout, stderr]).toEqual(["date32[day] 1 2024-01-05\n", ""]);
    expect(decodeArrow(readFileSync(`${path}2`))).toEqual(frame);
  });
});

describe("saveResult() and readResult()", () => {
  const options = () => ({
    name: "idea",
    lake,
    reads: ["labels_daily", "curated.market_daily"],
    own: {half: (x: number) => x / 2},
    config: {horizon: 5},
    seed: 7,
  });
  const path = (name: string) => join(folder, "results", name);

  it("keeps a result with the hashes of its data, code and settings, in the same bytes each time", async () => {
    const result = {qlike: 0.35, t: Number.NaN, losses: Float64Array.of(1, 2)};
    const receipt = await saveResult(path("a.json"), result, options());
    await saveResult(path("b.json"), result, options());
    expect(readFileSync(path("a.json"), "utf8")).toBe(readFileSync(path("b.json"), "utf8"));
    expect(readResult(path("a.json"))).toEqual({receipt, result: {qlike: 0.35, t: null, losses: [1, 2]}});
    const manifest = await lake.manifest("labels_daily");
    expect(receipt.data).toEqual({
      "curated.market_daily": expect.stringMatching(/^[0-9a-f]{64}$/),
      labels_daily: manifest!.snapshot.sha256,
    });
  });

  it("tells in which way two receipts differ", async () => {
    const before = await saveResult(path("a.json"), {qlike: 0.35}, options());
    const after = await saveResult(
      path("b.json"),
      {qlike: 0.36},
      {
        ...options(),
        lake: lakeAsOf(lake, {day: DAY}),
        own: {half: (x: number) => x * 0.5},
      },
    );
    expect(compareReceipts(before, after)).toEqual([
      expect.stringMatching(/^data curated\.market_daily: [0-9a-f]{12}…, now [0-9a-f]{12}…$/),
      expect.stringMatching(/^data labels_daily: /),
      expect.stringMatching(/^code half: /),
      expect.stringMatching(/^result: /),
    ]);
    const other = {...before, config: {horizon: 22, halfLife: 1260}, seed: 8};
    expect(compareReceipts(before, other)).toEqual([
      "config.horizon: 5, now 22",
      "config.halfLife: none, now 1260",
      "seed: 7, now 8",
    ]);
    expect(compareReceipts(before, before)).toEqual([]);
  });

  it("refuses what was changed afterwards, is no result, or was made from nothing", async () => {
    await saveResult(path("a.json"), {qlike: 0.35}, options());
    writeFileSync(path("a.json"), readFileSync(path("a.json"), "utf8").replace("0.35", "0.25"));
    expect(() => readResult(path("a.json"))).toThrow("it was changed after it was saved");
    writeFileSync(path("c.json"), "{}");
    expect(() => readResult(path("c.json"))).toThrow("it has no receipt");
    expect(() => readResult(path("none.json"))).toThrow("there is no such file");
    await expect(saveResult(path("d.json"), 1, {...options(), reads: ["features_daily"]})).rejects.toThrow(
      "the lake has no features_daily",
    );
    await expect(saveResult(path("d.json"), {n: 1n}, options())).rejects.toThrow(
      "Cannot write the result as JSON: it has a bigint",
    );
    const ring: {self?: object} = {};
    ring.self = ring;
    await expect(saveResult(path("d.json"), ring, options())).rejects.toThrow("it contains itself");
  });
});

const words = {title: "Higher & lower", subtitle: "% a year"};

describe("loadCharts()", () => {
  const contributions = [
    {feature: "vix", words: "the VIX", value: 20, shap: 0.1, effect: Math.expm1(0.1)},
    {feature: "spy_ret_1d", words: "the return", value: -0.01, shap: -0.05, effect: Math.expm1(-0.05)},
  ];
  const date = (day: number) => new Date(Date.UTC(2024, 0, day));
  const dates = Float64Array.from([1, 2, 3], (day) => Number(date(day)));
  const losses = [{name: "anchored", dates, values: Float64Array.of(0.1, 0.2, 0.3)}];
  const roles = {champion: "anchored"};
  const importance = [{feature: "vix", words: "the VIX", meanAbsolute: 0.1, effect: Math.expm1(0.1)}];
  const group = {
    horizon: 5,
    period: "all",
    model: "anchored",
    n: 10,
    n_effective: 2,
    bias: 1,
    bias_lo: 0.8,
    bias_hi: 1.2,
  };

  it("draws every chart of the site without a browser, with its words", async () => {
    const charts = await loadCharts();
    const history = [1, 2, 3].map((day) => ({
      date: date(day),
      forecast: 0.02,
      low: 0.01,
      high: 0.03,
      outcome: 0.02,
    }));
    const deciles = [1, 2].map((decile) => ({
      ...group,
      decile,
      var_hat: 1e-4 * decile,
      var: 1e-4 * decile,
      rv_hat: 0.01,
      rv: 0.01,
    }));
    const drawn = [
      charts.site("driversChart", contributions, words),
      charts.site("waterfallChart", {base: 0.02, contributions}, words),
      charts.site("importanceChart", importance, words),
      charts.site(
        "importanceByYearChart",
        importance.map((row) => ({...row, year: 2023})),
        {
          ...words,
          importance,
        },
      ),
      charts.site("cumulativeLossChart", losses, {...words, reference: "rv20", roles}),
      charts.site("rollingLossChart", losses, {...words, window: 2, roles}),
      charts.site("historyChart", history, words),
      charts.site("calibrationChart", deciles, words),
    ];
    for (const html of drawn) {
      expect(html).toContain("<strong>Higher &amp; lower</strong>");
      expect(html).toMatch(/<svg[^>]* aria-label="[^"]+"/);
      expect(html).toMatch(/<(path|rect|circle|line) /);
      expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|NaN/);
    }
  });
});

it("tableHtml() and charts.site() name what there is where a name is not", async () => {
  const rows = [{model: "rv20", qlike: 0.5}];
  expect(() => tableHtml(rows, {titles: {model: "model", qlik: "QLIKE"}})).toThrow(
    "Cannot make a table with the column qlik; did you mean qlike? The rows have model, qlike",
  );
  expect(() => tableHtml(rows, {digits: {rmse: 2}})).toThrow("with the column rmse: the rows have");
  const charts = await loadCharts();
  expect(() => charts.site("waterfall" as "waterfallChart", {base: 1, contributions: []}, words)).toThrow(
    /^Cannot draw waterfall: the site's charts are calibrationChart, .*waterfallChart/,
  );
});

it("tableHtml() writes numbers with their digits, missing as a dash, texts as texts", () => {
  const rows = [
    {model: "<own>", t: -2.345, n: 1234},
    {model: "rv20", t: Number.NaN, n: 5},
  ];
  const cells = (html: string) => [...html.matchAll(/<t[hd] [^>]*>([^<]*)/g)].map(([, text]) => text);
  expect(cells(tableHtml(rows, {titles: {model: "model", n: "sessions", t: "t"}, digits: {t: 2}}))).toEqual([
    "model",
    "sessions",
    "t",
    "&lt;own&gt;",
    "1,234",
    "−2.35",
    "rv20",
    "5",
    "–",
  ]);
  expect(cells(tableHtml(rows)).slice(0, 3)).toEqual(["model", "t", "n"]);
});
