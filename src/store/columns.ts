// Which columns do several datasets have?
import type {Column} from "./contract.ts";

export const date: Column = {
  name: "date",
  type: "DATE",
  description: "the session: a day of the symbol's own exchange",
};
export const horizon: Column = {name: "horizon", type: "INTEGER", minimum: 1, description: "sessions ahead"};
export const model: Column = {name: "model", type: "VARCHAR", description: "name in docs/models.md"};

/** A number that may be unknown. */
export function double(name: string, description: string, range: Partial<Column> = {}): Column {
  return {name, type: "DOUBLE", description, nullable: true, ...range};
}
