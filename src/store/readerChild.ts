// The process that readerProcess.ts starts: it answers with tables, and ends when nobody listens any more.
import {type Lake, openLake} from "./lake.ts";
import {storeAt} from "./lakeRoot.ts";
import {openReader} from "./parquetReader.ts";
import type {ReadAnswer, ReadQuestion} from "./readerProcess.ts";

void openReader(); // before the first question comes
const lakes = new Map<string, Lake>();

process.on("message", async ({id, root, dataset, options}: ReadQuestion) => {
  const lake = lakes.get(root) ?? openLake({store: storeAt(root)});
  lakes.set(root, lake);
  try {
    answer({id, table: await lake.read(dataset, options)});
  } catch (error) {
    answer({id, error: (error as Error).message});
  }
});
process.once("disconnect", () => process.exit());

function answer(message: ReadAnswer): void {
  process.send?.(message);
}
