export function writeTakeaways(folders: {readonly data: string; readonly output: string}): Promise<void>;
