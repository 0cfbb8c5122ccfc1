// What does a query of the reader's own say of the published Parquet files? DuckDB-WASM 1.28.0, the last release with the
// Parquet reader compiled in, so that it never asks another host. Started at the first question, one database a page.

import * as duckdb from "npm:@duckdb/duckdb-wasm@1.28.0";
import {FILE_NAMES, fileBytes} from "./files.js";

const wasm = import.meta.resolve("npm:@duckdb/duckdb-wasm@1.28.0/dist/duckdb-eh.wasm");
const script = import.meta.resolve("npm:@duckdb/duckdb-wasm@1.28.0/dist/duckdb-browser-eh.worker.js");

let started;
const attached = new Map();

/** Rows of a query over the published files, each a table of its name; only those that the text names are loaded. */
export async function ask(text) {
  started ??= start();
  const {db, connection} = await started.catch((error) => {
    started = undefined; // the next question tries again
    throw error;
  });
  const named = FILE_NAMES.filter((name) => new RegExp(`\\b${name}\\b`, "i").test(text));
  for (const name of named) {
    if (!attached.has(name)) attached.set(name, attach(name, {db, connection}));
    await attached.get(name);
  }
  const table = await connection.query(text);
  const names = table.schema.fields.map(({name}) => name);
  return Array.from(table, (row) => Object.fromEntries(names.map((name) => [name, plain(row[name])])));
}

async function attach(name, {db, connection}) {
  await db.registerFileBuffer(`${name}.parquet`, new Uint8Array(await fileBytes(name)));
  await connection.query(`CREATE VIEW "${name}" AS SELECT * FROM read_parquet('${name}.parquet')`);
}

async function start() {
  const worker = new Worker(script);
  const failed = new Promise((_, reject) => {
    worker.addEventListener("error", () => reject(new Error("the database's worker did not start")));
  });
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await Promise.race([fetchModule().then((module) => db.instantiate(module)), failed]);
  await db.open({query: {castTimestampToDate: true, castBigIntToDouble: true, castDecimalToDouble: true}});
  return {db, connection: await db.connect()};
}

// Fetched here because a worker that cannot fetch its module stays silent; typed here because some hosts do not.
async function fetchModule() {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${new URL(wasm).pathname} answers ${response.status}`);
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], {type: "application/wasm"}));
}

// Arrow's lists and structs as arrays and objects.
function plain(value) {
  if (value === null || typeof value !== "object" || value instanceof Date || ArrayBuffer.isView(value))
    return value;
  if (typeof value.toArray === "function" && typeof value.length === "number")
    return Array.from(value, plain);
  if (typeof value.toJSON === "function") {
    return Object.fromEntries(Object.entries(value.toJSON()).map(([name, inner]) => [name, plain(inner)]));
  }
  return value;
}
