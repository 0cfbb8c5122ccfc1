import {parseHTML} from "linkedom";
import {describe, expect, it} from "vitest";
import {calibrationChart, describeCalibration} from "../src/components/calibrationChart.js";
import {
  coverageByPeriodChart,
  coveragePathChart,
  describeCoveragePath,
  widthChart,
} from "../src/components/coverageCharts.js";
import {sortRows} from "../src/components/dataTable.js";
import {toCsv} from "../src/components/download.js";
import {describeDrivers, driversChart, withRest} from "../src/components/driversChart.js";
import {eventsWithin} from "../src/components/events.js";
import {featureScale, featureValue} from "../src/components/featureScale.js";
import {coverageTitle, describeHistory, historyChart, historyRows} from "../src/components/historyChart.js";
import {importanceByYearChart, importanceChart} from "../src/components/importanceChart.js";
import {logTicks} from "../src/components/logTicks.js";
import {cumulativeLossChart, fluctuationChart, rollingLossChart} from "../src/components/lossCharts.js";
import {mixOklab} from "../src/components/mixOklab.js";
import {modelStyles} from "../src/components/palette.js";
import {bothWays, gainsByPeriodChart, gainsChart, testsMatrix} from "../src/components/recordCharts.js";
import {claimsTable, effectsChart, targetsTable} from "../src/components/robustnessTables.js";
import {describeSeries, seriesRows} from "../src/components/seriesChart.js";
import {
  describeSpecification,
  rankedCells,
  specificationChoices,
  specificationCurve,
  specificationTitle,
} from "../src/components/specificationCurve.js";
import {standAlone} from "../src/components/standAlone.js";
import {gatesTable, leaderboardTable} from "../src/components/tables.js";
import {describeWaterfall, waterfallChart, waterfallSteps} from "../src/components/waterfallChart.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
globalThis.document = document;

const CONTRIBUTIONS = [
  {feature: "log_vix_var", words: "the level of the VIX", value: -9.1, shap: 0.3},
  {feature: "leverage_1d", words: "the losses of the last session", value: -1.2, shap: -0.2},
  {feature: "drawdown_60d", words: "the drawdown over the last 60 sessions", value: null, shap: 0.1},
  {feature: "vix_ret_5d", words: "the change of the VIX", value: 0.1, shap: -0.05},
].map((row) => ({...row, effect: Math.expm1(row.shap)}));

const HISTORY = [
  {date: "2020-03-13", forecast: 0.04, low: 0.02, high: 0.07, outcome: 0.1},
  {date: "2020-03-16", forecast: 0.06, low: 0.03, high: 0.11, outcome: 0.09},
  {date: "2020-03-17", forecast: 0.05, low: 0.03, high: 0.1, outcome: Number.NaN},
].map((row) => ({...row, date: new Date(row.date)}));

const STYLE = modelStyles({champion: "anchored", reference: "log_har_vix", baseline: "rv20"});
const LOSSES = ["anchored", "gbdt"].map((name, j) => ({
  name,
  dates: ["2020-01-02", "2020-03-16", "2020-06-01"].map((date) => Date.parse(date)),
  values: [0, 1, 2].map((i) => 0.3 + i * 0.1 + j * 0.05),
}));

function sound(svg) {
  const markup = svg.outerHTML;
  expect(markup).not.toMatch(/NaN|undefined|=&gt;|=>/);
  return markup;
}

describe("historyChart()", () => {
  it("draws interval, outcome and forecast, the first two quietly", () => {
    const svg = historyChart(HISTORY, {document, width: 600});
    sound(svg);
    expect(svg.querySelectorAll('g[aria-label="area"] path').length).toBe(1);
    expect(svg.querySelectorAll('g[aria-label="line"] path').length).toBe(2);
  });

  it("names the events within its span, but none of the real world on a simulated market", () => {
    expect(sound(historyChart(HISTORY, {document}))).toContain("Covid");
    expect(sound(historyChart(HISTORY, {document, simulated: true}))).not.toContain("Covid");
  });

  it("keeps forecasts whose outcome is not known", () => {
    expect(describeHistory(HISTORY)).toContain("to 17 Mar 2020");
  });

  it("is described in the unit it shows", () => {
    expect(describeHistory(HISTORY)).toMatch(/^Line chart of volatility a year .* forecast is 35.5/);
    expect(describeHistory(HISTORY, {unit: "sessions"})).toMatch(/over five sessions .* forecast is 5.00/);
  });
});

