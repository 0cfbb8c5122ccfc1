// Which day? A day within the record; outside it the control says where the record ends instead of keeping silent.

import {el} from "./element.js";
import {shortDate} from "./format.js";

let inputs = 0;

/**
 * A form whose value is a day as YYYY-MM-DD, always one within [min, max]; "input" is dispatched when it changes to
 * another such day. step(day, by): the day `by` sessions later, or a promise of it; with it there are buttons for both ways.
 */
export function dateInput({label, value, min, max, step}) {
  const id = `date-${++inputs}`;
  const field = el("input", {type: "date", id, value, min, max, "aria-describedby": `${id}-problem`});
  const problem = el("span", {id: `${id}-problem`, class: "problem", role: "alert"});
  const beside = (by, sign, words) =>
    step &&
    el(
      "button",
      {type: "button", class: "plain", title: words, "aria-label": words, onclick: () => go(by)},
      sign,
    );
  const form = el(
    "form",
    {class: "date-input"},
    el("label", {for: id}, label),
    beside(-1, "‹", "The session before"),
    field,
    beside(1, "›", "The session after"),
    problem,
  );
  const go = async (by) => {
    field.value = await step(current, by);
    field.dispatchEvent(new Event("input"));
  };
  let current = value;
  const isInside = (day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && day >= min && day <= max;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    const inside = isInside(field.value);
    problem.textContent = inside ? "" : `Choose a day from ${shortDate(min)} to ${shortDate(max)}.`;
    field.setAttribute("aria-invalid", String(!inside));
    if (!inside || field.value === current) return;
    current = field.value;
    form.dispatchEvent(new Event("input", {bubbles: true}));
  });
  Object.defineProperty(form, "value", {
    get: () => current,
    set(day) {
      if (!isInside(day)) return;
      current = day;
      field.value = day;
      problem.textContent = "";
    },
  });
  return form;
}
