// The picture in README.md: the first page of the site as it was last built. node reports/picture.ts
import {once} from "node:events";
import type {AddressInfo} from "node:net";
import {chromium} from "playwright-core";
import {CHROMIUM, FLAGS} from "../test/browser.ts";
import {createSiteServer} from "./serve.ts";

const server = createSiteServer("reports/dist").listen(0, "127.0.0.1");
await once(server, "listening");
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: FLAGS,
});
const page = await browser.newPage({viewport: {width: 1200, height: 1180}});
await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
await page.waitForSelector("figure svg");
await page.waitForTimeout(1000); // the charts settle
await page.screenshot({path: "docs/today.png"});
await browser.close();
server.close();