it("coverageTitle() counts known outcomes inside their interval, and early forecasts without one not at all", () => {
  const early = {date: new Date("2005-01-03"), forecast: 0.02, low: null, high: null, outcome: 0.01};
  expect(coverageTitle([early, ...HISTORY])).toBe(coverageTitle(HISTORY));
  expect(coverageTitle(HISTORY)).toMatch(/^50.% of 2 outcomes/);
});

it("eventsWithin() drops the earlier of two events without room for both", () => {
  const span = [new Date("2017-01-01"), new Date("2026-01-01")];
  const wide = eventsWithin(...span, {width: 2000});
  const narrow = eventsWithin(...span, {width: 300});
  expect(narrow.length).toBeLessThan(wide.length);
  expect(narrow.at(-1)).toEqual(wide.at(-1));
});

it("logTicks() are round, few and inside", () => {
  expect(logTicks(3, 60)).toEqual([5, 10, 20, 50]);
  expect(logTicks(6.4, 16)).toEqual([8, 10, 12, 14, 16]);
  expect(logTicks(0.001, 1000, 4)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]); // whole decades at the least
});

describe("driversChart()", () => {
  it("has a bar for each contribution and says its effect with its sign", () => {
    const svg = driversChart(CONTRIBUTIONS, {document, width: 600});
    const text = sound(svg);
    expect(svg.querySelectorAll('g[aria-label="bar"] rect').length).toBe(4);
    expect(text).toContain("+35.0");
    expect(text).toContain("−18.1");
  });

  it("gathers what is beyond its limit without changing the product", () => {
    const product = (rows) => rows.reduce((value, {effect}) => value * (1 + effect), 1);
    expect(withRest(CONTRIBUTIONS, 2)).toHaveLength(3);
    expect(product(withRest(CONTRIBUTIONS, 2))).toBeCloseTo(product(CONTRIBUTIONS), 12);
    expect(describeDrivers(CONTRIBUTIONS, 2)).toContain("2 other features");
  });
});

describe("waterfallChart()", () => {
  const attribution = {base: 0.02, contributions: CONTRIBUTIONS};

  it("leads from the model's average to the forecast without a gap", () => {
    const steps = waterfallSteps(attribution);
    for (let i = 1; i < steps.length; i++) expect(steps[i].from).toBeCloseTo(steps[i - 1].to, 12);
    expect(steps.at(-1).to).toBeCloseTo(0.02 * Math.exp(0.15), 12);
  });

  it("is described in the unit it shows", () => {
    expect(describeWaterfall(attribution)).toMatch(
      /average of 14.2.% a year to the forecast of 16.5.% a year/,
    );
    expect(describeWaterfall(attribution, {unit: "sessions"})).toMatch(
      /average of 2.00.% over 5 sessions to the forecast of 2.32.% over 5 sessions/,
    );
  });

  it("draws one bar a feature at any width", () => {
    for (const width of [340, 1000]) {
      const svg = waterfallChart(attribution, {document, width});
      sound(svg);
      expect(svg.querySelectorAll('g[aria-label="bar"] rect').length).toBe(4);
    }
  });
});

describe("importance charts", () => {
  const importance = CONTRIBUTIONS.map(({feature, words, shap}) => ({
    feature,
    words,
    meanAbsolute: Math.abs(shap),
  }));

  it("importanceChart() has a bar a feature, from zero", () => {
    const svg = importanceChart(importance, {document, width: 700});
    sound(svg);
    expect(svg.querySelectorAll('g[aria-label="bar"] rect').length).toBe(4);
  });

  it("importanceByYearChart() has a cell a feature and year", () => {
    const rows = [2019, 2020].flatMap((year) => importance.map((row) => ({...row, year})));
    const svg = importanceByYearChart(rows, {document, width: 700, importance});
    sound(svg);
    expect(svg.querySelectorAll('g[aria-label="cell"] rect').length).toBe(8);
  });
});

