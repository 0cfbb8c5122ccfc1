// How does a page ask its Parquet files? DuckDB-WASM 1.28.0, the last release with the Parquet reader compiled in, so that
// read_parquet never asks another host. One database a page, opened when the first question comes.

import * as duckdb from "npm:@duckdb/duckdb-wasm@1.28.0";
import {orMessage} from "./failure.js";

const wasm = import.meta.resolve("npm:@duckdb/duckdb-wasm@1.28.0/dist/duckdb-eh.wasm");
const script = import.meta.resolve("npm:@duckdb/duckdb-wasm@1.28.0/dist/duckdb-browser-eh.worker.js");

let database;

/**
 * {name: FileAttachment("…").arrayBuffer()} becomes one view each; the answer is a tag for SQL. Buffers rather than HTTP
 * ranges, which many static hosts compress away. What cannot be opened is said once on the page.
 */
export function attach(files) {
  return orMessage(open(files), "the data files behind the charts");
}

async function open(files) {
  const [{db, con}, ...buffers] = await Promise.all([connection(), ...Object.values(files)]);
  for (const [index, name] of Object.keys(files).entries()) {
    await db.registerFileBuffer(`${name}.parquet`, new Uint8Array(buffers[index]));
    await con.query(`CREATE OR REPLACE VIEW "${name}" AS SELECT * FROM read_parquet('${name}.parquet')`);
  }
  return sql;
}

function connection() {
  database ??= start();
  return database;
}

async function start() {
  const worker = new Worker(script);
  const failed = new Promise((_, reject) => {
    worker.addEventListener("error", () => reject(new Error("the database's worker did not start")));
  });
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await Promise.race([fetchModule().then((module) => db.instantiate(module)), failed]);
  await db.open({query: {castTimestampToDate: true, castBigIntToDouble: true, castDecimalToDouble: true}});
  return {db, con: await db.connect()};
}

// Fetched here because a worker that cannot fetch its module stays silent; typed here because some hosts do not.
async function fetchModule() {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${new URL(wasm).pathname} answers ${response.status}`);
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], {type: "application/wasm"}));
}

export async function query(text, params = []) {
  const {con} = await connection();
  let table;
  if (params.length > 0) {
    const statement = await con.prepare(text);
    try {
      table = await statement.query(...params);
    } finally {
      await statement.close();
    }
  } else table = await con.query(text);
  const names = table.schema.fields.map(({name}) => name);
  return Array.from(table, (row) => Object.fromEntries(names.map((name) => [name, plain(row[name])])));
}

function sql(strings, ...params) {
  return query(strings.join("?"), params);
}

// Arrow's lists and structs as arrays and objects. BIGINT, DECIMAL and TIMESTAMP inside them are misread by the casts
// above: cast those in SQL.
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
