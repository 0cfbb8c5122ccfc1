// The pages on the record in a real browser: what a run publishes of them, against queries of its lake.
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Browser, BrowserContextOptions, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {ReceiptBook} from "../../src/report/receipts.ts";
import {
  claimsQuery,
  coveragePathQuery,
  coverageQuery,
  cumulativeLossQuery,
  leaderboardQuery,
  rollingLossQuery,
  specificationQuery,
} from "../../src/report/recordQueries.ts";
import {query} from "../../src/store/query.ts";
import {CHROMIUM} from "../../test/browser.ts";
import {launchBrowser, sample} from "./sampleSite.ts";
import {settle} from "./settle.ts";
import {type StaticServer, serveFolder} from "./staticServer.ts";

const {lake, site: output} = sample;

export function describeRecordPages(): void {
  describe("the record", () => {
    let server: StaticServer;
    let browser: Browser;

    beforeAll(async () => {
      server = await serveFolder(output);
      if (existsSync(CHROMIUM)) browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    const ask = (sql: string): Promise<Record<string, unknown>[]> => query(lake, sql);

    async function visit(
      name: string,
      {search = "", ...options}: BrowserContextOptions & {search?: string} = {},
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
      await page.goto(`${server.address}${name}.html${search}`);
      return {page, problems, fetched};
    }

    const cells = (page: Page, table: string, column: number): Promise<(string | null)[][]> =>
      page
        .locator(`${table} tbody tr`)
        .evaluateAll(
          (rows, at) => rows.map((row) => [row.getAttribute("data-row"), row.children[at]!.textContent]),
          column,
        );
    const show = (value: unknown, digits: number): string => {
      if (Number.isNaN(value)) return "–";
      const text = Math.abs(value as number).toFixed(digits);
      return (value as number) < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
    };

    describe.skipIf(!existsSync(CHROMIUM))("the pages on the record", () => {
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
        const again = await visit("walk-forward", {search: new URL(page.url()).search});
        await expect
          .poll(() => cells(again.page, "#leaderboard-table", 1))
          .toEqual(await expected(22, "2022"));
        await again.page.context().close();
        await page.context().close();
      });

      it("adds losses up and averages them as the queries beside the charts do", async () => {
        const {page} = await visit("walk-forward");
        await settle(page);
        const last = async (sql: string) =>
          (await ask(`SELECT value FROM (${sql}) WHERE model = 'selected' ORDER BY date DESC LIMIT 1`))[0]!
            .value;
        const words = (id: string) => page.locator(`#${id} .words`).innerText();
        const sum = await last(cumulativeLossQuery({horizon: 5, reference: "log_har_vix"}));
        expect(await words("losses")).toContain(`selected ${show(sum, 2)}`);
        const mean = await last(rollingLossQuery({horizon: 5, window: 250}));
        expect(await words("rolling")).toContain(`selected ${show(mean, 3)}`);
        await page.context().close();
      });

      it("sets apart the models picked, and carries them in the link", async () => {
        const {page} = await visit("walk-forward");
        await settle(page);
        const names = () => page.locator("#losses svg").first().innerHTML();
        expect(await names()).not.toContain(">anchored</text>");
        await page.locator(".model-picker summary").click();
        await page.locator(".model-picker").getByLabel("anchored", {exact: true}).check();
        await expect.poll(names).toContain(">anchored</text>");
        expect(page.url()).toContain("models=anchored");
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
        expect(await cells(page, "#rescored", 1)).toEqual(
          rows.map(({model, qlike}) => [model, show(qlike, 4)]),
        );
        expect(await cells(page, "#rescored", 3)).toEqual(
          rows.map(({model, dm_t_rv20: t}) => [model, show(t, 2)]),
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
        const again = await visit("break-it", {search: new URL(page.url()).search});
        await settle(again.page);
        expect(await cells(again.page, "#rescored", 1)).toEqual(await cells(page, "#rescored", 1));
        await again.page.context().close();
        await page.context().close();
      });

      it("Break it gives with a receipt the choices, the datasets' and the code's hashes, and that of the CSV", async () => {
        const {page} = await visit("break-it", {search: "?loss=mae&horizon=22"});
        await settle(page);
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.locator("#rescored").getByRole("button", {name: "as CSV"}).click(),
        ]);
        await page.locator("#rescored a.receipt-mark").click();
        await page.locator("dialog.receipt dl").waitFor();
        const text = await page.locator("dialog.receipt").innerText();
        const book = JSON.parse(readFileSync(join(output, "receipts.json"), "utf8")) as ReceiptBook;
        const csv = createHash("sha256")
          .update(readFileSync(await file.path()))
          .digest("hex");
        for (const part of ['"loss": "mae"', '"horizon": 22', "?loss=mae&horizon=22", csv, book.code])
          expect(text).toContain(part);
        for (const name of ["walkforward_daily", "labels_daily", "features_daily"])
          expect(text).toContain(book.datasets[name]!.sha256);
        await page.context().close();
      });

      it("Break it takes a window and a regime, and says where a day is outside the record", async () => {
        const {page} = await visit("break-it", {search: "?first=2022-01-01&last=2022-12-31"});
        await settle(page);
        const rows = await ask(
          "SELECT model, qlike FROM leaderboard WHERE horizon = 5 AND period = '2022' ORDER BY qlike",
        );
        expect(await cells(page, "#rescored", 1)).toEqual(
          rows.map(({model, qlike}) => [model, show(qlike, 4)]),
        );
        await page.getByLabel("From", {exact: true}).fill("1980-01-01");
        await expect.poll(() => page.locator(".problem").first().innerText()).toContain("Choose a day from");
        expect(await cells(page, "#rescored", 1)).toHaveLength(rows.length);
        await page.context().close();
      });

      it("Break it shows what the multiverse computed for fewer refits", async () => {
        const {page} = await visit("break-it");
        await settle(page);
        await page.getByLabel("Refit every").selectOption({label: "252 sessions"});
        const cells = await ask(
          `${specificationQuery({model: "selected", reference: "log_har_vix"}).replace("ORDER", "AND refit_sessions = 252 AND features = 'all' AND proxy = 'squared returns' AND loss = 'qlike' AND retransformation = 'smearing' ORDER")}`,
        );
        expect(cells).toHaveLength(1);
        await expect
          .poll(() => page.locator("#refitted").innerText())
          .toContain(`${show(100 * (cells[0]!.gain as number), 1)}\u202f%`);
        expect(page.url()).toContain("refit_sessions=252");
        await page.context().close();
      });

      it("Coverage counts the outcomes that intervals held", async () => {
        const {page} = await visit("coverage");
        await settle(page);
        const rows = await ask(coverageQuery({horizon: 5, model: "selected", periods: ["all"]}));
        const served = rows.find(({method, level}) => method === "adaptive" && level === 0.9)!;
        expect(await page.locator(".lead").innerText()).toContain(
          `${show(100 * (served.rate as number), 1)}\u202f%`,
        );
        expect((await cells(page, "#coverage-table", 2)).map(([, rate]) => rate)).toEqual(
          rows.map(({rate}) => show(100 * (rate as number), 1)),
        );
        const path = await ask(coveragePathQuery({horizon: 5, method: "adaptive", level: 0.9, window: 252}));
        const last = show(100 * (path.at(-1)!.value as number), 1);
        expect(await page.locator("#path .words").innerText()).toContain(`last ${last}`);
        await page.context().close();
      });

      it("Robustness puts every cell in order and says what holds", async () => {
        const {page} = await visit("robustness");
        await settle(page);
        const title = async (reference: string) => {
          const found = await ask(specificationQuery({model: "selected", reference}));
          const better = found.filter(({gain}) => (gain as number) > 0).length;
          return `selected loses less than ${reference} in ${show((100 * better) / found.length, 0)}\u202f% of ${found.length} cells`;
        };
        expect(await page.locator("#specification h3").innerText()).toBe(await title("log_har_vix"));
        await page.getByLabel("rv20").check();
        await expect.poll(() => page.locator("#specification h3").innerText()).toBe(await title("rv20"));
        const claims = (await ask(claimsQuery())).filter(({model}) => model === "selected");
        const shown = await page.locator("#claims tbody tr").allInnerTexts();
        expect(shown).toHaveLength(claims.length);
        for (const {words, share} of claims) {
          const line = shown.find((row) => row.startsWith(`${words}\t`));
          expect(line).toContain(show(100 * (share as number), 1));
        }
        expect(await page.locator("#targets").innerText()).toContain("make targets");
        await page.context().close();
      });

      it("lists the forecasts recorded before their outcome apart, scored where it is known since", async () => {
        const recorded = await ask(
          "SELECT horizon, count(*) AS made, count(outcome) AS known, avg(qlike) AS qlike FROM live_ledger GROUP BY horizon ORDER BY horizon",
        );
        expect(recorded.map(({made, known}) => [made, known])).toEqual([
          [2, 1],
          [2, 1],
          [2, 0],
        ]);
        const {page} = await visit("walk-forward");
        await settle(page);
        const shown = await page
          .locator("#live table")
          .first()
          .locator("tbody tr")
          .evaluateAll((rows) => rows.map((row) => [...row.children].map(({textContent}) => textContent)));
        expect(shown.map((row) => [row[1], row[4], row[5]])).toEqual(
          recorded.map(({made, known, qlike}) => [String(made), String(known), show(qlike, 4)]),
        );
        const newest = page.locator("#live table").last().locator("tbody tr");
        expect(await newest.count()).toBe(6);
        expect(await newest.filter({hasText: "not yet known"}).count()).toBe(4);
        await page.context().close();
      });

      it("leaves its tables and charts as files", () => {
        const [header, ...rows] = readFileSync(join(output, "tables", "leaderboard.csv"), "utf8").split(
          "\r\n",
        );
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
  });
}
