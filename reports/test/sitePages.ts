// Does the site build, and do its first pages show what their files say?

import {createHash} from "node:crypto";
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {type DuckDBConnection, DuckDBInstance} from "@duckdb/node-api";
import type {Browser, BrowserContextOptions, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {CHROMIUM} from "../../test/browser.ts";
import {buildSite} from "../build.ts";
import {fillText} from "../build-tools/fill-in.js";
import {launchBrowser, PAGES, sample} from "./sampleSite.ts";
import {type StaticServer, serveFolder} from "./staticServer.ts";

const THIN = "\u202f";

const workshop = dirname(sample.site);
const {data, site: output} = sample;

export function describeSitePages(): void {
  describe("the site", () => {
    let server: StaticServer;
    let browser: Browser;
    let db: DuckDBConnection;

    beforeAll(async () => {
      server = await serveFolder(output);
      db = await (await DuckDBInstance.create()).connect();
      if (existsSync(CHROMIUM)) browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    async function ask(sql: string): Promise<Record<string, unknown>[]> {
      const reader = await db.runAndReadAll(
        sql.replace(/\$(\w+)/g, (_, name) => `'${join(data, name)}.parquet'`),
      );
      return reader.getRowObjectsJS();
    }

    interface Visit {
      readonly page: Page;
      readonly problems: string[];
    }

    async function visit(
      name: string,
      options: BrowserContextOptions & {block?: string} = {},
    ): Promise<Visit> {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const problems: string[] = [];
      const {origin} = new URL(server.address);
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      await page.route("**/*", (route) => {
        const url = route.request().url();
        if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) problems.push(`asks another host: ${url}`);
        else if (!options.block || !url.includes(options.block)) return route.continue();
        return route.abort();
      });
      await page.goto(`${server.address}${name}.html`);
      return {page, problems};
    }

    async function settle(page: Page): Promise<void> {
      await page.waitForFunction(() => document.querySelector("observablehq-loading") === null);
    }

    function hashes(folder: string): Map<string, string> {
      const files = readdirSync(folder, {recursive: true, withFileTypes: true}).filter((entry) =>
        entry.isFile(),
      );
      const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
      return new Map(
        paths
          .filter((path) => !path.endsWith("build.json"))
          .map((path) => [
            path.slice(folder.length),
            createHash("sha256").update(readFileSync(path)).digest("hex"),
          ]),
      );
    }

    describe("buildSite()", () => {
      it("makes the same bytes of the same inputs", async () => {
        const again = `${output}-again`;
        try {
          await buildSite({data, output: again});
          expect(hashes(again)).toEqual(hashes(output));
        } finally {
          rmSync(again, {recursive: true, force: true});
        }
      }, 120_000);

      it("leaves the published site as it was where a build fails, and names the reason", async () => {
        const before = hashes(output);
        const broken = mkdtempSync(join(tmpdir(), "volbook-broken-"));
        try {
          cpSync(data, broken, {recursive: true});
          writeFileSync(join(broken, "summary.json"), JSON.stringify({asOf: "2024-01-02"}));
          await expect(buildSite({data: broken, output})).rejects.toThrow("the summary has no");
          expect(hashes(output)).toEqual(before);
          const left = readdirSync(workshop).filter((name) => name.startsWith("build-"));
          const ours = left.filter((name) => {
            const summary = join(workshop, name, "src/data/summary.json"); // other builds may be under way
            return existsSync(summary) && readFileSync(summary, "utf8") === '{"asOf":"2024-01-02"}';
          });
          expect(ours).toEqual([]);
        } finally {
          rmSync(broken, {recursive: true, force: true});
        }
      }, 120_000);

      it("says what to run where there are no inputs", async () => {
        await expect(buildSite({data: join(data, "nowhere"), output})).rejects.toThrow("run make report");
      });

      it("writes the language, the right to zoom and the sentences into the page itself", () => {
        for (const name of PAGES) {
          const html = readFileSync(join(output, `${name}.html`), "utf8");
          expect(html).toContain('<html lang="en">');
          expect(html).not.toContain("maximum-scale");
          expect(html).toContain("Simulated data.");
          expect(html).not.toMatch(/\{\{|https?:\/\/(?!www\.w3\.org)[^"]*\.(js|css|woff2?)/);
        }
        const summary = JSON.parse(readFileSync(join(data, "summary.json"), "utf8"));
        const words = (html: string) => html.replace(/<[^>]*>/g, "");
        const page = words(readFileSync(join(output, "index.html"), "utf8"));
        expect(page).toContain(words(fillText(summary.headline, summary)));
      });
    });

    describe.skipIf(!existsSync(CHROMIUM))("the site in a browser", () => {
      it("shows the newest forecast of the Parquet file", async () => {
        const {page} = await visit("index");
        const [row] = await ask("SELECT * FROM $predictions ORDER BY date DESC LIMIT 1");
        for (const horizon of [1, 5, 22]) {
          const yearly = 100 * (row![`rv_${horizon}d_hat`] as number) * Math.sqrt(252 / horizon);
          expect(await page.locator(`#card-${horizon}`).innerText()).toContain(
            `${yearly.toFixed(1)}${THIN}%`,
          );
        }
        await page.context().close();
      });

      it("shows more history and another unit when asked", async () => {
        const {page} = await visit("index");
        await settle(page);
        const [all] = await ask("SELECT count(*) AS n FROM $predictions WHERE rv_5d_hat > 0");
        await page.getByLabel("all", {exact: true}).check();
        await page.getByText(`n = ${all!.n} forecasts`).waitFor();
        await page.getByLabel("% over the sessions").first().check();
        await page.getByText("SPY, % over five sessions, log axis").waitFor();
        await page.context().close();
      });

      it("takes any day's forecast apart, and the session before where a day had none", async () => {
        const {page} = await visit("explanation");
        await settle(page);
        await page.getByLabel("Forecast of", {exact: true}).fill("2022-05-15"); // a Sunday
        await page.getByText("to the forecast of 13 May 2022").waitFor();
        const [row] = await ask("SELECT rv_5d_hat AS rv FROM $predictions WHERE date = DATE '2022-05-13'");
        const yearly = (100 * (row!.rv as number) * Math.sqrt(252 / 5)).toFixed(1);
        expect(await page.locator("#waterfall .words").innerText()).toContain(
          `to the forecast of ${yearly}${THIN}%`,
        );
        await page.getByRole("button", {name: "The session after"}).click();
        await page.getByText("to the forecast of 16 May 2022").waitFor();
        expect(page.url()).toContain("date=2022-05-16");
        await page.context().close();
      });

      it("says where the record ends to a day outside it", async () => {
        const {page} = await visit("explanation");
        await settle(page);
        await page.getByLabel("Forecast of", {exact: true}).fill("1987-10-19");
        await page.getByText("Choose a day from").waitFor();
        await page.context().close();
      });

      it("says once what cannot be loaded, and keeps what was computed beforehand", async () => {
        for (const [name, block, lead] of [
          ["index", "predictions", "is expected to move about"],
          ["explanation", "shap_5", "explained forecasts since"],
          ["what-if", "model_5", "Move the market"],
        ] as const) {
          const {page} = await visit(name, {block});
          if (name === "index") await page.getByLabel("all", {exact: true}).check(); // what asks for more than the last year
          await page.locator("#failure").waitFor({state: "visible"});
          expect(await page.locator("#failure").innerText()).toContain("could not load");
          expect(await page.locator(".observablehq--error").count()).toBe(0);
          expect(await page.locator(".lead").innerText()).toContain(lead);
          await page.context().close();
        }
      });

      it("has the first number within 150 KB of HTML, without a script", () => {
        const html = readFileSync(join(output, "index.html"));
        expect(html.length).toBeLessThan(150_000);
        expect(html.toString()).toMatch(/id="card-5"><a class="fact"[^>]*>\d+\.\d/);
      });

      it("prints as a report: no controls, no marks, black on white", async () => {
        const {page} = await visit("index", {colorScheme: "dark"});
        await settle(page);
        await page.emulateMedia({media: "print"});
        for (const name of ["nav", ".chart-menu", ".receipt-mark", "form"])
          expect(await page.locator(name).first().isVisible()).toBe(false);
        expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
          "rgb(255, 255, 255)",
        );
        expect((await page.pdf({format: "A4"})).length).toBeGreaterThan(10_000);
        await page.context().close();
      });

      it("switches between light and dark, and remembers", async () => {
        const {page} = await visit("method", {colorScheme: "light"});
        const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        expect(await ground()).toBe("rgb(255, 255, 255)");
        await page.getByRole("button", {name: "Switch between light and dark"}).click();
        expect(await ground()).toBe("rgb(20, 23, 28)");
        await page.getByRole("link", {name: "Why", exact: true}).click();
        await page.waitForURL("**/explanation.html");
        await expect.poll(ground).toBe("rgb(20, 23, 28)");
        await page.context().close();
      });

      it("gives a chart away as SVG, PNG and CSV", async () => {
        const {page} = await visit("index");
        await settle(page);
        const chart = page.locator("figure.chart", {hasText: "fell inside the interval"});
        await chart.locator("summary").first().click();
        const take = async (name: string) => {
          const [file] = await Promise.all([
            page.waitForEvent("download"),
            chart.getByRole("button", {name}).click(),
          ]);
          return readFileSync(await file.path());
        };
        const svg = (await take("SVG")).toString();
        expect(svg).toContain("<svg");
        expect(svg.includes("var(--")).toBe(false);
        expect((await take("PNG")).subarray(1, 4).toString()).toBe("PNG");
        expect((await take("CSV")).toString().split("\r\n")).toHaveLength(262); // a header, 260 sessions, the end
        await page.context().close();
      });
    });
  });
}