it("loss charts draw one line a model and name those that matter", () => {
  for (const chart of [
    cumulativeLossChart(LOSSES, {document, reference: "rv20", style: STYLE}),
    rollingLossChart(LOSSES, {document, window: 250, style: STYLE}),
    fluctuationChart(LOSSES, {document, critical: 3, reference: "rv20", style: STYLE}),
  ]) {
    const text = sound(chart);
    expect(chart.querySelectorAll('g[aria-label="line"] path').length).toBe(2);
    expect(text).toContain(">anchored<");
    expect(text).not.toContain(">gbdt<");
  }
  expect(describeSeries(LOSSES, {style: STYLE})).toBe(
    "Line chart from 2 Jan 2020 to 1 Jun 2020; at the end anchored 0.50; 1 other models are drawn grey behind them.",
  );
  expect(seriesRows(LOSSES)[2]).toEqual({date: new Date("2020-06-01"), anchored: 0.5, gbdt: 0.55});
});

it("cumulativeLossChart() never crops the model it is framed for, nor any without one", () => {
  const dates = [0, 1, 2].map((day) => Date.UTC(2020, 0, 2 + day));
  const losses = [
    {name: "anchored", dates, values: [0, -1, 30]},
    {name: "rv20", dates, values: [0, 200, 400]},
    {name: "log_har_vix", dates, values: [0, 0, 0]},
  ];
  const style = () => ({color: "black", width: 1});
  const reference = "log_har_vix";
  const named = (options: object) =>
    sound(cumulativeLossChart(losses, {document, style, reference, ...options}));
  expect(named({framed: "anchored"})).toContain(">anchored<");
  expect(named({framed: "anchored"})).not.toContain(">rv20<");
  expect(named({})).toContain(">rv20<");
});

it("calibrationChart() has a point and an interval a group, and a diagonal", () => {
  const groups = [1, 2, 3].map((decile) => ({
    decile,
    n: 10,
    var_hat: (decile / 100) ** 2,
    var: ((1.1 * decile) / 100) ** 2,
    bias_lo: 0.6,
    bias_hi: 1.2,
  }));
  const svg = calibrationChart(groups, {document});
  sound(svg);
  expect(svg.querySelectorAll('g[aria-label="dot"] circle').length).toBe(3);
  expect(svg.querySelectorAll('g[aria-label="rule"] line').length).toBe(3);
  expect(describeCalibration(groups)).toContain("1.00 % forecast, 1.10 % realized");
});

describe("recordCharts", () => {
  const rows = ["anchored", "gbdt", "log_har_vix"].map((model, i) => ({
    model,
    period: "2020",
    n: 250,
    n_effective: 50,
    qlike: 0.3 + i / 100,
    gain_qlike_har_vix: [0.03, -0.4, 0][i],
    gain_qlike_har_vix_lo: [0.01, null, null][i],
    gain_qlike_har_vix_hi: [0.05, null, null][i],
  }));
  const gain = "gain_qlike_har_vix";

  it("gainsChart() has a dot a model but the one compared with, a bar where there is an interval, an arrow and a number for one far off", () => {
    const svg = gainsChart(rows, {document, gain, other: "log_har_vix", style: STYLE});
    sound(svg);
    expect(svg.querySelectorAll('g[aria-label="dot"] circle').length).toBe(1);
    expect(Array.from(svg.querySelectorAll("text"), (node) => node.textContent).join()).toMatch(/◂ −\d+/);
    expect(svg.querySelectorAll('g[aria-label="rule"] line[stroke^="var(--series"]').length).toBe(1);
  });

  it("testsMatrix() has both directions of a pair, of opposite sign", () => {
    const pair = {
      model: "anchored",
      other: "gbdt",
      difference: -0.1,
      difference_lo: -0.2,
      difference_hi: -0.05,
    };
    const tests = bothWays([{...pair, dm_t: -4, dm_p: 0.0001}]);
    expect(tests[1]).toMatchObject({model: "gbdt", other: "anchored", dm_t: 4, difference_lo: 0.05});
    const svg = testsMatrix(tests, {document, models: ["anchored", "gbdt"], width: 900});
    sound(svg);
    const fills = [...svg.querySelectorAll('g[aria-label="cell"] rect')].map((cell) =>
      cell.getAttribute("fill"),
    );
    expect(fills).toEqual(["var(--series-accent)", "var(--series-orange)"]);
    expect(svg.textContent).toContain("−4.0");
    expect(svg.querySelector('g[aria-label="key"]').textContent).toBe("row bettercolumn better");
  });

  it("gainsByPeriodChart() has a cell a model and period, blue for a gain", () => {
    const models = ["anchored", "gbdt"];
    const svg = gainsByPeriodChart(rows, {document, models, periods: ["2020"], gain, other: "log_har_vix"});
    sound(svg);
    expect(
      [...svg.querySelectorAll('g[aria-label="cell"] rect')].map((cell) => cell.getAttribute("fill")),
    ).toEqual(["var(--series-accent)", "var(--series-orange)"]);
  });
});

