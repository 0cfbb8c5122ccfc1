// Which notebooks are there, and what does each ask? Told from its first cell.
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";

const FOLDER = "notebooks";

export interface NotebookEntry {
  readonly name: string; // 01-the-data
  readonly title: string;
  readonly about: string;
}

export interface NotebooksView {
  readonly notebooks: readonly NotebookEntry[];
  readonly count: number;
}

interface Notebook {
  readonly cells: readonly {readonly cell_type: string; readonly source: string | readonly string[]}[];
}

/** Every notebook by number. */
export function notebooksView(): NotebooksView {
  const notebooks = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".ipynb"))
    .sort()
    .map((file) => {
      const {cells} = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Notebook;
      const first = cells.find(({cell_type}) => cell_type === "markdown")?.source ?? "";
      const text = typeof first === "string" ? first : first.join("");
      const [title = "", ...rest] = text.split("\n");
      const about =
        rest
          .join("\n")
          .trim()
          .split(/\n\s*\n/)[0] ?? "";
      const name = file.slice(0, -".ipynb".length);
      return {name, title: title.replace(/^#+\s*/, "") || name, about: about.replaceAll(/[`*]/g, "")};
    });
  return {notebooks, count: notebooks.length};
}
