// From which bytes, and by which function or query, does each published number follow?

import {type FactSource, type Facts, factSource, type SourceRule} from "./factSources.ts";

export type ReceiptKind = "number" | "sentence" | "figure" | "table" | "file";

export interface Receipt extends FactSource {
  readonly id: string;
  readonly kind: ReceiptKind;
  /** The pages that show it. */
  readonly pages: readonly string[];
  /** A number or sentence itself; of a figure or table the SHA-256 of its rows as JSON, of a file that of its bytes. */
  readonly value: number | string | null;
  /** A number as it is printed. */
  readonly shown: readonly string[];
}

/** A dataset as it was published. */
export interface PublishedDataset {
  /** SHA-256 of the lake's snapshot. */
  readonly sha256: string;
  readonly rows: number;
}

/** Every published number of one run, and what it was made of. */
export interface ReceiptBook {
  readonly run: string;
  readonly source: string;
  readonly symbol: string;
  readonly now: string; // ISO time, the run's clock
  readonly as_of: string;
  /** SHA-256 of sources and lockfile, and of the whole configuration. */
  readonly code: string;
  readonly configuration: string;
  readonly seed: number;
  readonly datasets: Readonly<Record<string, PublishedDataset>>;
  readonly receipts: readonly Receipt[];
}

/** A number or sentence on a page. */
export interface ShownFact {
  readonly page: string;
  readonly id: string;
  readonly shown: string;
}

/** A figure or table: drawn from one fact, or from the rows of one SELECT over the lake. */
export interface Exhibit {
  readonly id: string;
  readonly page: string;
  readonly kind: "figure" | "table";
  readonly title: string;
  /** The path of the fact that it draws. */
  readonly fact?: string;
  /** What it reads; with `fact`, its source's. */
  readonly datasets?: readonly string[];
  readonly by?: string;
  readonly sql?: string;
}

/** Numbers and sentences of all pages, one receipt each however often it is shown; sorted by id. */
export function factReceipts(
  shown: readonly ShownFact[],
  {facts, rules = []}: {readonly facts: Facts; readonly rules?: readonly SourceRule[]},
): Receipt[] {
  return [...Map.groupBy(shown, ({id}) => id)]
    .map(([id, places]) => {
      const value = factAt(id, facts);
      return {
        id,
        kind: typeof value === "string" ? ("sentence" as const) : ("number" as const),
        pages: [...new Set(places.map(({page}) => page))].sort(),
        value: typeof value === "number" && Number.isNaN(value) ? null : (value as number | string | null),
        shown: typeof value === "string" ? [] : [...new Set(places.map((place) => place.shown))].sort(),
        ...factSource(id, facts, rules),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Figures and tables, each with the hash of what it draws.
 *
 * @param options.rowsOf the rows of a SELECT over the lake
 * @param options.hash SHA-256 of a text
 */
export async function exhibitReceipts(
  exhibits: readonly Exhibit[],
  {
    facts,
    rules = [],
    rowsOf,
    hash,
  }: {
    readonly facts: Facts;
    readonly rules?: readonly SourceRule[];
    readonly rowsOf: (sql: string) => Promise<readonly object[]>;
    readonly hash: (text: string) => string;
  },
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const {id, page, kind, title, fact, datasets, by, sql} of exhibits) {
    const drawn = fact === undefined ? await rowsOf(sql!) : factAt(fact, facts);
    const source = fact === undefined ? undefined : factSource(fact, facts, rules);
    receipts.push({
      id,
      kind,
      title,
      pages: [page],
      value: hash(JSON.stringify(drawn)),
      shown: [],
      datasets: datasets ?? source?.datasets ?? [],
      by: by ?? source?.by ?? "the query",
      ...(sql ? {sql} : {}),
    });
  }
  return receipts;
}

/**
 * What of a book is not so in another that was derived again, in words that begin with the receipt's name. Hashes of
 * files and datasets are left out where `values` is true: two lakes of one history hold the same rows in other commits.
 */
export function compareBooks(
  published: ReceiptBook,
  derived: ReceiptBook,
  {values = false}: {readonly values?: boolean} = {},
): string[] {
  const again = new Map(derived.receipts.map((receipt) => [receipt.id, receipt]));
  // A file that stands on no dataset is of the repository, as the code is.
  const counted = ({kind, datasets}: Receipt): boolean => kind !== "file" || (!values && datasets.length > 0);
  const differences = published.receipts.filter(counted).flatMap((receipt) => {
    const found = again.get(receipt.id);
    again.delete(receipt.id);
    if (!found) return [`${receipt.id}: cannot be derived`];
    if (!Object.is(receipt.value, found.value))
      return [`${receipt.id}: ${receipt.value} is published, ${found.value} derived`];
    return JSON.stringify(receipt.shown) === JSON.stringify(found.shown)
      ? []
      : [`${receipt.id}: ${receipt.shown.join(", ")} is printed, ${found.shown.join(", ")} derived`];
  });
  const missing = [...again.values()].filter(counted);
  const datasets = values
    ? []
    : Object.entries(derived.datasets).filter(
        ([name, {sha256}]) => published.datasets[name]?.sha256 !== sha256,
      );
  return [
    ...differences,
    ...missing.map(({id}) => `${id}: has no published receipt`),
    ...datasets.map(
      ([name, {sha256}]) =>
        `${name}: the receipts name ${published.datasets[name]?.sha256 ?? "nothing"}, the lake has ${sha256}; ${standingOn(name, published)}`,
    ),
  ];
}

// Numbers are few, so a reader can be told which of them hang on a dataset that is another one.
function standingOn(dataset: string, {receipts}: ReceiptBook): string {
  const names = receipts.filter(({datasets}) => datasets.includes(dataset)).map(({id}) => id);
  return names.length === 0 ? "no receipt stands on it" : `on it stand ${names.join(", ")}`;
}

function factAt(path: string, facts: Facts): unknown {
  return path
    .split(".")
    .reduce<unknown>((object, key) => (object as Record<string, unknown> | undefined)?.[key], facts);
}
