// How does a reader change the market, and read the model's answer? Sliders in the units people use, cards, warnings.

import {el} from "./element.js";
import {annualized, finePercent, fixed, percent, signedPercent} from "./format.js";

const SLIDERS = [
  {
    name: "ret",
    title: (symbol) => `Return of ${symbol}`,
    note: "close to close",
    from: -0.12,
    to: 0.12,
    step: 0.001,
    text: (v) => signedPercent(v),
    scale: Math.expm1,
    back: Math.log1p,
  },
  {
    name: "range",
    title: () => "Range of the session",
    note: "high over low",
    from: 0.001,
    to: 0.15,
    step: 0.001,
    text: (v) => percent(v),
    scale: Math.expm1,
    back: Math.log1p,
  },
  {
    name: "before",
    title: () => "Return of the four sessions before",
    note: "in total",
    from: -0.2,
    to: 0.2,
    step: 0.005,
    text: (v) => signedPercent(v),
    scale: Math.expm1,
    back: Math.log1p,
  },
  {
    name: "vix",
    title: () => "VIX at the close",
    note: "points",
    from: 8,
    to: 90,
    step: 0.25,
    text: (v) => fixed(v, 2),
  },
  {
    name: "vix3m",
    feature: "vix3m", // the only way by which it can reach a model
    title: () => "Three-month VIX",
    note: "points; the term structure",
    from: 8,
    to: 80,
    step: 0.25,
    text: (v) => fixed(v, 2),
  },
];

let forms = 0;

/**
 * A form with a slider each of an ending; its value is what was moved: at first `set`, {} where nothing is. ending: as
 * endingOf() gives it; one that is unknown has no slider.
 */
export function sliders(ending, {symbol, reaching, set = {}}) {
  const moved = {};
  const form = el("form", {class: "sliders"});
  form.addEventListener("submit", (event) => event.preventDefault());
  const known = SLIDERS.filter(({name}) => Number.isFinite(ending[name]));
  const rows = known.map((slider) => {
    const idle = slider.feature !== undefined && !reaching.includes(slider.feature);
    const row = sliderRow(slider, {start: ending[slider.name], symbol, moved, form, idle});
    if (Number.isFinite(set[slider.name]) && !idle) row.put(set[slider.name]);
    return row;
  });
  const reset = el(
    "button",
    {
      type: "button",
      class: "plain",
      onclick: () => {
        for (const row of rows) row.reset();
        for (const name of Object.keys(moved)) delete moved[name];
        form.dispatchEvent(new Event("input", {bubbles: true}));
      },
    },
    "As it was",
  );
  form.append(...rows.map(({node}) => node), reset);
  Object.defineProperty(form, "value", {get: () => ({...moved})});
  return form;
}

function sliderRow(
  {name, title, note, from, to, step, text, scale = (v) => v, back = (v) => v},
  {start, symbol, moved, form, idle},
) {
  const id = `slider-${name}-${++forms}`;
  const shown = scale(start);
  const input = el("input", {
    type: "range",
    id,
    name,
    min: Math.min(from, shown),
    max: Math.max(to, shown),
    step: "any",
    value: shown,
    disabled: idle ? "" : undefined, // a control that does nothing says so
  });
  const output = el("output", {for: id}, text(shown));
  const was = el("small", {}, ` was ${text(shown)}`);
  input.setAttribute("aria-valuetext", text(shown));
  const say = (value) => {
    output.textContent = text(value);
    input.setAttribute("aria-valuetext", text(value));
  };
  // The keys move by whole steps; "any" keeps the start as it is.
  input.addEventListener("keydown", (event) => {
    const by = {
      ArrowRight: step,
      ArrowUp: step,
      ArrowLeft: -step,
      ArrowDown: -step,
      PageUp: 10 * step,
      PageDown: -10 * step,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    input.value = Number(input.value) + by;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  });
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    const value = Math.round(Number(input.value) / step) * step;
    moved[name] = back(value);
    say(value);
    form.dispatchEvent(new Event("input", {bubbles: true}));
  });
  return {
    node: el(
      "div",
      {class: "slider"},
      el(
        "label",
        {for: id},
        title(symbol),
        el("small", {}, idle ? " not read by the model in use" : ` ${note}`),
      ),
      input,
      el("span", {}, output, was),
    ),
    put(value) {
      moved[name] = value;
      input.value = scale(value);
      say(scale(value));
    },
    reset() {
      input.value = shown;
      say(shown);
    },
  };
}

