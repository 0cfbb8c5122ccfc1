// The pages on the record in a real browser: Track record, Break it, Coverage, Robustness.
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {type DuckDBConnection, DuckDBInstance} from "@duckdb/node-api";
import {type Browser, type BrowserContextOptions, chromium, type Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {
  coveragePathQuery,
  cumulativeLossQuery,
  leaderboardQuery,
  rollingLossQuery,
} from "../../src/report/recordQueries.ts";
import {buildSite} from "../build.ts";
import {writeFixture} from "./fixture.ts";
import {type StaticServer, serveFolder} from "./staticServer.ts";

const CHROMIUM = "/usr/bin/chromium";
const PAGES = ["walk-forward", "break-it", "coverage", "robustness"];
const WIDTHS = [390, 820, 1440];
const SECONDS = 120_000;
const workshop = fileURLToPath(new URL("../.observablehq/", import.meta.url));
const shots = fileURLToPath(new URL("../../build/screenshots/", import.meta.url));
const output = join(workshop, `test-record-${process.pid}`);
const data = mkdtempSync(join(tmpdir(), "volbook-record-"));

let server: StaticServer;
let browser: Browser;
let db: DuckDBConnection;

beforeAll(async () => {
  writeFixture(data);
  await buildSite({data, output});
  server = await serveFolder(output);
  db = await (await DuckDBInstance.create()).connect();
  const views = {
    leaderboard: "leaderboard",
    superior_ability: "superior_ability",
    labels_daily: "labels",
    walkforward_daily: "walkforward",
  };
  for (const [name, file] of Object.entries(views))
    await db.run(`CREATE VIEW ${name} AS SELECT * FROM '${join(data, `${file}.parquet`)}'`);
  await db.run(
    `CREATE VIEW intervals_daily AS SELECT date, 5 AS horizon, 'adaptive' AS method, 0.9 AS level, adaptive_90_lo AS lo, adaptive_90_hi AS hi FROM '${join(data, "intervals_5.parquet")}'`,
  );
  if (existsSync(CHROMIUM))
    browser = await chromium.launch({executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"]});
}, SECONDS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  for (const folder of [output, data]) rmSync(folder, {recursive: true, force: true});
});

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  return (await db.runAndReadAll(sql)).getRowObjectsJS();
}

async function visit(
  name: string,
  {query = "", ...options}: BrowserContextOptions & {query?: string} = {},
): Promise<{page: Page; problems: string[]; fetched: Map<string, number>}> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  const fetched = new Map<string, number>();
  const {origin} = new URL(server.address);
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url()))
      problems.push(`asks another host: ${request.url()}`);
  });
  page.on("response", async (response) => {
    fetched.set(response.url(), (await response.body().catch(() => Buffer.alloc(0))).length);
  });
  await page.goto(`${server.address}${name}.html${query}`);
  return {page, problems, fetched};
}

// To the end of the page and back, so that what is loaded when it is seen is there.
async function settle(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        await page.evaluate(async () => {
          for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
            scrollTo(0, y);
            await new Promise(requestAnimationFrame);
          }
        });
        return page.locator("observablehq-loading").count();
      },
      {timeout: 30_000},
    )
    .toBe(0);
  await page.evaluate(() => scrollTo(0, 0));
}

const cells = (page: Page, table: string, column: number): Promise<(string | null)[][]> =>
  page
    .locator(`${table} tbody tr`)
    .evaluateAll(
      (rows, at) => rows.map((row) => [row.getAttribute("data-row"), row.children[at]!.textContent]),
      column,
    );
const show = (value: unknown, digits: number): string => {
  const text = Math.abs(value as number).toFixed(digits);
  return (value as number) < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
};

