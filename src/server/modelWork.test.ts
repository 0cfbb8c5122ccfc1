// Work on real threads.
import {afterAll, describe, expect, it} from "vitest";
import {createModelWork, type ModelWork} from "./modelWork.ts";
import {Problem} from "./problem.ts";
import {artifacts, features, NEWEST, testServing} from "./server.fixture.ts";
import {fitTicker} from "./tickerModels.ts";

const {options, predictor, tickers} = testServing();
const spy = tickers.get("SPY")!;
const works: ModelWork[] = [];

function create(changes: {threads?: number; mostTasks?: number} = {}): ModelWork {
  const work = createModelWork({threads: 1, ...changes});
  works.push(work);
  return work;
}

afterAll(() => Promise.all(works.map((work) => work.close())));

const rows = (count: number) =>
  JSON.stringify(Array.from({length: count}, () => ({as_of_date: NEWEST, feature_vector: {}})));

async function answersOf(work: ModelWork, of = options, count = 2): Promise<{model_version: string}[]> {
  const {json, rows: answered} = await work.batch(of, rows(count));
  expect(answered).toBe(count);
  return JSON.parse(new TextDecoder().decode(json));
}

async function refusal(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  return error;
}

describe("createModelWork()", () => {
  it("answers on a thread what the predictor answers here, and as another model once it is another's turn", async () => {
    const work = create();
    const day = features.sessions.at(-1)!;
    const here = predictor.predict({day: day as never, sent: {}, at: ""});
    expect(await answersOf(work)).toEqual([here, here]);
    const [main, ...others] = artifacts;
    const renamed = {...main!, manifest: {...main!.manifest, version: "another"}};
    const other = {...options, artifacts: [renamed, ...others]};
    const both = await Promise.all([answersOf(work, other), answersOf(work), answersOf(work, other)]);
    expect(both.map(([first]) => first!.model_version)).toEqual([
      "another",
      main!.manifest.version,
      "another",
    ]);
  });

  it("throws the problem that the thread found", async () => {
    const work = create();
    const text = JSON.stringify([{as_of_date: NEWEST, feature_vector: {vixx: 1, vix: -1}}]);
    const problem = await refusal(work.batch(options, text));
    expect(problem.kind).toBe("unknown-feature");
    expect(problem.statusCode).toBe(422);
    expect(problem.faults.map(({field}) => field)).toEqual([
      "[0].feature_vector.vixx",
      "[0].feature_vector.vix",
    ]);
    expect((await refusal(work.batch(options, "[1e999]"))).kind).toBe("invalid-request");
    expect((await refusal(work.batch(options, "["))).kind).toBe("malformed-json");
  });

  it("fits a ticker once, however many ask, and as it would be fitted here", async () => {
    const work = create();
    const asked = Array.from({length: 40}, () => work.fit(spy, "GJR"));
    expect(work.tasks()).toBe(1);
    const [first, ...others] = await Promise.all(asked);
    expect(first).toEqual(fitTicker(spy.returns, {ticker: "SPY", model: "GJR"}));
    for (const other of others) expect(other).toBe(first);
    const short = {...spy, returns: spy.returns.slice(0, 98)};
    expect((await refusal(work.fit(short, "GARCH"))).kind).toBe("model-not-fitted");
  });

  it("refuses what would wait too long, says when to come again, and takes work once there is room", async () => {
    const work = create({mostTasks: 2});
    const taken = [answersOf(work, options, 200), answersOf(work, options, 200)];
    const problem = await refusal(work.batch(options, rows(1)));
    expect([problem.kind, problem.statusCode]).toEqual(["overloaded", 503]);
    expect(Number(problem.headers["retry-after"])).toBeGreaterThan(0);
    await Promise.all(taken);
    expect(work.tasks()).toBe(0);
    await answersOf(work);
  });

  it("goes on after a task has failed", async () => {
    const work = create();
    await answersOf(work);
    const broken = {...options, artifacts: [{...artifacts[0]!, fit: null as never}]};
    await expect(work.batch(broken, rows(1))).rejects.toThrow();
    await answersOf(work);
  });
});
