// What does TypeScript know of the filling-in?

export type Facts = Readonly<Record<string, unknown>>;

export function fillText(text: string, facts: Facts, receipts?: () => string): string;
export function plainText(text: string, facts: Facts): string;
export function factsShown(text: string, facts: Facts): {readonly id: string; readonly shown: string}[];
export function valueAt(path: string, facts: Facts): unknown;
export function escapeHtml(text: unknown): string;
