// Worker threads for pure functions of messages: as many as there are processors, ended when the work is.
import {availableParallelism} from "node:os";
import {Piscina} from "piscina";

/**
 * Runs every task on a worker's default export; the answers in the order of the tasks, whatever thread was
 * first.
 *
 * @param options.threads as many as there are processors, if not given
 * @param options.answered takes each answer as it comes, so that what is done outlives a run that is stopped
 */
export async function runOnThreads<Task, Answer>(
  worker: URL,
  tasks: readonly Task[],
  {
    shared,
    threads = availableParallelism(),
    progress,
    answered,
  }: {
    readonly shared?: unknown;
    readonly threads?: number;
    readonly progress: (done: number) => void;
    readonly answered?: (task: Task, answer: Answer) => void | Promise<void>;
  },
): Promise<Answer[]> {
  if (tasks.length === 0) return [];
  const maxThreads = Math.min(tasks.length, threads);
  const pool = new Piscina<Task, Answer>({
    filename: worker.href,
    workerData: shared,
    minThreads: maxThreads,
    maxThreads,
  });
  let done = 0;
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const answer = await pool.run(task);
        await answered?.(task, answer);
        progress(++done);
        return answer;
      }),
    );
  } finally {
    pool.on("error", () => {}); // after a failure the other threads' answers come to a pool that asks for none
    await pool.destroy();
  }
}
