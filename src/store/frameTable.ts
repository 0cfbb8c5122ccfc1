// How does a frame become rows of the lake, and rows a frame?
import {createFrame, type Frame} from "../frame.ts";
import {integers, type Table} from "./table.ts";

/** A frame as a table with a `date` column. */
export function frameTable(frame: Frame): Table {
  return {rows: frame.sessions.length, columns: {date: frame.sessions, ...frame.columns}};
}

/** A table of one row a date, sorted, as a frame of its numbers. */
export function tableFrame(table: Table): Frame {
  const columns = Object.entries(table.columns).filter(([, values]) => values instanceof Float64Array);
  return createFrame(integers(table, "date"), Object.fromEntries(columns) as Record<string, Float64Array>);
}