describe.skipIf(!existsSync(CHROMIUM))("the pages on the record", () => {
  it.each(PAGES)(
    "%s opens without an error, another host or a database, fits three widths in both themes",
    async (name) => {
      mkdirSync(shots, {recursive: true});
      for (const width of WIDTHS) {
        for (const colorScheme of ["light", "dark"] as const) {
          const {page, problems, fetched} = await visit(name, {viewport: {width, height: 900}, colorScheme});
          await settle(page);
          expect(problems).toEqual([]);
          expect(await page.locator(".observablehq--error").allInnerTexts()).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          ).toBeLessThanOrEqual(0);
          expect([...fetched.keys()].filter((url) => url.includes("duckdb"))).toEqual([]);
          expect([...fetched.values()].reduce((a, b) => a + b, 0)).toBeLessThan(5e6);
          await page.screenshot({path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true});
          await page.context().close();
        }
      }
    },
    SECONDS,
  );

  it("lists the leaderboard of the horizon and period chosen, in the link too", async () => {
    const {page} = await visit("walk-forward");
    const expected = async (horizon: number, period: string) =>
      (await ask(leaderboardQuery({horizon, period}))).map(({model, qlike}) => [model, show(qlike, 4)]);
    await expect.poll(() => cells(page, "#leaderboard-table", 1)).toEqual(await expected(5, "all"));
    await page.getByLabel("22 sessions").check();
    await expect.poll(() => cells(page, "#leaderboard-table", 1)).toEqual(await expected(22, "all"));
    await page.getByLabel("Period").selectOption({label: "2022"});
    await expect.poll(() => cells(page, "#leaderboard-table", 1)).toEqual(await expected(22, "2022"));
    expect(new URL(page.url()).search).toBe("?horizon=22&period=2022");
    const again = await visit("walk-forward", {query: new URL(page.url()).search});
    await expect.poll(() => cells(again.page, "#leaderboard-table", 1)).toEqual(await expected(22, "2022"));
    await again.page.context().close();
    await page.context().close();
  });

  it("adds losses up and averages them as the queries beside the charts do", async () => {
    const {page} = await visit("walk-forward");
    await settle(page);
    const last = async (sql: string) =>
      (await ask(`SELECT value FROM (${sql}) WHERE model = 'anchored' ORDER BY date DESC LIMIT 1`))[0]!.value;
    const words = (id: string) => page.locator(`#${id} .words`).innerText();
    const sum = await last(cumulativeLossQuery({horizon: 5, reference: "log_har_vix"}));
    expect(await words("losses")).toContain(`anchored ${show(sum, 2)}`);
    const mean = await last(rollingLossQuery({horizon: 5, window: 250}));
    expect(await words("rolling")).toContain(`anchored ${show(mean, 3)}`);
    await page.context().close();
  });

  it("sets apart the models picked, and carries them in the link", async () => {
    const {page} = await visit("walk-forward");
    await settle(page);
    const names = () => page.locator("#losses svg").first().innerHTML();
    expect(await names()).not.toContain(">gbdt</text>");
    await page.locator(".model-picker summary").click();
    await page.locator(".model-picker").getByLabel("gbdt").check();
    await expect.poll(names).toContain(">gbdt</text>");
    expect(page.url()).toContain("models=gbdt");
    await page.context().close();
  });

  it("Break it gives the published figures for the published choices, and others for others", async () => {
    const {page} = await visit("break-it");
    await settle(page);
    const published = async (columns: string, where: string) =>
      (await ask(`SELECT model, ${columns} FROM leaderboard WHERE ${where}`)) as {
        model: string;
        [name: string]: unknown;
      }[];
    const rows = await published("qlike, dm_t_rv20", "horizon = 5 AND period = 'all' ORDER BY qlike");
    expect(await cells(page, "#rescored", 1)).toEqual(rows.map(({model, qlike}) => [model, show(qlike, 4)]));
    expect(await cells(page, "#rescored", 3)).toEqual(
      rows.map(({model, dm_t_rv20: t}) => [model, t === null ? "–" : show(t, 2)]),
    );
    await page.getByLabel("RMSE of volatility").check();
    const errors = await published("rmse_pct", "horizon = 5 AND period = 'all' ORDER BY rmse_pct");
    await expect
      .poll(() => cells(page, "#rescored", 1))
      .toEqual(errors.map(({model, rmse_pct: loss}) => [model, show(loss, 3)]));
    const before = await page.locator("#verdict").innerText();
    await page.getByLabel("ranges").check();
    await page.getByLabel("Baseline").selectOption("log_har_vix");
    await expect.poll(() => page.locator("#verdict").innerText()).not.toBe(before);
    expect(new URL(page.url()).search).toBe("?loss=rmse&proxy=ranges&baseline=log_har_vix");
    const again = await visit("break-it", {query: new URL(page.url()).search});
    await settle(again.page);
    expect(await cells(again.page, "#rescored", 1)).toEqual(await cells(page, "#rescored", 1));
    await again.page.context().close();
    await page.context().close();
  });

  it("Break it takes a window and a regime, and says where a day is outside the record", async () => {
    const {page} = await visit("break-it", {query: "?first=2022-01-01&last=2022-12-31"});
    await settle(page);
    const rows = await ask(
      "SELECT model, qlike FROM leaderboard WHERE horizon = 5 AND period = '2022' ORDER BY qlike",
    );
    expect(await cells(page, "#rescored", 1)).toEqual(rows.map(({model, qlike}) => [model, show(qlike, 4)]));
    await page.getByLabel("From", {exact: true}).fill("1980-01-01");
    await expect.poll(() => page.locator(".problem").first().innerText()).toContain("Choose a day from");
    expect(await cells(page, "#rescored", 1)).toHaveLength(rows.length);
    await page.context().close();
  });

  it("Break it shows what the multiverse computed for another purge", async () => {
    const {page} = await visit("break-it");
    await settle(page);
    await page.getByLabel("Purge").selectOption({label: "22 sessions"});
    const [cell] = await ask(
      `SELECT gain FROM '${join(data, "multiverse.parquet")}' WHERE purge_sessions = 22 AND refit_sessions = 63 AND loss = 'qlike' AND reference = 'log_har_vix'`,
    );
    await expect
      .poll(() => page.locator("#refitted").innerText())
      .toContain(`${show(100 * (cell!.gain as number), 1)}`);
    expect(page.url()).toContain("purge_sessions=22");
    await page.context().close();
  });

  it("Coverage counts the outcomes that intervals held", async () => {
    const {page} = await visit("coverage");
    await settle(page);
    const [row] = await ask(
      `SELECT rate, n FROM '${join(data, "coverage.parquet")}' WHERE horizon = 5 AND method = 'adaptive' AND level = 0.9 AND period = 'all'`,
    );
    expect(await page.locator(".lead").innerText()).toContain(show(100 * (row!.rate as number), 1));
    const path = await ask(coveragePathQuery({horizon: 5, method: "adaptive", level: 0.9, window: 252}));
    const last = show(100 * (path.at(-1)!.value as number), 1);
    expect(await page.locator("#path .words").innerText()).toContain(`last ${last}`);
    await page.context().close();
  });

  it("Robustness puts every cell in order and says what holds", async () => {
    const {page} = await visit("robustness");
    await settle(page);
    expect(await page.locator("#specification h3").innerText()).toMatch(/in 25.% of 8 cells/);
    await page.getByLabel("rv20").check();
    await expect.poll(() => page.locator("#specification h3").innerText()).toMatch(/in 100.% of 8 cells/);
    expect(await page.locator("#claims").innerText()).toContain("loses less than rv20");
    expect(await page.locator("#targets").innerText()).toContain("make targets");
    await page.context().close();
  });

  it("leaves its tables and charts as files", () => {
    const [header, ...rows] = readFileSync(join(output, "tables", "leaderboard.csv"), "utf8").split("\r\n");
    expect(header).toContain("gain_qlike_har_vix_lo");
    expect(rows.length).toBeGreaterThan(50);
    const pictures = readdirSync(join(output, "figures"));
    expect(pictures).toContain("specification-curve.svg");
    for (const name of pictures) {
      const svg = readFileSync(join(output, "figures", name), "utf8");
      expect(svg).toMatch(/^<svg xmlns/);
      expect(svg).not.toMatch(/var\(--|NaN|undefined/);
    }
  });
});
