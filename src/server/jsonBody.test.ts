import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {parseJsonBody} from "./jsonBody.ts";

describe("parseJsonBody()", () => {
  it("reads any JSON as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1);
        if (text.includes("__proto__")) return;
        expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['{"a": 1, "a": 2}', '{"x": {"vix": 1, "v\\u0069x": 2}}', '[{"b": [], "b": {}}]'])(
    "refuses a key that is given twice: %s",
    (text) => {
      expect(() => parseJsonBody(text)).toThrow("is given twice");
    },
  );

  it("lets the same key stand in different objects, and in texts", () => {
    const text = '{"a": {"a": "\\"a\\": {"}, "b": [{"a": 1}, {"a": ":"}]}';
    expect(parseJsonBody(text)).toEqual(JSON.parse(text));
  });

  it.each(['{"__proto__": 1}', '{"a": {"\\u005f_proto__": {}}}'])(
    "refuses a key that reaches a prototype: %s",
    (text) => {
      expect(() => parseJsonBody(text)).toThrow("__proto__ is not accepted");
    },
  );

  it.each(["", "  ", "{", "NaN", '{"a": NaN}', '{"a": Infinity}', "{'a': 1}", '{"a": 1,}'])(
    "refuses what is not JSON: %s",
    (text) => {
      expect(() => parseJsonBody(text)).toThrow(expect.objectContaining({statusCode: 400}));
    },
  );

  it("is not brought down by depth or length", () => {
    expect(() => parseJsonBody("[".repeat(60_000))).toThrow(expect.objectContaining({statusCode: 400}));
    expect(parseJsonBody(`${"[".repeat(20_000)}${"]".repeat(20_000)}`)).toHaveLength(1);
    expect(parseJsonBody(`"${"a\\\\".repeat(500_000)}"`)).toHaveLength(1_000_000);
  });
});