describe("leaderboardTable()", () => {
  const base = {rmse_pct: 1, gain_rmse_rv20: 0, mae_pct: 1, r2: 0.5, bias: 1, n: 4776, n_effective: 955.2};
  const rows = [
    {...base, model: "rv20", qlike: 0.5652, gain_qlike_rv20: 0, dm_t_rv20: null, dm_t_har_vix: 5, mcs_p: 0},
    {
      ...base,
      model: "anchored",
      qlike: 0.35294,
      gain_qlike_rv20: 0.376,
      dm_t_rv20: -9,
      dm_t_har_vix: -2.6,
      mcs_p: 1,
    },
    {
      ...base,
      model: "gbdt",
      qlike: 0.35291,
      gain_qlike_rv20: 0.376,
      dm_t_rv20: -9,
      dm_t_har_vix: 0.2,
      mcs_p: 0.4,
    },
  ];
  const table = leaderboardTable(rows, {style: STYLE, champion: "anchored"});
  const models = () => [...table.querySelectorAll("tbody tr")].map((row) => row.getAttribute("data-row"));

  it("puts the lowest loss first and sorts by any column", () => {
    expect(models()).toEqual(["gbdt", "anchored", "rv20"]);
    table.querySelectorAll("thead button")[0].click();
    expect(models()).toEqual(["anchored", "gbdt", "rv20"]);
    table.querySelectorAll("thead button")[0].click();
    expect(models()).toEqual(["rv20", "gbdt", "anchored"]);
  });

  it("prints equal figures equally bold, and marks the confidence set", () => {
    const bold = [...table.querySelectorAll("td.best")].filter((cell) => cell.textContent === "0.3529");
    expect(bold).toHaveLength(2);
    expect(table.querySelectorAll(".in-set")).toHaveLength(2);
  });

  it("shows n and effective n", () => {
    expect(table.textContent).toContain("4,776");
    expect(table.textContent).toContain("955");
  });

  it("says why it is empty", () => {
    expect(leaderboardTable([]).textContent).toContain("No model was scored");
  });
});

it("sortRows() keeps missing figures last in both directions", () => {
  const rows = [{t: null}, {t: 1}, {t: -2}];
  expect(sortRows(rows, {name: "t", descending: false}).map(({t}) => t)).toEqual([-2, 1, null]);
  expect(sortRows(rows, {name: "t", descending: true}).map(({t}) => t)).toEqual([1, -2, null]);
});

it("gatesTable() says what was not met", () => {
  const gate = {
    name: "bias",
    claim: "bias at most 1.05",
    value: 1.2,
    threshold: 1.05,
    passed: false,
    blocking: false,
  };
  expect(gatesTable([gate]).textContent).toContain("not met");
  const unjudged = gatesTable([{...gate, value: Number.NaN, judged: false}]).textContent;
  expect(unjudged).toContain("not judged");
  expect(unjudged).not.toContain("not met");
});

