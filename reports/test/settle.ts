// When has a page drawn all it has?

import type {Page} from "playwright-core";
import {expect} from "vitest";

/** Scrolls to the end of the page and back, so that what is loaded when it is seen is there. */
export async function settle(page: Page): Promise<void> {
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
