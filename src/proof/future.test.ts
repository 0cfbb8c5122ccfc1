import {describe, expect, it} from "vitest";
import {createFrame, type Frame} from "../frame.ts";
import {computeLabels} from "../labels/realizedVolatility.ts";
import type {Market} from "../market/align.ts";
import {FUTURES} from "../market/futures.ts";
import {planted, sampleBars, sampleDerivation} from "./derivation.fixture.ts";
import {changedBars, type Derivation, deriveBaseline} from "./derivation.ts";
import {type Evidence, isCleared, mergeEvidence} from "./evidence.ts";
import {proveFuture} from "./future.ts";
import {proveLabelWindow} from "./labelWindow.ts";

const bars = sampleBars();
const rows = [0, 40, 250, 600, 875];

function prove(derivation: Derivation, only = rows): Evidence[] {
  const baseline = deriveBaseline(derivation, bars);
  const refit = baseline.tasks[1]!.fold.testStart;
  return mergeEvidence(
    [...only, refit].flatMap((row) =>
      FUTURES.flatMap((future) => proveFuture(derivation, baseline, {row, future})),
    ),
  );
}

const failed = (found: readonly Evidence[], kind: Evidence["kind"]) =>
  found.filter((entry) => entry.kind === kind && !isCleared(entry)).map(({name}) => name);

describe("proveFuture()", () => {
  it("clears every feature of the catalogue, every label and every fold", () => {
    const found = prove(sampleDerivation());
    expect(found.filter((entry) => !isCleared(entry))).toEqual([]);
    expect(found.filter(({kind}) => kind === "label").map(({name}) => name)).toEqual(
      ["range_rv_1d", "range_rv_22d", "range_rv_5d", "rv_1d", "rv_22d", "rv_5d"], // in the order of names
    );
    expect(found.filter(({kind}) => kind === "fold").map(({horizon}) => horizon)).toEqual([1, 5, 22]);
    for (const {kind, moved} of found) if (kind !== "feature") expect(moved).toBeGreaterThan(0);
    for (const {futures} of found) expect(futures).toEqual([...FUTURES].sort());
  });

  it.each<[string, (market: Market) => Float64Array]>([
    ["a centred window", ({close}) => close.map((_, t) => mean(close.subarray(Math.max(0, t - 2), t + 3)))],
    ["a standardisation over the full sample", ({vix}) => scaledBy(vix, known(vix))],
    ["the next session's open", ({open, close}) => close.map((price, t) => (open[t + 1] ?? price) / price)],
    ["a quantile that expands over the full sample", ({vix}) => vix.map((value) => shareBelow(vix, value))],
    ["the next bar of another series", ({hyg}) => hyg.map((_, t) => hyg[t + 1] ?? Number.NaN)],
    ["the next session's date", ({sessions}) => Float64Array.from(sessions, (_, t) => sessions[t + 1] ?? 0)],
    ["how many sessions there are", ({close}) => close.map((_, t) => t / close.length)],
  ])("finds a feature with %s, and it alone", (_, compute) => {
    const honest = planted("honest", ({close}) =>
      close.map((price, t) => price / (close[t - 1] ?? Number.NaN)),
    );
    const found = prove(sampleDerivation({entries: [honest, planted("leak", compute)]}));
    expect(failed(found, "feature")).toEqual(["leak"]);
    const {first} = found.find(({name}) => name === "leak")!;
    expect(first!.text).toMatch(/^\d{4}-\d\d-\d\d, .+ became .+: bars after \d{4}-\d\d-\d\d /);
  });

  it("finds the training sets that a leaking feature enters", () => {
    const leak = planted("leak", ({close}) => close.map((_, t) => close[t + 40] ?? 0));
    const found = prove(sampleDerivation({entries: [leak]}));
    expect(failed(found, "fold")).toHaveLength(3);
    expect(found.find(({kind}) => kind === "fold")!.first!.text).toContain("features.columns.leak was");
  });

  it("finds labels shifted by one session, and the folds whose purge they outrun", () => {
    const late = prove(sampleDerivation({entries: [], labels: shiftedLabels(1)}));
    expect(failed(late, "label")).toHaveLength(6);
    expect(failed(late, "fold")).toHaveLength(3);
  });

  it("finds folds without purge, and with one session too few", () => {
    const all = prove(sampleDerivation({entries: [], purge: () => 0}));
    expect(
      all.filter((entry) => entry.kind === "fold" && !isCleared(entry)).map(({horizon}) => horizon),
    ).toEqual([1, 5, 22]);
    const short = prove(sampleDerivation({entries: [], purge: (h) => h - 1}));
    expect(failed(short, "fold")).toHaveLength(3);
    expect(failed(prove(sampleDerivation({entries: [], purge: (h) => h + 1})), "fold")).toEqual([]);
  });

  it("finds labels that do not look ahead at all", () => {
    const past = prove(sampleDerivation({entries: [], labels: shiftedLabels(-30)}));
    expect(failed(past, "label")).toHaveLength(6);
    expect(past.find(({name}) => name === "rv_5d")!.first!.text).toContain("did not change");
  });

  it("lets features know the calendar ahead, which no bar changes", () => {
    const ahead = planted("weekday_in_a_week", ({sessions}) =>
      Float64Array.from(sessions, (day) => (day + 7) % 7),
    );
    const found = prove(sampleDerivation({entries: [ahead]}));
    expect(found.filter((entry) => !isCleared(entry))).toEqual([]);
  });

  it("refuses a row that nothing follows", () => {
    const derivation = sampleDerivation();
    const baseline = deriveBaseline(derivation, bars);
    const row = baseline.features.sessions.length - 1;
    expect(() => proveFuture(derivation, baseline, {row, future: "scaled"})).toThrow(
      `Cannot change the bars after row ${row}: rows that others follow are 0 to ${row - 1}`,
    );
  });
});

