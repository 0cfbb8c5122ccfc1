import {describe, expect, it} from "vitest";
import {createFrame, lowerBound} from "../frame.ts";
import {catalogueEntry} from "../models/catalogue.ts";
import type {LogFit} from "../models/logFit.ts";
import {horizon, sessionDate} from "../units.ts";
import {createPredictor} from "./predictor.ts";
import {Problem} from "./problem.ts";
import {
  artifacts,
  features,
  fittedArtifact,
  NEWEST,
  predictionsTable,
  stored,
  TRAINED_THROUGH,
} from "./server.fixture.ts";

const {predict} = createPredictor({artifacts, features, simulated: false});
const [main] = artifacts;
const newest = sessionDate(NEWEST);

function ask(day: string, sent: Record<string, number> = {}) {
  return predict({day: sessionDate(day), sent, at: ""});
}

function refusal(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

function warning(day: string, sent: Record<string, number>, code: string) {
  return ask(day, sent).warnings.find((each) => each.code === code);
}

describe("predict()", () => {
  it("answers each example of the artifact's manifest to the last bit", () => {
    for (const {date, volatility} of main!.manifest.examples) expect(ask(date).rv_5d_hat).toBe(volatility);
  });

  it("answers as one that was never asked before, whatever was asked", () => {
    const [first, before] = [stored.sessions[20]!, stored.sessions.at(-2)!];
    const questions = [newest, before, newest, first].flatMap((day) =>
      [{}, {vix: 14}, {vix: 15}, {spy_ret_1d: 0.001, vix: 15}, {}].map((sent) => ({
        day: day as never,
        sent,
        at: "",
      })),
    );
    for (const question of questions) {
      const fresh = createPredictor({artifacts, features, simulated: false}).predict(question);
      expect(predict(question)).toEqual(fresh);
      expect(Object.keys(predict(question).shap)).toEqual(Object.keys(fresh.shap));
    }
  });

  it("answers every stored session as predictions_daily does: forecasts, drivers and interval", () => {
    const table = predictionsTable().columns;
    stored.sessions.forEach((day, t) => {
      const answer = predict({day: day as never, sent: {}, at: ""});
      expect(answer.rv_5d_hat).toBe(table.rv_5d_hat![t]);
      expect(answer.rv_1d_hat).toBe(table.rv_1d_hat![t]);
      expect(answer.rv_22d_hat).toBe(table.rv_22d_hat![t]);
      expect(answer.top_drivers).toEqual(table.top_drivers![t]);
      if (t < 10) return;
      expect(answer.interval).toMatchObject({lower: table.rv_5d_lo![t], upper: table.rv_5d_hi![t]});
      expect(answer.rv_1d_interval).toMatchObject({lower: table.rv_1d_lo![t], upper: table.rv_1d_hi![t]});
      expect(answer.rv_22d_interval).toMatchObject({lower: table.rv_22d_lo![t], upper: table.rv_22d_hi![t]});
    });
  });

  it("answers with each session's own interval of predictions_daily, to the last bit", () => {
    const table = predictionsTable();
    const {rv_5d_hat, rv_5d_lo, rv_5d_hi, rv_22d_hi} = table.columns as Record<string, Float64Array>;
    const moved = (bounds: Float64Array) => bounds.map((bound, t) => bound * (1 + t / 100));
    const predictions = {
      rows: table.rows,
      columns: {
        ...table.columns,
        rv_5d_lo: moved(rv_5d_lo!),
        rv_5d_hi: moved(rv_5d_hi!),
        rv_22d_hi: moved(rv_22d_hi!),
      },
    };
    const served = createPredictor({artifacts, features, predictions, simulated: false});
    const intervalAt = (day: number, sent = {}) => served.predict({day: day as never, sent, at: ""}).interval;
    stored.sessions.forEach((day, t) => {
      const {rv_5d_lo: low, rv_5d_hi: high} = predictions.columns;
      const expected = t < 10 ? null : {coverage: 0.9, lower: low[t], upper: high[t]};
      expect(intervalAt(day)).toEqual(expected);
      const month = served.predict({day: day as never, sent: {}, at: ""}).rv_22d_interval;
      expect(month?.upper).toBe(t < 10 ? undefined : predictions.columns.rv_22d_hi[t]);
    });
    expect(intervalAt(features.sessions[features.sessions.length - 70]!)).toBeNull();
    const {features: row, volatility} = main!.manifest.examples.at(-1)!;
    const next = intervalAt(sessionDate("2024-01-03"), row)!;
    expect(next.lower).toBe(predictions.columns.rv_5d_lo.at(-1)! * (volatility / rv_5d_hat!.at(-1)!));
    const whatIf = served.predict({day: newest, sent: {vix: 40}, at: ""});
    expect(whatIf.interval!.upper / whatIf.rv_5d_hat).toBeCloseTo(1.8 * 1.59, 12);
  });

  it("has contributions that sum to the log of the forecast, the largest first", () => {
    for (const sent of [{}, {vix: 40}, {range_var_22d: 4e-4, spy_ret_5d: -0.08}]) {
      const {rv_5d_hat, shap, base_value, top_drivers} = ask(NEWEST, sent);
      const values = Object.values(shap);
      expect(base_value + values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(Math.log(rv_5d_hat), 12);
      expect(values.map(Math.abs)).toEqual(values.map(Math.abs).sort((a, b) => b - a));
      expect(Object.keys(shap).slice(0, 3)).toEqual(top_drivers);
    }
  });

  it("recomputes what depends on a sent feature, as the formulas say", () => {
    const t = features.sessions.length - 1;
    const row = Object.fromEntries(
      Object.entries(features.columns).map(([name, values]) => [name, values[t]!]),
    );
    const logVixVar = Math.log(0.4 ** 2 / 252);
    const expected = {
      ...row,
      vix: 40,
      log_vix_var: logVixVar,
      vix_range_ratio: logVixVar - row.log_range_var_22d!,
    };
    const frame = createFrame(
      Int32Array.of(newest),
      Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, Float64Array.of(value)])),
    );
    const {volatility} = catalogueEntry("anchored").model.forecast(main!.fit, {
      features: frame,
      rows: {start: 0, end: 1},
      horizon: horizon(5),
    });
    const answer = ask(NEWEST, {vix: 40});
    expect(answer.rv_5d_hat).toBeCloseTo(volatility[0]!, 14);
    expect(answer.rv_5d_hat).toBeGreaterThan(ask(NEWEST).rv_5d_hat);
    expect(warning(NEWEST, {vix: 40}, "features_derived")?.features).toEqual([
      "log_vix_var",
      "vix_range_ratio",
    ]);
  });

  it("lets the same answer follow from the lake's own values when they are sent", () => {
    const t = features.sessions.length - 1;
    const sent = Object.fromEntries(
      main!.manifest.features.map((name) => [name, features.columns[name]![t]!]),
    );
    const answer = ask(NEWEST, sent);
    expect(answer.rv_5d_hat).toBe(ask(NEWEST).rv_5d_hat);
    expect(answer.warnings).toEqual([]);
  });

  it("says which features came from the lake, and which sent ones change nothing", () => {
    const sent = {vix: 19.4, spy_vol_10d: 0.12, vix_term: 1.12};
    expect(warning(NEWEST, sent, "features_unused")?.features).toEqual(["spy_vol_10d", "vix_term"]);
    const taken = warning(NEWEST, sent, "features_from_lake")!.features;
    expect(taken).toContain("log_range_var_22d");
    expect(taken).toContain("drawdown_60d");
    for (const name of ["vix", "log_vix_var", "spy_vol_10d"]) expect(taken).not.toContain(name);
    expect(ask(NEWEST, {spy_vol_10d: 5}).rv_5d_hat).toBe(ask(NEWEST).rv_5d_hat);
  });

  it("warns of values outside the training rows, with the range", () => {
    const found = warning(NEWEST, {vix: 100}, "outside_training_support")!;
    expect(found.features).toContain("log_vix_var");
    expect(found.message).toContain(`log_vix_var is ${Number(Math.log(1 / 252).toPrecision(4))}, trained on`);
    expect(warning(NEWEST, {}, "outside_training_support")).toBeUndefined();
  });

  it("warns before the end of training, and not from it on", () => {
    expect(warning("2023-12-08", {}, "in_sample")?.message).toContain(TRAINED_THROUGH);
    expect(warning(TRAINED_THROUGH, {}, "in_sample")).toBeUndefined();
  });

  it("says so where the market is simulated", () => {
    const simulated = createPredictor({artifacts, features, simulated: true});
    const codes = simulated.predict({day: newest, sent: {}, at: ""}).warnings.map(({code}) => code);
    expect(codes).toContain("simulated_market");
  });

  it("refuses a day without a session, naming the session before it", () => {
    const christmas = refusal(() => ask("2023-12-25"));
    expect(christmas.kind).toBe("not-a-session");
    expect(christmas.faults[0]).toMatchObject({field: "as_of_date"});
    expect(christmas.faults[0]!.detail).toContain("Christmas");
    expect(christmas.faults[0]!.remedy).toContain("2023-12-22");
    expect(refusal(() => ask("2024-01-15")).faults[0]!.remedy).toContain(NEWEST);
    expect(refusal(() => ask("2031-01-02")).kind).toBe("not-a-session");
    expect(refusal(() => ask("1812-06-24")).kind).toBe("not-a-session");
  });

  it("refuses a session after the lake's newest for what is then missing, naming both", () => {
    const {kind, faults} = refusal(() => ask("2024-01-03", {vix: 20}));
    expect(kind).toBe("missing-features");
    expect(faults[0]!.detail).toContain(`2024-01-03 lies after ${NEWEST}`);
    expect(faults[0]!.detail).toContain("log_range_var_22d");
    expect(faults[0]!.detail).not.toContain("log_vix_var");
    expect(faults[0]!.features).toContain("leverage_5d");
    expect(faults[0]!.remedy).toContain("range_var_22d");
  });

  it("answers for a session the lake does not hold where everything is sent", () => {
    const {features: row, volatility} = main!.manifest.examples.at(-1)!;
    const answer = ask("2024-01-03", {...row});
    expect(answer.rv_5d_hat).toBe(volatility);
    expect(answer.warnings.map(({code}) => code)).toEqual(["not_in_lake"]);
  });

  it("refuses the lake's first sessions, whose features are not complete", () => {
    const {kind, faults} = refusal(() => ask("2018-01-05"));
    expect(kind).toBe("missing-features");
    expect(faults[0]!.detail).toContain("neither the request nor features_daily has");
  });

  it("refuses values that overflow, lie absurdly far from training, or lead to what no market does", () => {
    expect(refusal(() => ask(NEWEST, {vix: 1e300})).kind).toBe("beyond-training");
    for (const sent of [{vix_ret_5d: 1e30}, {sq_ret_ratio_5_22: 1e308}, {range_var_22d: 400}]) {
      const {kind, faults} = refusal(() => ask(NEWEST, sent));
      expect(kind).toBe("beyond-training");
      expect(faults[0]!.detail).toContain("the model was trained on");
    }
    for (const vix of [0.05, 20_000]) expect(refusal(() => ask(NEWEST, {vix})).kind).toBe("beyond-training");
  });

  it("answers for a crash that is in the lake, however far from training", () => {
    const crash = features.columns.leverage_1d!.with(-1, -60);
    const {predict: afterCrash} = createPredictor({
      artifacts,
      features: createFrame(features.sessions, {
        ...features.columns,
        leverage_1d: crash,
        spy_ret_1d: features.columns.spy_ret_1d!.with(
          -1,
          -60 * Math.sqrt(features.columns.range_var_22d!.at(-1)!),
        ),
      }),
      simulated: false,
    });
    const {warnings, rv_5d_hat} = afterCrash({day: newest, sent: {}, at: ""});
    expect(rv_5d_hat).toBeGreaterThan(0);
    expect(warnings.find(({code}) => code === "outside_training_support")?.features).toContain("leverage_1d");
  });

  it("leaves the lake as it was", () => {
    const t = lowerBound(features.sessions, newest);
    const before = features.columns.vix![t];
    ask(NEWEST, {vix: 77});
    expect(features.columns.vix![t]).toBe(before);
  });
});

