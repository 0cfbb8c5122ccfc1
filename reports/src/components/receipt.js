// How can a number be derived again? Its mark opens its receipt: value, datasets by their SHA-256, query, code, run.

import {FileAttachment} from "observablehq:stdlib";
import {sha256} from "./download.js";
import {el} from "./element.js";
import {receiptCard} from "./receiptCard.js";

let book;
let dialog;

/** Opens receipts where their marks are pressed, anywhere on the page. Called once a page. */
export function listenForReceipts() {
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-receipt]");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    openReceipt(mark);
  });
}

async function openReceipt(mark) {
  const id = mark.dataset.receipt;
  dialog ??= document.body.appendChild(el("dialog", {class: "receipt", "aria-label": "Receipt"}));
  dialog.replaceChildren(el("p", {}, "Loading the receipt…"));
  dialog.onclick = ({target}) => target === dialog && dialog.close();
  dialog.showModal();
  try {
    book ??= FileAttachment("../data/receipts.json").json();
    const {query, state, csv} = mark;
    const shown = {id, query, state, sha256: csv && (await sha256(csv())), controls: location.search};
    dialog.replaceChildren(receiptCard(await book, shown), closeButton());
  } catch (error) {
    book = undefined;
    dialog.replaceChildren(
      el(
        "p",
        {},
        `The receipts could not be loaded: reload the page, or read data/receipts.json. (${error.message})`,
      ),
      closeButton(),
    );
  }
}

function closeButton() {
  return el("button", {type: "button", class: "close", onclick: () => dialog.close()}, "Close");
}
