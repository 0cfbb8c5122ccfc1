// How is a formula shown without fonts, scripts or another host? TeX becomes MathML, which browsers set themselves, when
// the page is built. A fence named math is a displayed formula, `$…$` in backquotes one within a line.

const LETTERS = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  lambda: "λ",
  mu: "μ",
  phi: "φ",
  rho: "ρ",
  sigma: "σ",
  omega: "ω",
  infty: "∞",
};
const OPERATORS = {
  le: "≤",
  ge: "≥",
  times: "×",
  cdot: "·",
  pm: "±",
  in: "∈",
  to: "→",
  approx: "≈",
  neq: "≠",
  dots: "…",
  mid: "|",
};
const FUNCTIONS = new Set(["ln", "log", "exp", "min", "max"]);
const ACCENTS = {hat: "^", bar: "¯"};
const THIN = '<mspace width="0.2em"></mspace>';
const LARGE = {sum: "∑", prod: "∏"};

/** Adds formulas to a markdown-it. */
export function renderMath(md) {
  const {fence, code_inline: code} = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index].info.trim() === "math"
      ? `<div class="formula" tabindex="0">${texToMathml(tokens[index].content, {display: true})}</div>\n`
      : fence(tokens, index, ...rest);
  md.renderer.rules.code_inline = (tokens, index, ...rest) => {
    const inner = /^\$(.+)\$$/.exec(tokens[index].content);
    return inner ? unbroken(texToMathml(inner[1]), tokens[index + 1]) : code(tokens, index, ...rest);
  };
  return md;
}

// Browsers break a line between a formula and the full stop after it.
function unbroken(formula, next) {
  const [sign] = /^[.,;:)]+/.exec(next?.type === "text" ? next.content : "") ?? [""];
  if (sign) next.content = next.content.slice(sign.length);
  return `<span class="unbroken">${formula}${sign}</span>`;
}

/**
 * MathML of a formula in a small part of TeX: letters, numbers, _ ^ {}, \frac \sqrt \sum \hat \bar \text \left \right,
 * Greek letters and the usual signs.
 *
 * @throws {SyntaxError} naming what is not known
 */
export function texToMathml(tex, {display = false} = {}) {
  const tokens = tex.match(/\\[a-zA-Z]+|\\[{},;! ]|[0-9]+(?:\.[0-9]+)?|[^\s]/g) ?? [];
  const reader = {tokens, at: 0, source: tex};
  const rows = [];
  while (reader.at < tokens.length) rows.push(scripted(reader));
  const mode = display ? ' display="block"' : "";
  const words = tex.trim().replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
  return `<math${mode} xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow>${rows.join("")}</mrow><annotation encoding="application/x-tex">${words}</annotation></semantics></math>`;
}

function scripted(reader) {
  const large = Object.hasOwn(LARGE, (reader.tokens[reader.at] ?? "").slice(1));
  const base = atom(reader);
  const scripts = {};
  while (reader.tokens[reader.at] === "_" || reader.tokens[reader.at] === "^") {
    const kind = reader.tokens[reader.at++];
    scripts[kind] = atom(reader);
  }
  const [below, above] = [scripts._, scripts["^"]];
  const kinds = large ? ["munder", "mover", "munderover"] : ["msub", "msup", "msubsup"];
  if (below && above) return element(kinds[2], base + below + above);
  if (below) return element(kinds[0], base + below);
  return above ? element(kinds[1], base + above) : base;
}

function atom(reader) {
  const token = reader.tokens[reader.at++];
  if (token === undefined)
    throw new SyntaxError(`Cannot set the formula ${reader.source}: it ends too early`);
  if (token === "{") return element("mrow", until(reader, "}"));
  if (token.startsWith("\\")) return command(reader, token.slice(1));
  if (/^[0-9]/.test(token)) return element("mn", token);
  if (/^[a-zA-Z]/.test(token)) return element("mi", token);
  return element("mo", token === "-" ? "−" : token.replace("<", "&lt;").replace("&", "&amp;"));
}

function command(reader, name) {
  if (name === "frac") return element("mfrac", atom(reader) + atom(reader));
  if (name === "sqrt") return element("msqrt", atom(reader));
  if (name === "text") return element("mtext", rawGroup(reader));
  if (name === "left" || name === "right") return fenceSign(reader.tokens[reader.at++]);
  if (Object.hasOwn(ACCENTS, name))
    return element("mover", `${atom(reader)}<mo>${ACCENTS[name]}</mo>`, ' accent="true"');
  if (Object.hasOwn(LARGE, name)) return element("mo", LARGE[name]);
  if (Object.hasOwn(LETTERS, name)) return element("mi", LETTERS[name]);
  if (Object.hasOwn(OPERATORS, name)) return element("mo", OPERATORS[name]);
  if (FUNCTIONS.has(name)) return element("mi", name) + (reader.tokens[reader.at] === "(" ? "" : THIN);
  if (name === "{" || name === "}") return element("mo", name);
  if (/^[,;! ]$/.test(name)) return THIN;
  throw new SyntaxError(`Cannot set the formula ${reader.source}: \\${name} is not known; add it to tex.js`);
}

function until(reader, end) {
  let inner = "";
  while (reader.tokens[reader.at] !== end) inner += scripted(reader);
  reader.at++;
  return inner;
}

function rawGroup(reader) {
  const words = [];
  reader.at++; // {
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== "}")
    words.push(reader.tokens[reader.at++]);
  reader.at++;
  return words.join("").replaceAll("~", " ");
}

function fenceSign(sign) {
  return `<mo stretchy="true">${sign}</mo>`;
}

function element(name, inner, attributes = "") {
  return `<${name}${attributes}>${inner}</${name}>`;
}
