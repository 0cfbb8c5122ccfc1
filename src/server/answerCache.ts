// Has this been asked a moment ago? Answers that are the same until the model changes, kept for a while.

export interface AnswerCache<Answer> {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
  clear(): void;
  readonly size: number;
}

/**
 * A cache of so many answers at most; the one that was not asked for the longest goes first. A key that is longer than
 * `longestKey` is not kept: neither its answer nor its own length may fill the memory.
 *
 * @param options.seconds for which an answer is kept; 0 keeps none
 * @param options.now milliseconds
 */
export function createAnswerCache<Answer>({
  entries,
  seconds,
  longestKey,
  now,
}: {
  readonly entries: number;
  readonly seconds: number;
  readonly longestKey: number;
  readonly now: () => number;
}): AnswerCache<Answer> {
  const kept = new Map<string, {readonly answer: Answer; readonly until: number}>(); // the latest asked last

  return {
    get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      if (found.until <= now()) return undefined;
      kept.set(key, found);
      return found.answer;
    },
    set(key, answer) {
      if (seconds === 0 || key.length > longestKey) return;
      kept.delete(key);
      kept.set(key, {answer, until: now() + seconds * 1000});
      if (kept.size > entries) kept.delete(kept.keys().next().value!);
    },
    clear: () => kept.clear(),
    get size() {
      return kept.size;
    },
  };
}
