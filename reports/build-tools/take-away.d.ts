export function writeTakeaways(folders: {readonly data: string; readonly output: string}): Promise<void>;
export function standAlone(
  chart: {readonly outerHTML: string; getAttribute(name: string): string | null},
  words: {readonly title: string; readonly source: string},
): string;
