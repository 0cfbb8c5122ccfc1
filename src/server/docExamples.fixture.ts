// What does the server answer to the requests in docs/server.md? Run alone, this writes the answers into the page.
import {readFileSync, writeFileSync} from "node:fs";
import type {FastifyInstance} from "fastify";
import {createApp} from "./app.ts";
import {now, testServing} from "./server.fixture.ts";

export const PAGE = new URL("../../docs/server.md", import.meta.url);

const EXAMPLE = /```sh\n(curl [\s\S]*?)\n```\n\n```json\n(?:[\s\S]*?\n)??```/g;
const WIDTH = 110;

/** A server on the simulated market with a few years of history. */
export function exampleApp(): Promise<FastifyInstance> {
  const whole = testServing({simulated: true});
  const tickers = new Map([["SPY", whole.tickers.get("SPY")!]]); // of five: the answers are shorter
  const serving = {...whole, tickers};
  return createApp({serving: () => serving, version: "0.2.0", now});
}

/** The page with the answer of each example as the server gives it now. */
export async function withAnswers(markdown: string, app: FastifyInstance): Promise<string> {
  const answers = await Promise.all(
    [...markdown.matchAll(EXAMPLE)].map(async ([, command]) => {
      const {url, payload} = parseCurl(command!);
      const headers = {"content-type": "application/json"};
      const response = await app.inject(payload ? {method: "POST", url, payload, headers} : {url});
      return `\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`json\n${format(response.json())}\n\`\`\``;
    }),
  );
  return markdown.replaceAll(EXAMPLE, () => answers.shift()!);
}

function parseCurl(command: string): {url: string; payload: string | undefined} {
  return {
    url: /localhost:8000([^\s'"]*)/.exec(command)![1]!,
    payload: /-d '([^']*)'/.exec(command)?.[1],
  };
}

/** JSON, what fits on a line on one. */
function format(value: unknown, indent = ""): string {
  const flat = JSON.stringify(value, null, 1)
    .replaceAll(/([[{])\n\s*/g, "$1")
    .replaceAll(/\n\s*([\]}])/g, "$1")
    .replaceAll(/\n\s*/g, " ");
  if (typeof value !== "object" || value === null || indent.length + flat.length <= WIDTH) return flat;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => `${inner}${format(item, inner)}`)
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${format(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${items.join(",\n")}\n${indent}${close}`;
}

if (import.meta.main) {
  const app = await exampleApp();
  writeFileSync(PAGE, await withAnswers(readFileSync(PAGE, "utf8"), app));
  await app.close();
}
