import {mkdtempSync, readFileSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {factsShown, fillText, plainText} from "../build-tools/fill-in.js";
import {postprocess} from "../build-tools/postprocess.js";
import {texToMathml} from "../build-tools/tex.js";

it("fillText() formats what the summary holds and escapes it", () => {
  const summary = {
    asOf: "2023-12-21",
    forecasts: [{annualized: 0.1493}],
    runId: "<b>",
    headline: ["A.", "B."],
  };
  const text = "{{forecasts.0.annualized|percent}} on {{asOf|shortDate}}";
  expect(plainText(text, summary)).toBe("14.9\u202f% on 21 Dec 2023");
  expect(fillText(text, summary)).toBe(
    '<a class="fact" href="/receipts#r-forecasts-0-annualized" data-receipt="forecasts.0.annualized">14.9\u202f%</a> on 21 Dec 2023',
  );
  expect(fillText("{{runId}} {{headline}}", summary)).toBe("&lt;b&gt; A. B.");
});

it("fillText() links every number of a sentence to its receipt, and a sentence written with its numbers as a whole", () => {
  const facts = {vix: 12.5, said: ["The VIX is at {{vix|oneDecimal}}.", "It was 13 before.", "It fell."]};
  expect(fillText("{{said}}", facts).replace(/<a [^>]*data-receipt="([^"]*)"[^>]*>/g, "[$1:")).toBe(
    "The VIX is at [vix:12.5</a>. It was 13 before.[said.1:§</a> It fell.",
  );
  expect(factsShown("{{said}} {{vix|oneDecimal}}", facts)).toEqual([
    {id: "vix", shown: "12.5"},
    {id: "said.1", shown: "It was 13 before."},
    {id: "vix", shown: "12.5"},
  ]);
});

it("fillText() refuses what it cannot answer", () => {
  expect(() => fillText("{{nothing.here}}", {})).toThrow("the summary has no nothing.here");
  expect(() => fillText("{{a|shout}}", {a: 1})).toThrow("the format shout");
  expect(() => fillText("{{term:unheard of}}", {})).toThrow("unheard of");
});

it("fillText() links terms to the glossary", () => {
  expect(fillText("{{term:QLIKE}}", {})).toMatch(
    /^<a class="term" href="\/method#term-qlike" title="A loss on variance/,
  );
});

it("texToMathml() sets fractions, roots, sums and scripts", () => {
  const mathml = texToMathml("\\sqrt{\\sum_{i=1}^{h} r_{t+i}^2}", {display: true});
  expect(mathml).toContain("<msqrt><mrow><munderover><mo>∑</mo>");
  expect(mathml).toContain("<msubsup><mi>r</mi>");
  expect(texToMathml("\\frac{y}{f}")).toContain(
    "<mfrac><mrow><mi>y</mi></mrow><mrow><mi>f</mi></mrow></mfrac>",
  );
});

it("texToMathml() refuses what it does not know", () => {
  expect(() => texToMathml("\\oint x")).toThrow("\\oint is not known");
  expect(() => texToMathml("\\frac{1}")).toThrow("ends too early");
  expect(() => texToMathml("{x")).toThrow("ends too early");
});

it("postprocess() names the language and allows zoom, or says that Framework has changed", () => {
  const folder = mkdtempSync(join(tmpdir(), "volbook-pages-"));
  const page = join(folder, "index.html");
  writeFileSync(
    page,
    '<html><meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">',
  );
  postprocess(folder);
  expect(readFileSync(page, "utf8")).toBe(
    '<html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">',
  );
  expect(() => postprocess(folder)).toThrow("Cannot correct index.html");
});
