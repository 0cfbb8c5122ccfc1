// How is a node made? el("td", {class: "number"}, "1.02"); children that are null or false are left out, texts are texts.

export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") node.addEventListener("click", value);
    else if (value !== undefined) node.setAttribute(key, value);
  }
  node.append(
    ...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

/** A sentence as texts and, where it says `so`, names and commands as code. */
export function inWords(sentence) {
  return sentence.split("`").map((part, i) => (i % 2 === 1 ? el("code", {}, part) : part));
}
