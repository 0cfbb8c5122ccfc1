// Does the site of a run say what the lake says, and does make verify notice where it does not?

import {once} from "node:events";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import pino from "pino";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {createContext} from "../../pipeline/context.ts";
import {readEnvironment} from "../../pipeline/environment.ts";
import {graph} from "../../pipeline/graph.ts";
import {vintageProvider} from "../../pipeline/providers.ts";
import {runStage} from "../../pipeline/stage.ts";
import type {Receipt, ReceiptBook} from "../../src/report/receipts.ts";
import {loadServing} from "../../src/server/serving.ts";
import {query} from "../../src/store/query.ts";
import {sessionDate} from "../../src/units.ts";
import {CHROMIUM} from "../../test/browser.ts";
import {startScript} from "../../test/runPipeline.ts";
import {createSiteServer} from "../serve.ts";
import {launchBrowser, PAGES, sample} from "./sampleSite.ts";
import {settle} from "./settle.ts";

const MINUTES = 60_000;
/** Warnings that the page says in its own way: what was changed and what was not. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(["features_from_lake", "features_derived"]);

const {lake, site, variables} = sample;
const verify = () => startScript(["pipeline/verify.ts"], variables).result;
const book = (): ReceiptBook => JSON.parse(readFileSync(join(site, "receipts.json"), "utf8"));

export function describePublishedRun(): void {
  describe("the published run", () => {
    let browser: Browser | undefined;
    let origin: string;
    const server = createSiteServer(site);

    beforeAll(async () => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      if (existsSync(CHROMIUM)) browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
      server.close();
    });

    async function open(name: string): Promise<{page: Page; problems: string[]}> {
      const page = await browser!.newPage();
      const problems: string[] = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
          problems.push(request.url());
      });
      await page.goto(`${origin}/${name}.html`);
      await settle(page);
      return {page, problems};
    }

    describe("receipts.json", () => {
      it(
        "gives every number again by its query alone",
        async () => {
          const numbers = book().receipts.filter(({kind, sql}) => kind === "number" && sql);
          expect(numbers.length).toBeGreaterThan(20);
          for (const {id, value, sql} of numbers) {
            const [row] = await query<Record<string, number>>(lake, sql!);
            const found = Object.values(row!)[0]!;
            expect([id, Math.abs(found / (value as number) - 1) < 1e-9 || found === value]).toEqual([
              id,
              true,
            ]);
          }
        },
        MINUTES,
      );

      it("names the snapshot's hash of every dataset that a receipt stands on", async () => {
        const {datasets, receipts} = book();
        for (const name of new Set(receipts.flatMap((receipt) => receipt.datasets))) {
          const manifest = await lake.manifest(name);
          expect([name, datasets[name]?.sha256]).toEqual([name, manifest?.snapshot.sha256]);
        }
      });

      it("prints a number in one way wherever it stands", () => {
        const twice = book().receipts.filter(({shown}) => shown.length > 1);
        expect(twice.map(({id, shown}) => [id, shown])).toEqual([]);
      });

      it("has every mark of every page", () => {
        const known = new Set(book().receipts.map(({id}: Receipt) => id));
        for (const name of PAGES) {
          const html = readFileSync(join(site, `${name}.html`), "utf8");
          for (const [, id] of html.matchAll(/data-receipt="([^"]+)"/g))
            expect([name, id, known.has(id!)]).toEqual([name, id, true]);
        }
      });
    });

    describe.skipIf(!existsSync(CHROMIUM))("the site in a browser", () => {
      it(
        "answers a query of the reader's own as the lake does, carries it in the link, and says what is wrong with one",
        async () => {
          const {page, problems} = await open("data");
          const sql =
            "SELECT model, qlike FROM leaderboard WHERE horizon = 22 AND period = 'all' ORDER BY qlike";
          const text = page.getByLabel("Query in SQL");
          await text.fill(sql);
          await page.getByRole("button", {name: "Run"}).click();
          await page.locator(".ask .answer table").waitFor();
          const shown = await page
            .locator(".ask .answer tbody tr")
            .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
          const rows = await query<{model: string; qlike: number}>(lake, sql);
          expect(shown).toEqual(rows.map(({model, qlike}) => [model, String(+qlike.toPrecision(9))]));
          expect(new URL(page.url()).searchParams.get("sql")).toBe(sql);
          expect(problems).toEqual([]);
          await text.fill("SELECT nothing FROM leaderboard");
          await page.getByRole("button", {name: "Run"}).click();
          await page.locator(".ask .answer [role=alert]").waitFor();
          expect(await page.locator(".ask .answer").innerText()).toContain("No answer");
          await page.reload();
          await settle(page);
          expect(await text.inputValue()).toBe(sql);
          await page.close();
        },
        MINUTES,
      );

      it(
        "opens a receipt by the keyboard, and gives the focus back",
        async () => {
          const {page} = await open("index");
          const mark = page.locator("#card-5 a.fact");
          await mark.focus();
          await page.keyboard.press("Enter");
          const receipt = book().receipts.find(({id}) => id === "forecasts.1.annualized")!;
          await page.locator("dialog.receipt dl").waitFor();
          const text = await page.locator("dialog.receipt").innerText();
          for (const part of [String(receipt.value), receipt.sql!, book().datasets.predictions_daily!.sha256])
            expect(text).toContain(part);
          await page.keyboard.press("Escape");
          expect(await mark.evaluate((node) => node === document.activeElement)).toBe(true);
          await page.close();
        },
        MINUTES,
      );

      it("answers a scenario as the server does, to 1e-12, and refuses an absurd one in its words", async () => {
        const {predictor} = (await loadServing({lake, source: "sample", symbol: "SPY"}))!;
        const {page} = await open("what-if");
        const request = async () => JSON.parse(await page.locator("pre.request").innerText());
        const sent = async () => ((await request()).feature_vector ?? {}) as Record<string, number>;
        const move = (name: string, value: number) =>
          page.locator(`input[type=range][name=${name}]`).evaluate((input, to) => {
            (input as HTMLInputElement).value = String(to);
            input.dispatchEvent(new Event("input", {bubbles: true}));
          }, value);
        expect(await sent()).toEqual({});

        // The VIX a little above all of training: an answer, and a warning.
        const [, most] = predictor.manifests[0]!.support.log_vix_var!;
        await move("ret", -0.012);
        await expect.poll(async () => (await sent()).spy_ret_1d).toBeCloseTo(Math.log1p(-0.012), 9);
        await move("range", 0.018);
        await move("before", -0.01);
        await move("vix", Math.ceil(4 * 1.04 * 100 * Math.sqrt(252 * Math.exp(most))) / 4);
        await expect.poll(async () => 100 * Math.sqrt(252 * Math.exp(most)) < (await sent()).vix!).toBe(true);
        const {as_of_date, feature_vector} = await request();
        const answer = predictor.predict({day: sessionDate(as_of_date), sent: feature_vector, at: ""});
        for (const horizon of [1, 5, 22]) {
          const served = answer[`rv_${horizon}d_hat` as "rv_5d_hat"];
          const card = page.locator(`#answer [data-horizon="${horizon}"]`);
          const shown = Number(await card.getAttribute("data-value"));
          expect(Math.abs(shown / served - 1)).toBeLessThan(1e-12);
        }
        const said = answer.warnings.map(({code}) => code).filter((code) => !SAID_ELSEWHERE.has(code));
        const listed = page.locator(".warnings li");
        expect(
          await listed.evaluateAll((items) => items.map((item) => item.getAttribute("data-code"))),
        ).toEqual(said);
        expect(said).toContain("outside_training_support");

        // The address is the scenario.
        const linkedTo = await browser!.newPage();
        await linkedTo.goto(page.url());
        await settle(linkedTo);
        const shown = linkedTo.locator('#answer [data-horizon="5"]');
        expect(await shown.getAttribute("data-value")).toBe(
          await page.locator('#answer [data-horizon="5"]').getAttribute("data-value"),
        );
        await linkedTo.close();

        await page.locator("details.given summary").click();
        await page.locator("#feature-vix").fill("5000"); // a hundred times too much: the wrong unit
        await page.locator("#answer [role=alert]").waitFor();
        expect(await page.locator("#answer [role=alert]").innerText()).toContain("the model was trained on");
        await page.close();
      }, 60_000);

      it(
        "says so where the lake has no certificate",
        async () => {
          const {page} = await open("no-look-ahead");
          expect(await page.locator(".lead").innerText()).toContain("This site has no certificate");
          await page.close();
        },
        MINUTES,
      );
    });

    describe("make verify", () => {
      it(
        "confirms every number, and names what was changed by 1e-9 or printed otherwise",
        async () => {
          const whole = await verify();
          expect([whole.code, whole.stderr]).toEqual([0, ""]);
          const page = join(site, "index.html");
          const html = readFileSync(page, "utf8");
          writeFileSync(
            page,
            html.replace(/(data-receipt="forecasts\.1\.annualized"[^>]*>)[^<]+/, "$199.9 %"),
          );
          const labels = await lake.read("labels_daily");
          const rv = (labels.columns.rv_5d as Float64Array).slice();
          rv[rv.length - 40]! += 1e-9;
          const {inputs} = (await lake.manifest("labels_daily"))!;
          const columns = {...labels.columns, rv_5d: rv};
          await lake.append(
            "labels_daily",
            {...labels, columns},
            {committedAt: "2023-12-02T12:00:00Z", run: "edited", inputs},
          );
          const edited = await verify();
          expect(edited.code).toBe(1);
          for (const name of [
            "labels_daily",
            "today/history",
            "file/outcomes.parquet",
            "forecasts.1.annualized",
          ])
            expect(edited.stderr).toContain(name);
          expect(edited.stderr).not.toContain("forecasts.0.volatility");
        },
        15 * MINUTES,
      );

      it("has nothing published that contradicts itself: the site of before stays", async () => {
        const before = readFileSync(join(site, "receipts.json"), "utf8");
        const environment = readEnvironment({...variables, NOW: "2023-12-02T13:00:00Z", AS_OF: "2023-12-01"});
        const log = () => pino({level: "silent"});
        const context = createContext(environment, {store: lake.store, source: "sample", log});
        const stage = graph(vintageProvider("sample", new Map())).find(({name}) => name === "site")!;
        // The label edited above is still in the lake: it is not the sum of its sessions any more.
        await expect(runStage(stage, context, {progress: () => {}, clock: () => 0})).rejects.toThrow(
          /contradict one another: labels_daily: .* rv_5d is/,
        );
        expect(readFileSync(join(site, "receipts.json"), "utf8")).toBe(before);
      }, 300_000);
    });
  });
}
