// Who reads the run? A person sees a progress display, a machine reads JSON lines on stdout.
import {Listr} from "listr2";
import pino, {type Logger} from "pino";

/** JSON lines on stdout; on a terminal warnings alone, so that the display stays legible. */
export function createLogger(runId: string): Logger {
  return pino(
    {
      base: {run: runId},
      level: process.stdout.isTTY ? "silent" : "info",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {level: (label) => ({level: label})},
    },
    pino.destination({dest: 1, sync: true}),
  );
}

export interface Step {
  readonly title: string;
  /** Returns what to say when done; calls `say` as it goes on. */
  readonly run: (say: (text: string) => void) => Promise<string>;
}

/** Runs steps in order under a progress display, which is silent where stdout is not a terminal. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  await new Listr(
    steps.map(({title, run}) => ({
      title,
      task: async (_context: unknown, task: {title: string; output: string}) => {
        task.title = `${title}: ${await run((text) => {
          task.output = text;
        })}`;
      },
    })),
    {
      renderer: process.stdout.isTTY ? "default" : "silent",
      concurrent: false,
      registerSignalListeners: false,
    },
  ).run();
}