it("toCsv() quotes what needs quoting and leaves missing values empty", () => {
  const rows = [{date: new Date("2020-03-16"), words: 'a, "b"', value: Number.NaN}];
  expect(toCsv(rows)).toBe('date,words,value\r\n2020-03-16,"a, ""b""",\r\n');
});

describe("coverageCharts", () => {
  const rows = ["adaptive", "split"].flatMap((method) =>
    [0.8, 0.9].map((level) => ({
      method,
      level,
      period: "2020",
      n: 250,
      covered: 200,
      rate: level - 0.01,
      below: 0.05,
      mean_width: 1 + level,
      interval_score_pct: 3,
      worst_rate: 0.7,
    })),
  );

  it("widthChart() has a point a method and level and a line for each promise", () => {
    const svg = widthChart(rows, {document, width: 700});
    expect(sound(svg)).toContain("90\u202f% promised");
    expect(svg.querySelectorAll('g[aria-label="dot"] path').length).toBe(4);
  });

  it("widthChart() tells methods that coincide apart: each name in a row of its own, each point with its sign", () => {
    const svg = widthChart(rows, {document, width: 700}); // both methods are the same in every row
    const names = [...svg.querySelectorAll('g[aria-label="text"]')].filter((mark) =>
      /[●▲]/.test(mark.textContent ?? ""),
    );
    expect(names.map((mark) => mark.textContent).sort()).toEqual(["▲ split", "● adaptive"]);
    expect(new Set(names.map((mark) => mark.getAttribute("transform"))).size).toBe(2);
    const shapes = [...svg.querySelectorAll('g[aria-label="dot"] path')].map((path) =>
      path.getAttribute("d"),
    );
    expect(new Set(shapes).size).toBe(2);
  });

  it("coverageByPeriodChart() reaches down to the worst quarter", () => {
    const svg = coverageByPeriodChart(rows.slice(0, 1), {document, level: 0.8, method: "adaptive"});
    sound(svg);
    const [bar] = [...svg.querySelectorAll('g[aria-label="rule"] line[stroke^="var(--series"]')];
    expect(Number(bar.getAttribute("x1"))).toBeLessThan(Number(bar.getAttribute("x2")));
  });

  it("coveragePathChart() is described by its lowest point", () => {
    const dates = ["2020-01-02", "2020-03-16", "2020-06-01"].map((date) => Date.parse(date));
    const path = {name: "adaptive", dates, values: [0.9, 0.7, 0.88]};
    sound(coveragePathChart(path, {document, level: 0.9, method: "adaptive"}));
    expect(describeCoveragePath(path, {level: 0.9})).toMatch(/lowest 70.0.% on 16 Mar 2020, last 88.0.%/);
  });
});

describe("the specification curve", () => {
  const main = {refit_sessions: 63, purge_sessions: 5};
  const cells = [63, 252].flatMap((refit_sessions) =>
    [5, 22].map((purge_sessions) => ({
      refit_sessions,
      purge_sessions,
      span: "since 1993",
      features: "all",
      proxy: "squared returns",
      loss: "qlike",
      retransformation: "smearing",
      gain: 0.04 - purge_sessions / 500 - refit_sessions / 10_000,
      dm_t: -3,
      n: 100,
    })),
  );

  it("orders cells by gain, marks the leaderboard's and counts those above 0", () => {
    expect(rankedCells(cells).map(({gain}) => gain)).toEqual(
      cells.map(({gain}) => gain).sort((a, b) => a - b),
    );
    const svg = specificationCurve(cells, {document, reference: "log_har_vix", main});
    expect(sound(svg)).toContain("the leaderboard’s choices");
    expect(svg.querySelectorAll('g[aria-label="dot"] circle').length).toBe(5);
    const names = {model: "anchored", reference: "log_har_vix"};
    expect(specificationTitle(cells, names)).toMatch(
      /^anchored loses less than log_har_vix in 50.% of 4 cells$/,
    );
    expect(describeSpecification(cells, names)).toContain("above 0 in 2, beyond chance in 4");
  });

  it("has a row an option of the choices that vary, a mark under each cell that takes it", () => {
    for (const width of [360, 900]) {
      const svg = specificationChoices(cells, {document, width});
      sound(svg);
      const paths = [...svg.querySelectorAll('g[aria-label="choice"] path')];
      expect(paths.map((path) => path.getAttribute("d").split("M").length - 1)).toEqual([2, 2, 2, 2]);
    }
  });
});

