// A small table as row objects, for code that speaks of rows.
import type {Table} from "./table.ts";

export function tableRows({rows, columns}: Table): Record<string, unknown>[] {
  const entries = Object.entries(columns);
  return Array.from({length: rows}, (_, row) =>
    Object.fromEntries(entries.map(([name, values]) => [name, values[row]])),
  );
}
