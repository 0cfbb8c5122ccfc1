// What does one choice change, every other choice held?

/** The choices of a cell, its loss beside the baseline's; an expanding window's first day as text. */
export interface EffectCell {
  readonly model: string;
  readonly reference: string;
  readonly train_from: string;
  readonly window: string;
  readonly refit_sessions: number;
  readonly purge_sessions: number;
  readonly features: string;
  readonly proxy: string;
  readonly loss: string;
  readonly retransformation: string;
  readonly gain: number;
}

/** One option of a choice against the one it is compared with, over all sets of cells that differ in it alone. */
export interface ChoiceEffect {
  readonly model: string;
  /** "training span", "refit interval", "purge", "features" or "retransformation". */
  readonly choice: string;
  readonly option: string;
  /** The option that the choice's others are compared with. */
  readonly against: string;
  readonly pairs: number;
  /** Of loss(option) / loss(against) - 1 over the pairs: above 0 the option is worse. Median and extremes. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

const SPAN = ["train_from", "window"] as const;
const OTHERS = ["refit_sessions", "purge_sessions", "features", "proxy", "loss", "retransformation"] as const;

const CHOICES: readonly {
  readonly choice: string;
  readonly columns: readonly (keyof EffectCell)[];
  readonly option: (cell: EffectCell) => string;
}[] = [
  {
    choice: "training span",
    columns: SPAN,
    option: ({window, train_from}) =>
      window === "expanding" ? `since ${train_from}` : `last ${window} sessions`,
  },
  {
    choice: "refit interval",
    columns: ["refit_sessions"],
    option: ({refit_sessions}) => `every ${refit_sessions} sessions`,
  },
  {choice: "purge", columns: ["purge_sessions"], option: ({purge_sessions}) => `${purge_sessions} sessions`},
  {choice: "features", columns: ["features"], option: ({features}) => features},
  {
    choice: "retransformation",
    columns: ["retransformation"],
    option: ({retransformation}) => retransformation,
  },
];

/**
 * The effect of each option on a model's own loss: ratios of losses to the baseline's, which has no choices, so that
 * cells that score other sessions compare.
 *
 * @param cells against one reference without choices
 * @param main what every option is compared with: the first of each list of the multiverse
 * @returns models in order of the cells, choices as listed above, options by their names
 */
export function choiceEffects(
  cells: readonly EffectCell[],
  main: Omit<EffectCell, "model" | "reference" | "proxy" | "loss" | "gain">,
): ChoiceEffect[] {
  const known = cells.filter(({gain}) => gain < 1);
  return [...Map.groupBy(known, ({model}) => model)].flatMap(([model, own]) =>
    CHOICES.flatMap(({choice, columns, option}) => {
      const sets = [...Map.groupBy(own, (cell) => keyWithout(cell, columns)).values()];
      const against = option(main as EffectCell);
      const options = new Set(own.map(option).filter((name) => name !== against));
      return [...options].sort(byNumber).flatMap((name) => {
        const ratios = sets.flatMap((set) => {
          const first = set.find((cell) => option(cell) === against);
          const second = set.find((cell) => option(cell) === name);
          return first && second ? [(1 - second.gain) / (1 - first.gain) - 1] : [];
        });
        return ratios.length === 0 ? [] : [{model, choice, option: name, against, ...spread(ratios)}];
      });
    }),
  );
}

function keyWithout(cell: EffectCell, columns: readonly (keyof EffectCell)[]): string {
  return [...SPAN, ...OTHERS]
    .filter((name) => !columns.includes(name))
    .map((name) => cell[name])
    .join(" | ");
}

function spread(ratios: readonly number[]): Pick<ChoiceEffect, "pairs" | "median" | "least" | "most"> {
  const sorted = ratios.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return {pairs: sorted.length, median, least: sorted[0]!, most: sorted.at(-1)!};
}

// "every 63 sessions" before "every 252 sessions".
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", {numeric: true});
}
