// How does much waiting become little? So many at a time, the answers in the order of the questions.

/**
 * The answers to all items, at most `limit` of them asked at once. After a failure no further item is asked; it is
 * thrown when those under way have ended, so that nothing goes on behind the caller's back.
 */
export async function concurrently<Item, Answer>(
  items: Iterable<Item>,
  limit: number,
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const iterator = items[Symbol.iterator]();
  let index = 0;
  let failure: {readonly error: unknown} | undefined;
  async function work(): Promise<void> {
    while (!failure) {
      const {done, value} = iterator.next();
      if (done) return;
      const at = index++;
      try {
        answers[at] = await ask(value);
      } catch (error) {
        failure ??= {error};
      }
    }
  }
  await Promise.all(Array.from({length: limit}, work));
  if (failure) throw failure.error;
  return answers;
}