describe("proveLabelWindow()", () => {
  it("shows that the label of t reads exactly the bars t to t + h", () => {
    const derivation = sampleDerivation({entries: []});
    const baseline = deriveBaseline(derivation, bars);
    const found = mergeEvidence([30, 400, 700].flatMap((row) => proveLabelWindow(derivation, baseline, row)));
    for (const {horizon, moved, first} of found) {
      expect(first).toBeNull();
      expect(moved).toBe(3 * (horizon! + 1));
    }
  });

  it.each([-1, 1])("finds labels shifted by %i session, either way", (shift) => {
    const derivation = sampleDerivation({entries: [], labels: shiftedLabels(shift)});
    const found = mergeEvidence(proveLabelWindow(derivation, deriveBaseline(derivation, bars), 400));
    expect(failed(found, "label")).toHaveLength(6);
    expect(found[0]!.first!.text).toMatch(/^the label of \d{4}-\d\d-\d\d (reads|does not read) the bar of /);
  });
});

it("changedBars() keeps every bar up to the day, of every symbol, and changes a later one", () => {
  const {sessions} = bars.get("SPY")!;
  for (const future of FUTURES) {
    const changed = changedBars(bars, {row: 400, future, sessions});
    for (const [symbol, series] of bars) {
      const other = changed.get(symbol)!;
      const end = series.sessions.findLastIndex((day) => day <= sessions[400]!) + 1;
      expect(other.sessions.subarray(0, end)).toEqual(series.sessions.subarray(0, end));
      expect(other.open.subarray(0, end)).toEqual(series.open.subarray(0, end));
      expect(other.adjClose.subarray(end, end + 10)).not.toEqual(series.adjClose.subarray(end, end + 10));
    }
  }
});

function shiftedLabels(shift: number): Derivation["labels"] {
  return (given) => {
    const {sessions, columns} = computeLabels(given.get("SPY")!) as Frame;
    const move = (values: Float64Array) => values.map((_, t) => values[t + shift] ?? Number.NaN);
    return createFrame(
      sessions,
      Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, move(values)])),
    );
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function scaledBy(values: Float64Array, scale: number): Float64Array {
  return values.map((value) => (value - scale) / scale);
}

function known(values: Float64Array): number {
  return mean(values.filter((value) => !Number.isNaN(value)));
}

function shareBelow(values: Float64Array, limit: number): number {
  return values.filter((value) => value < limit).length / values.length;
}
