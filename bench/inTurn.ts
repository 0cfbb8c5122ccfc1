// How long does a task take here and elsewhere, in turn, so that a busy machine slows both?

export interface Times {
  readonly wall: number; // ms
  readonly cpu: number; // ms, of all threads of the process
}

export interface Contest {
  /** Does the task here. */
  readonly ours: () => unknown;
  /** Does it elsewhere and says how long that took; absent where nothing else can. */
  readonly theirs?: (() => Promise<Times>) | undefined;
}

export interface Outcome {
  readonly ours: Times; // medians
  readonly theirs: Times | undefined;
  readonly ratio: number; // median of the rounds' ratios; NaN without a peer
  readonly range: readonly [number, number];
  readonly cpuRatio: number;
}

/** One round of all contests after another; a first that does not count warms the compilers up. */
export async function inTurn<Name extends string>(
  contests: Readonly<Record<Name, Contest>>,
  {rounds, warmUp = 1}: {readonly rounds: number; readonly warmUp?: number},
): Promise<Record<Name, Outcome>> {
  const names = Object.keys(contests) as Name[];
  const ours = new Map(names.map((name) => [name, [] as Times[]]));
  const theirs = new Map(names.map((name) => [name, [] as Times[]]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const mine = timed(contests[name].ours);
      const other = await contests[name].theirs?.();
      if (round < 0) continue;
      ours.get(name)!.push(mine);
      if (other) theirs.get(name)!.push(other);
    }
  }
  const outcomes = names.map((name) => [name, outcomeOf(ours.get(name)!, theirs.get(name)!)]);
  return Object.fromEntries(outcomes) as Record<Name, Outcome>;
}

/** Medians and ratios of rounds that were measured in turn. */
export function outcomeOf(ours: readonly Times[], theirs: readonly Times[]): Outcome {
  const ratios = theirs.map(({wall}, round) => ours[round]!.wall / wall);
  return {
    ours: medianTimes(ours),
    theirs: theirs.length > 0 ? medianTimes(theirs) : undefined,
    ratio: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)],
    cpuRatio: median(theirs.map(({cpu}, round) => ours[round]!.cpu / cpu)),
  };
}

export function timed(run: () => unknown): Times {
  const before = process.cpuUsage();
  const started = performance.now();
  run();
  const wall = performance.now() - started;
  const {user, system} = process.cpuUsage(before);
  return {wall, cpu: (user + system) / 1000};
}

/** The middle of the sorted values, the mean of two where they are even; NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[(values.length - 1) >> 1],
    sorted[values.length >> 1],
  ];
  return (low + high) / 2;
}

function medianTimes(times: readonly Times[]): Times {
  return {wall: median(times.map(({wall}) => wall)), cpu: median(times.map(({cpu}) => cpu))};
}
