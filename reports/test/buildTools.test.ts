import {mkdtempSync, readFileSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
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

it("fillText() sets the names in a fact's sentence as code, and plainText() as words", () => {
  const facts = {champion: "selected", lead: ["In use is `{{champion}}`.", "Run `make report`."]};
  expect(fillText("{{lead}}", facts)).toBe("In use is <code>selected</code>. Run <code>make report</code>.");
  expect(plainText("{{lead}}", facts)).toBe("In use is selected. Run make report.");
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

describe("postprocess()", () => {
  const page = join(mkdtempSync(join(tmpdir(), "volbook-pages-")), "index.html");
  const correctedPage = (text: string) => {
    writeFileSync(page, text);
    postprocess(dirname(page));
    return readFileSync(page, "utf8");
  };
  const HEAD = '<html><meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">';
  const PRELOADS = '<link rel="modulepreload" href="./a.js">\n<link rel="modulepreload" href="./b.js">\n';

  it("names the language and allows zoom", () => {
    expect(correctedPage(`${HEAD}${PRELOADS}</body>`)).toMatch(
      /^<html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><script>/,
    );
  });

  it("preloads every module, but only once the page is painted", () => {
    const corrected = correctedPage(`${HEAD}${PRELOADS}<p>9.8 %</p></body>`);
    expect(corrected).not.toContain("<link");
    expect(corrected.indexOf("<p>")).toBeLessThan(corrected.indexOf("<script>"));
    const script = /<script>(.*)<\/script>/.exec(corrected)![1]!;
    const links: {rel: string; href: string}[] = [];
    const later: (() => void)[] = [];
    new Function("requestAnimationFrame", "setTimeout", "document", script)(
      (frame: () => void) => frame(),
      (work: () => void) => later.push(work),
      {createElement: () => ({}), head: {append: (link: (typeof links)[0]) => links.push(link)}},
    );
    expect(links).toEqual([]);
    for (const work of later) work();
    expect(links).toEqual(["./a.js", "./b.js"].map((href) => ({rel: "modulepreload", href})));
  });

  it("says that Framework has changed where there is nothing to correct", () => {
    const written = correctedPage(`${HEAD}${PRELOADS}</body>`);
    for (const text of [written, `${HEAD}</body>`, `${HEAD}${PRELOADS}`])
      expect(() => correctedPage(text)).toThrow("Cannot correct index.html");
  });
});