/** Number inputs of every feature that can move the forecast; its value is what was set, at first `given`. */
export function featureInputs(predictor, {date, wordsOf, given = {}}) {
  const values = predictor.valuesOf(date);
  const {support} = predictor.manifests[0];
  const set = {};
  const form = el("form", {class: "feature-inputs"});
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const name of predictor.reaching) {
    const id = `feature-${name}`;
    const range = support[name]
      ? `trained on ${short(support[name][0])} to ${short(support[name][1])}`
      : "leads to one the model reads";
    const field = el("input", {
      type: "number",
      step: "any",
      id,
      placeholder: Number.isFinite(values[name]) ? String(values[name]) : "unknown",
      "aria-describedby": `${id}-range`,
    });
    if (Number.isFinite(given[name])) {
      set[name] = given[name];
      field.value = String(given[name]);
    }
    field.addEventListener("input", (event) => {
      event.stopPropagation();
      if (field.value === "") delete set[name];
      else set[name] = Number(field.value);
      form.dispatchEvent(new Event("input", {bubbles: true}));
    });
    form.append(
      el(
        "div",
        {},
        el("label", {for: id}, el("code", {}, name), el("small", {}, ` ${wordsOf.get(name) ?? ""}`)),
        field,
        el("small", {id: `${id}-range`}, range),
      ),
    );
  }
  Object.defineProperty(form, "value", {get: () => ({...set})});
  return form;
}

/** The forecasts of all horizons, against those of the session as it was. */
export function answerCards({prediction}, {before}) {
  const {interval} = prediction;
  const was = before.prediction;
  const card = (horizon, main) => {
    const name = `rv_${horizon}d_hat`;
    const [now, then] = [prediction[name], was[name]];
    return el(
      "section",
      {class: main ? "card main" : "card", "data-horizon": String(horizon), "data-value": String(now)},
      el("h2", {}, horizon === 1 ? "Next session" : `Next ${horizon} sessions`),
      el("p", {class: "figure"}, percent(annualized(now, horizon)), el("small", {}, " a year")),
      el(
        "p",
        {},
        now === then
          ? `a move of ${finePercent(now)}, as it was`
          : `a move of ${finePercent(now)}, ${signedPercent(now / then - 1)} on ${finePercent(then)} as it was`,
      ),
      main &&
        interval &&
        el(
          "p",
          {class: "quiet"},
          `${percent(interval.coverage, 0)} of outcomes between ${finePercent(interval.lower)} and ${finePercent(interval.upper)}`,
        ),
    );
  };
  return el("div", {class: "cards three"}, card(1), card(5, true), card(22));
}

const SAID_ELSEWHERE = new Set(["features_from_lake", "features_derived"]);

/** What the answer rests on that a reader should know: features outside the training range first. */
export function warningList(warnings) {
  const shown = warnings.filter(({code}) => !SAID_ELSEWHERE.has(code));
  if (shown.length === 0)
    return el("p", {class: "quiet"}, "Every feature is within what the model was trained on.");
  const items = shown.map(({code, message, features}) =>
    el(
      "li",
      {class: code === "outside_training_support" ? "breach" : "", "data-code": code},
      message,
      code === "features_unused" ? `: ${features.join(", ")}` : "",
    ),
  );
  return el("div", {role: "status"}, el("ul", {class: "warnings"}, items));
}

/** Why the model refuses, as the server would say it. */
export function problemBox(error) {
  const faults = error.faults ?? [{detail: error.message}];
  return el(
    "div",
    {class: "banner", role: "alert"},
    el("b", {}, "The model refuses this. "),
    faults.map(({detail, remedy}) => el("span", {}, `${detail}. ${remedy ? `${remedy}.` : ""} `)),
  );
}

function short(value) {
  return String(Number(value.toPrecision(3)));
}
