// Which models shall stand out? One in use, what it is held against, and a few more of the reader's choice.

import {el} from "./element.js";
import {MOST_PICKED} from "./palette.js";
import {swatch} from "./tables.js";

/**
 * A form whose value is an array of models; more than the palette has colours for cannot be picked. `fixed` models stand
 * out anyway. styleOf(picked) gives `modelStyles()` for them.
 */
export function modelPicker(models, {value = [], fixed = [], styleOf, label = "Set apart"}) {
  const choices = models.filter((model) => !fixed.includes(model));
  const form = el("details", {class: "model-picker"});
  let picked = value.filter((model) => choices.includes(model));
  function render() {
    const style = styleOf(picked);
    const shown = [...fixed, ...picked].map((model) => el("span", {}, swatch(style(model)), model));
    form.replaceChildren(
      el("summary", {}, el("span", {class: "picker-label"}, label), shown),
      el(
        "div",
        {class: "picker-choices"},
        choices.map((model) => choice(model, style)),
      ),
    );
  }
  function choice(model, style) {
    const checked = picked.includes(model);
    const full = !checked && picked.length >= MOST_PICKED;
    const box = el("input", {
      type: "checkbox",
      name: model,
      ...(checked ? {checked: ""} : {}),
      ...(full ? {disabled: ""} : {}),
    });
    box.addEventListener("input", (event) => {
      event.stopPropagation();
      picked = box.checked ? [...picked, model] : picked.filter((name) => name !== model);
      render();
      form.querySelector(`input[name="${model}"]`)?.focus();
      form.dispatchEvent(new Event("input", {bubbles: true}));
    });
    return el("label", {}, box, checked && swatch(style(model)), model);
  }
  Object.defineProperty(form, "value", {
    get: () => picked,
    set(models) {
      picked = models.filter((model) => choices.includes(model)).slice(0, MOST_PICKED);
      render();
    },
  });
  render();
  return form;
}