it("effectsChart() keeps an option that ruins a model inside the frame", () => {
  const effect = {
    choice: "purge",
    option: "22 sessions",
    against: "5 sessions",
    pairs: 3,
    median: 0.01,
    least: -0.01,
  };
  const svg = effectsChart([{...effect, most: 9}], {document, width: 600});
  sound(svg);
  const [bar] = [...svg.querySelectorAll('g[aria-label="rule"] line[stroke^="var(--series"]')];
  expect(Number(bar.getAttribute("x2"))).toBeLessThanOrEqual(600);
});

it("tables of robustness say what to run where there is nothing", () => {
  expect(claimsTable([]).textContent).toContain("multiverse has not been run");
  expect(targetsTable([], {model: "anchored"}).textContent).toContain("make targets");
});

describe("a picture outside its page", () => {
  it("standAlone() has title, measure and source, the light palette and no property of a page", () => {
    const chart = cumulativeLossChart([{name: "selected", dates: [0, 864e5], values: [0, -1]}], {
      document,
      reference: "rv20",
      framed: "selected",
      style: modelStyles({champion: "selected"}),
    });
    const svg = standAlone([chart], {title: "A < B", subtitle: "measure ".repeat(40), source: "Source: x."});
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+"/);
    for (const part of ["A &lt; B", "Source: x.", "#1359d2"]) expect(svg).toContain(part);
    expect(svg).not.toMatch(/var\(--(series|theme)|color-mix|&nbsp;|NaN/);
    expect(svg.match(/measure/g)).toHaveLength(40);
    expect(standAlone([chart.cloneNode(true) as typeof chart], {title: "A < B", source: "x"})).not.toMatch(
      /plot-clip-\d/,
    );
  });

  it("mixOklab() is CSS's color-mix(in oklab)", () => {
    // CSS Color 5: half of white and black is oklab(0.5 0 0), which is rgb(99, 99, 99).
    expect(mixOklab("#ffffff", "#000000", 0.5)).toBe("#636363");
    expect(mixOklab("#d27211", "#1359d2", 1)).toBe("#d27211");
    expect(mixOklab("#d27211", "#1359d2", 0)).toBe("#1359d2");
  });
});

describe("features and forecasts in a reader's units", () => {
  it("featureScale() shows a log of daily variance as the volatility a year that it stands for", () => {
    const {log, unit, shown} = featureScale("log_vix_var");
    expect([log, unit]).toEqual([true, "points"]);
    expect(shown(Math.log(0.2 ** 2 / 252))).toBeCloseTo(20, 10);
    expect(featureValue("log_range_var_5d", Math.log(0.1 ** 2 / 252))).toBe("10.0 % a year");
    expect(featureValue("leverage_5d", -0.0123456)).toBe("value -0.01235");
    expect(featureValue("vix", null)).toBe("value missing");
  });

  it("historyRows() puts the outcome beside the forecast of its date, from a day on", () => {
    const days = Int32Array.of(10, 11, 12);
    const predictions = {
      rows: 3,
      columns: {date: days, rv_5d_hat: [0.1, 0.2, 0.3], rv_5d_lo: [0, 0, 0], rv_5d_hi: [1, 1, 1]},
    };
    const outcomes = {columns: {date: Int32Array.of(11), rv_5d: [0.25]}};
    const rows = historyRows(predictions, {outcomes, from: "1970-01-12"});
    expect(
      rows.map(({forecast, outcome}: {forecast: number; outcome: number}) => [forecast, outcome]),
    ).toEqual([
      [0.2, 0.25],
      [0.3, Number.NaN],
    ]);
  });
});
