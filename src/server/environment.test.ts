import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {readServerEnvironment, UsageError} from "./environment.ts";

const yaml = readFileSync(new URL("../../config/default.yaml", import.meta.url), "utf8");
const read = (variables: Record<string, string>) =>
  readServerEnvironment(variables, (path) => (path === "config/default.yaml" ? yaml : undefined));

describe("readServerEnvironment()", () => {
  it("serves the newest lake under data on 127.0.0.1:8000 where nothing is said", () => {
    expect(read({})).toMatchObject({
      source: "auto",
      dataDir: "data",
      host: "127.0.0.1",
      port: 8000,
      requestsPerMinute: 60_000,
    });
    expect(read({PORT: "", HOST: " ", SOURCE: ""})).toEqual(read({}));
  });

  it("asks no key, lets no other page ask, keeps answers for five minutes and has a thread where nothing is said", () => {
    expect(read({})).toMatchObject({apiKey: undefined, origins: [], cacheSeconds: 300, threads: 1});
    const variables = {
      API_KEY: "0123456789abcdef",
      CORS_ORIGINS: "https://a.example, http://localhost:3000",
      CACHE_SECONDS: "0",
      THREADS: "4",
    };
    expect(read(variables)).toMatchObject({
      apiKey: "0123456789abcdef",
      origins: ["https://a.example", "http://localhost:3000"],
      cacheSeconds: 0,
      threads: 4,
    });
    expect(read({CORS_ORIGINS: "*"}).origins).toEqual(["*"]);
  });

  it("refuses a key that is easily guessed, without repeating it", () => {
    for (const key of ["short", "has a space in it ok", "ü".repeat(20)]) {
      expect(() => read({API_KEY: key})).toThrow(UsageError);
      expect(() => read({API_KEY: key})).toThrow(/^(?!.*(short|space in it|üü)).*API_KEY/);
    }
  });

  it.each([
    "https://a.example/path",
    "a.example",
    "https://a.example/",
    "null",
    "ftp://a.example",
    "https://*.example",
  ])("refuses the origin %s", (origin) => {
    expect(() => read({CORS_ORIGINS: `https://good.example,${origin}`})).toThrow("CORS_ORIGINS");
  });

  it("takes what is said", () => {
    const variables = {PORT: "0", HOST: "::1", SOURCE: "csv", DATA_DIR: "/lakes", RATE_LIMIT: "0"};
    expect(read(variables)).toMatchObject({
      port: 0,
      host: "::1",
      source: "csv",
      dataDir: "/lakes",
      requestsPerMinute: 0,
    });
  });

  it.each([
    [{PORT: "eighty"}, "Cannot use PORT=eighty: it must be a whole number from 0 to 65535"],
    [{PORT: "65536"}, "Cannot use PORT=65536"],
    [{PORT: "-1"}, "Cannot use PORT=-1"],
    [{PORT: "80.5"}, "Cannot use PORT=80.5"],
    [{RATE_LIMIT: "many"}, "Cannot use RATE_LIMIT=many"],
    [{SOURCE: "bloomberg"}, "Cannot use SOURCE=bloomberg: it must be auto, yahoo, csv, sample"],
    [{CONFIG: "nowhere.yaml"}, "Cannot read CONFIG=nowhere.yaml: there is no such file"],
  ])("refuses %j", (variables, message) => {
    expect(() => read(variables as Record<string, string>)).toThrow(message);
    expect(() => read(variables as Record<string, string>)).toThrow(UsageError);
  });
});