describe("createPredictor()", () => {
  it("serves a model of trees alone, which does without what it has seen missing", () => {
    const artifact = fittedArtifact(5, "gbdt");
    const without = createFrame(features.sessions, {
      ...features.columns,
      vix3m: new Float64Array(features.sessions.length).fill(Number.NaN),
    });
    const predictor = createPredictor({artifacts: [artifact], features: without, simulated: false});
    expect(predictor.needed).toContain("rsi_spy_14");
    expect(predictor.needed).not.toContain("vix3m");
    const answer = predictor.predict({day: newest, sent: {}, at: ""});
    expect(answer.warnings.find(({code}) => code === "features_missing")?.features).toEqual([
      "vix3m",
      "vix_term",
    ]);
    expect(answer).not.toHaveProperty("rv_1d_hat");
  });

  it("serves a regression", () => {
    const predictor = createPredictor({
      artifacts: [fittedArtifact(5, "log_har_vix")],
      features,
      simulated: false,
    });
    const {rv_5d_hat, shap} = predictor.predict({day: newest, sent: {}, at: ""});
    expect(rv_5d_hat).toBeGreaterThan(0);
    expect(Object.keys(shap)).toHaveLength(6);
  });

  it("refuses a model that no longer says what its manifest says", () => {
    const {manifest, fit} = main!;
    const bent: LogFit = {...fit, linear: {...fit.linear!, intercept: fit.linear!.intercept + 1e-6}};
    expect(() => createPredictor({artifacts: [{manifest, fit: bent}], features, simulated: false})).toThrow(
      /Cannot use spy_rv_5d .*train again/,
    );
  });

  it("refuses to start without the model at 5 sessions", () => {
    expect(() => createPredictor({artifacts: artifacts.slice(1), features, simulated: false})).toThrow(
      "there is no model at 5 sessions; run make report",
    );
  });
});
