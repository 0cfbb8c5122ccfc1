// What holds of every page? It opens under the served policy, says where each number comes from, fits every width in both
// themes, names its controls and stays small.

import {once} from "node:events";
import {existsSync, mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {ReceiptBook} from "../../src/report/receipts.ts";
import {CHROMIUM} from "../../test/browser.ts";
import {REPOSITORY} from "../../test/runPipeline.ts";
import {createSiteServer} from "../serve.ts";
import {launchBrowser, PAGES, sample} from "./sampleSite.ts";
import {settle} from "./settle.ts";

const WIDTHS = [1440, 820, 390];
const THEMES = ["light", "dark"] as const;
const MOST_BYTES = 5e6;
const MOST_BEFORE_NUMBERS = 150_000;
const MINUTES = 60_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = join(REPOSITORY, "build/screenshots");

export function describeEveryPage(): void {
  describe.skipIf(!existsSync(CHROMIUM))("every page", () => {
    const server = createSiteServer(sample.site);
    let browser: Browser;
    let origin: string;

    beforeAll(async () => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await launchBrowser();
      mkdirSync(shots, {recursive: true});
    });
    afterAll(async () => {
      await browser?.close();
      server.close();
    });

    it.each(PAGES)(
      "%s opens under the served policy, marks every figure, fits three widths in both themes, stays small",
      async (name) => {
        const page = await browser.newPage({viewport: {width: WIDTHS[0]!, height: 900}});
        const problems: string[] = [];
        const fetched: {url: string; bytes: number}[] = [];
        page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
        page.on("pageerror", (error) => problems.push(String(error)));
        page.on("request", (request) => {
          if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
            problems.push(`asks another host: ${request.url()}`);
        });
        page.on("response", async (response) => {
          const body = await response.body().catch(() => Buffer.alloc(0));
          fetched.push({url: response.url(), bytes: body.length});
        });
        await page.goto(`${origin}/${name}.html`);
        await settle(page);
        expect(problems).toEqual([]);
        expect(await page.locator(".observablehq--error").allInnerTexts()).toEqual([]);
        expect(await page.locator("h1").count()).toBe(1);
        expect(await page.locator("html").getAttribute("lang")).toBe("en");
        expect(await unnamed(page)).toEqual([]);
        if (name !== "receipts") expect(await unmarked(page)).toEqual([]);
        expect(await barriers(page)).toEqual([]);
        await fits(page, name);
        expect(await barriers(page)).toEqual([]); // now dark, and on a phone
        const before = fetched.filter(({url}) => /\.(html|css)$/.test(url));
        expect(sum(before)).toBeLessThan(MOST_BEFORE_NUMBERS);
        expect(sum(fetched)).toBeLessThan(MOST_BYTES);
        await page.close();
      },
      2 * MINUTES,
    );

    it("finds a figure, a table, a card and a number that have no receipt", async () => {
      const page = await browser.newPage();
      await page.goto(`${origin}/index.html`);
      await settle(page);
      await page.evaluate(() => {
        const plant = document.createElement("div");
        plant.innerHTML = `<figure class="chart"><h3>planted</h3></figure>
<div class="table-frame"><table><tr><td>1</td></tr></table></div>
<div class="cards"><section class="card"><p class="figure">1 %</p></section></div>
<p class="lead">A planted 9.9 %.</p>
<div class="exhibit"><table></table><a data-receipt="of/nothing">receipt</a></div>`;
        document.querySelector("main")!.append(plant);
      });
      expect(await unmarked(page)).toHaveLength(5);
      await page.close();
    });
  });
}

/** Figures, tables, cards and numbers of leads that no known receipt is marked on. */
async function unmarked(page: Page): Promise<string[]> {
  const book = JSON.parse(readFileSync(join(sample.site, "receipts.json"), "utf8")) as ReceiptBook;
  return page.evaluate(
    (known) => {
      const isMarked = (node: Element) =>
        [...node.querySelectorAll("[data-receipt]")].some((mark) =>
          known.includes((mark as HTMLElement).dataset.receipt!),
        );
      const exhibit = "figure.chart, .exhibit, .table-place, .model-card";
      const shown = [...document.querySelectorAll("figure.chart, main table, .cards")].filter(
        (node) => !isMarked(node.closest(exhibit) ?? node),
      );
      // Dates, versions and lengths of sessions are names.
      const names = /\d{4}-\d\d-\d\d(-\w+)?|\d+ [A-Z][a-z]+ \d{4}|\b(19|20)\d\d\b|\d+[- ]sessions?/g;
      const leads = [...document.querySelectorAll(".lead")].filter((lead) => {
        const copy = lead.cloneNode(true) as Element;
        for (const mark of copy.querySelectorAll("[data-receipt]")) mark.remove();
        return /\d/.test(copy.textContent!.replace(names, ""));
      });
      return [...shown, ...leads].map((node) => node.outerHTML.slice(0, 160));
    },
    book.receipts.map(({id}) => id),
  );
}

/** What axe finds that keeps readers out: rule, number of places, the first of them. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const {violations} = await (globalThis as unknown as {axe: typeof import("axe-core")}).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
      resultTypes: ["violations"],
    });
    return violations
      .filter(({impact}) => impact === "serious" || impact === "critical")
      .map(({id, nodes}) => `${id}, ${nodes.length}: ${nodes[0]?.html.slice(0, 160)}`);
  });
}

async function unnamed(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, a[href], input, select, summary")]
      .filter((node) => {
        const labels = (node as HTMLInputElement).labels;
        const name =
          node.textContent?.trim() || node.getAttribute("aria-label") || node.getAttribute("title");
        return !name && !labels?.length;
      })
      .map((node) => node.outerHTML.slice(0, 120)),
  );
}

async function fits(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({width, height: 900});
    for (const colorScheme of THEMES) {
      await page.emulateMedia({colorScheme});
      await settle(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([name, width, beyond <= 0]).toEqual([name, width, true]);
      await page.screenshot({path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true});
    }
  }
}

function sum(fetched: readonly {readonly bytes: number}[]): number {
  return fetched.reduce((total, {bytes}) => total + bytes, 0);
}
