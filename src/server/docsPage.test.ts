// The documentation page in a real browser, under its own security policy and with no other host to ask.
import {existsSync} from "node:fs";
import type {FastifyInstance} from "fastify";
import {type Browser, chromium} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {CHROMIUM, FLAGS} from "../../test/browser.ts";
import {createApp} from "./app.ts";
import {now, testServing} from "./server.fixture.ts";

let app: FastifyInstance;
let browser: Browser | undefined;
let address: string;

beforeAll(async () => {
  const serving = testServing();
  app = await createApp({serving: () => serving, version: "0", now});
  address = await app.listen({host: "127.0.0.1", port: 0});
  if (existsSync(CHROMIUM)) browser = await chromium.launch({executablePath: CHROMIUM, args: FLAGS});
});

afterAll(async () => {
  await browser?.close();
  await app.close();
});

describe("GET /docs", () => {
  it.skipIf(!existsSync(CHROMIUM))("shows every route and tries one, asking no other host", async () => {
    const page = await browser!.newPage();
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
        problems.push(request.url());
    });
    await page.goto(`${address}/docs`);
    await page.waitForSelector(".opblock");
    expect(await page.locator(".opblock").count()).toBe(9);
    await page.locator("#operations-operation-get_health button").first().click();
    await page.getByRole("button", {name: "Try it out"}).click();
    await page.getByRole("button", {name: "Execute"}).click();
    await page.waitForSelector(".live-responses-table");
    expect(await page.locator(".live-responses-table").innerText()).toContain('"status": "ok"');
    expect(problems).toEqual([]);
    await page.close();
  });

  it("names no other host in its policy or its page", async () => {
    const {body, headers} = await app.inject("/docs");
    expect(headers["content-security-policy"]).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    const initializer = await app.inject("/docs/static/swagger-initializer.js");
    expect(initializer.body).toContain('"validatorUrl":null');
  });
});
