import {expect, it} from "vitest";
import {catalogue} from "../features/catalogue.ts";
import {featureWords} from "./featureWords.ts";
import {count, percent, percentNumber, signedPercent} from "./words.ts";

it("featureWords() names what the champion and the documents use in plain words", () => {
  const used = catalogue.filter(
    ({group}) => group === "documents" || group === "regression" || group === "ratios",
  );
  expect(used.map(({name}) => name).filter((name) => featureWords(name) === name)).toEqual([]);
});

it("featureWords() gives no two features one name", () => {
  const words = catalogue.map(({name}) => featureWords(name));
  expect(words.filter((text, i) => words.indexOf(text) !== i)).toEqual([]);
});

it("featureWords() keeps a name it does not know", () => {
  expect(featureWords("moon_phase")).toBe("moon_phase");
});

it("percent() and its kin carry sign, unit and honest digits", () => {
  expect(percent(0.02134)).toBe("2.1\u202f%");
  expect(percentNumber(-0.0004)).toBe("0.0");
  expect(signedPercent(0.041)).toBe("+4.1\u202f%");
  expect(signedPercent(-0.041)).toBe("\u22124.1\u202f%");
  expect(percent(Number.NaN)).toBe("unknown");
  expect(count(1234567)).toBe("1,234,567");
});
