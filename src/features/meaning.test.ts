import {expect, it} from "vitest";
import {catalogue} from "./catalogue.ts";
import {MEANINGS, meaningOf} from "./meaning.ts";

it.each(catalogue.map(({name}) => name))("meaningOf(%s) is one of the meanings, and only one", (name) => {
  expect(MEANINGS).toContain(meaningOf(name));
});

it("meaningOf() refuses a name it does not know rather than putting it with the rest", () => {
  expect(() => meaningOf("moon_phase")).toThrow("moon_phase looks at: its name fits no pattern");
  expect(() => meaningOf("vix_ret_ahead_5d")).toThrow("VIX dynamics and calendar");
});
