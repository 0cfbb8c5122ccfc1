// What belongs to every table? A box that scrolls sideways where it must, and says so.

import {el, inWords} from "./element.js";

/** Children in a box with a name for those who cannot see it. */
export function tableBox(name, ...children) {
  const box = el("div", {class: "table-box", tabindex: "0", role: "region", "aria-label": name}, ...children);
  const hint = el("p", {class: "scroll-hint", hidden: ""}, "More columns: scroll sideways →");
  watch(box, hint);
  return el("div", {class: "table-frame"}, hint, box);
}

export function figuresTable(head, body) {
  return el("table", {class: "figures"}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body));
}

/** A sentence in the place of a table or chart that has nothing to show, with the reason. */
export function notice(...reason) {
  const parts = reason.map((part) => (typeof part === "string" ? inWords(part) : part));
  return el("p", {class: "notice"}, parts);
}

function watch(box, hint) {
  if (!globalThis.ResizeObserver) return;
  const look = () => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    hint.hidden = !scrolls;
    box.classList.toggle("scrolls", scrolls);
  };
  new ResizeObserver(look).observe(box);
}
