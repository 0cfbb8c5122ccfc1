// Does the lake survive what happens to the machines under it? Kills, two runs at once, lost permission, a clock set back.
import {execFileSync, spawn, spawnSync} from "node:child_process";
import {chmodSync, cpSync, existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {storeAt} from "../src/store/lakeRoot.ts";
import {changesOf, distinctChanges, runUntil} from "./killedRuns.ts";
import {hasMoto, type Moto, startMoto} from "./moto.ts";
import {contents, REPOSITORY, type RunResult, runPipeline, startPipeline} from "./runPipeline.ts";
import {type S3Fault, type S3Request, type S3Server, startS3Server} from "./s3Server.ts";

const NOBODY = "65534";
const SECRET = "secret-of-the-test";

// Memory where there is some: SIGKILL loses nothing that a disk would keep.
const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "volbook-crash-"));
const shared = {CONFIG: "test/crash.yaml", SOURCE: "sample", NOW: "2022-03-01T12:00:00Z"};
const lake = (name: string, more: Record<string, string> = {}): Record<string, string> => ({
  ...shared,
  DATA_DIR: join(folder, name),
  ...more,
});

let undisturbed: Record<string, string>;
let changes: string[];
beforeAll(async () => {
  changes = distinctChanges(await changesOf(["explain"], lake("undisturbed")));
  undisturbed = contents(join(folder, "undisturbed"));
}, 240_000);
afterAll(() => rmSync(folder, {recursive: true, force: true}));

function differing(a: Record<string, string>, b: Record<string, string>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]);
}

describe("a run killed with SIGKILL, and run again", {timeout: 240_000}, () => {
  it("leaves in a folder the bytes of an undisturbed run, whatever the step it died before", async () => {
    // A step of every kind and a dataset of every stage; test/crashCampaign.ts has them all.
    const steps = [
      /^write raw\.market\/_aside\/\*#\d{3}/,
      /^create raw\.market\/date=\*\/\*\.parquet#\d{2}/,
      /^replace snapshots\/features_daily\.parquet/,
      /^remove fits\/_intent\.json/,
      /^create walkforward_daily\/.*parquet/,
      /^replace state\/evaluate\.json/,
      /^create artifacts\/model\/.*\/manifest\.json/,
      /^create shap_daily\/date=\*\/\*\.parquet#\d{2}/,
    ];
    for (const pattern of steps) {
      const step = changes.find((change) => pattern.test(change));
      expect(step, String(pattern)).toBeDefined();
      expect(await runUntil(step!, ["explain"], lake("killed")), step).toMatchObject({killed: true});
    }
    expect(await runPipeline(["explain"], lake("killed"))).toMatchObject({code: 0, stderr: ""});
    expect(differing(contents(join(folder, "killed")), undisturbed)).toEqual([]);
  });

  it("leaves in a bucket the bytes that a folder has, whether a request still arrived or not", async () => {
    const server = await startS3Server();
    const variables = lake("unused", {...reach(server.url), DATA_DIR: `s3://${server.bucket}/deep/lakes`});
    const deaths: [RegExp, "before" | "after"][] = [
      [/curated\.market_daily\/date=2020-06-1/, "after"],
      [/features_daily\/_commits/, "after"],
      [/snapshots\/features_daily/, "before"],
      [/labels_daily\/_intent/, "after"],
    ];
    try {
      for (const [key, lose] of deaths) {
        const run = startPipeline(["features", "labels"], variables);
        server.fault = onWrite(key, () => {
          run.child.kill("SIGKILL");
          return {lose};
        });
        const {stderr} = await run.result;
        expect({signal: run.child.signalCode, stderr}, String(key)).toEqual({signal: "SIGKILL", stderr: ""});
      }
      server.fault = () => undefined;
      expect(await runPipeline(["features", "labels"], variables)).toMatchObject({code: 0, stderr: ""});
      const stages =
        /^sample\/(raw\.market|curated|features|labels|snapshots\/(raw|curated|features|labels))/;
      const inBucket = Object.fromEntries(
        [...server.objects].map(([key, {bytes}]) => [
          key.replace("deep/lakes/", ""),
          bytes.toString("base64"),
        ]),
      );
      const part = (all: Record<string, string>): Record<string, string> =>
        Object.fromEntries(Object.entries(all).filter(([path]) => stages.test(path)));
      expect(Object.keys(part(inBucket)).length).toBeGreaterThan(2000);
      expect(differing(part(inBucket), part(undisturbed))).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

/** A fault at the first write to a key, once. */
function onWrite(key: RegExp, fault: () => S3Fault): S3Server["fault"] {
  let isDone = false;
  return (request: S3Request) => {
    if (isDone || request.method === "GET" || !key.test(request.key)) return undefined;
    isDone = true;
    return fault();
  };
}

function reach(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: SECRET,
    VOLBOOK_CACHE: join(folder, "cache"),
  };
}

describe.skipIf(!hasMoto)("the pipeline on a bucket of moto", {timeout: 240_000}, () => {
  let moto: Moto;
  let variables: Record<string, string>;
  beforeAll(async () => {
    moto = await startMoto();
    variables = lake("unused", {...reach(moto.url), DATA_DIR: `s3://${moto.bucket}`});
  }, 120_000);
  afterAll(() => moto.stop());

  it("goes through, one of two at once, and leaves the bytes that a folder has", async () => {
    const first = startPipeline(["explain"], variables);
    const isLocked = async (): Promise<boolean> => {
      const objects = await fetch(`${moto.url}/${moto.bucket}?list-type=2&prefix=sample/_lock/`);
      return (await objects.text()).includes("_lock/000000000001.json");
    };
    await expect.poll(isLocked, {timeout: 60_000}).toBe(true);
    const second = await runPipeline(["explain"], variables);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      /^Cannot write s3:\/\/lakes\/sample: another run is writing it \(process \d+ on .*, since .*\)\. Run again when it has ended\n$/,
    );
    const done = await first.result;
    expect(done).toMatchObject({code: 0, stderr: ""});
    for (const {stdout, stderr} of [done, second]) expect(stdout + stderr).not.toContain(SECRET);
    Object.assign(process.env, reach(moto.url));
    const store = storeAt(`s3://${moto.bucket}/sample`);
    const wanted = Object.keys(undisturbed).map((path) => path.replace(/^sample\//, ""));
    const sizes = await store.sizes(wanted);
    expect(wanted.filter((path) => !sizes.has(path))).toEqual([]);
    for (const path of wanted.filter((name) => !name.includes("date=")))
      expect(Buffer.from((await store.get(path))!).toString("base64"), path).toBe(
        undisturbed[`sample/${path}`],
      );
  });

  it("does nothing when nothing is new", async () => {
    const {code, stdout} = await runPipeline(["explain"], variables);
    expect(code).toBe(0);
    const stages = jsonLines(stdout).filter(({stage, datasets}) => stage && datasets);
    expect(stages.length).toBeGreaterThan(5);
    for (const {stage, skipped} of stages)
      if (stage !== "ingest") expect({stage, skipped}).toEqual({stage, skipped: true});
  });

  it("is served from there", async () => {
    const {PATH = ""} = process.env;
    const server = spawn(process.execPath, ["src/server/main.ts"], {
      cwd: REPOSITORY,
      env: {PATH, PORT: "0", ...variables},
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      let log = "";
      server.stdout.on("data", (data) => {
        log += data;
      });
      await expect
        .poll(() => /"msg":"Server listening at [^"]*"/.exec(log)?.[0], {timeout: 60_000})
        .toBeDefined();
      const address = /Server listening at (http:[^"\s]+)/.exec(log)![1];
      expect((await fetch(`${address}/ready`)).status).toBe(200);
      const page = (await (await fetch(`${address}/predictions/SPY`)).json()) as {predictions: unknown[]};
      expect(page.predictions.length).toBeGreaterThan(0);
      expect(log).toContain(`"lake":"s3://${moto.bucket}/sample"`);
      expect(log).not.toContain(SECRET);
    } finally {
      server.kill("SIGTERM");
      await new Promise((resolve) => server.once("exit", resolve));
    }
  });

  it("says in one line that the bucket is missing, before it computes anything", async () => {
    const {code, stderr, stdout} = await runPipeline(["features"], {
      ...variables,
      DATA_DIR: "s3://not-there/x",
    });
    expect({code, stdout}).toEqual({code: 1, stdout: ""});
    expect(stderr).toMatch(
      /^Cannot read .* in the bucket not-there: .* has no bucket not-there; create it, .*\n$/,
    );
  });
});

describe("a clock that went backwards", {timeout: 60_000}, () => {
  it("stops the run with both times and leaves the lake as it was", async () => {
    const {code, stderr} = await runPipeline(["explain"], lake("undisturbed", {NOW: "2022-02-01T12:00:00Z"}));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot run at 2022-02-01T12:00:00\.000Z: the newest commit of the lake .*sample is of 2022-03-01T12:00:00\.000Z\. Correct the clock, or set NOW to that time or a later one\n$/,
    );
    expect(differing(contents(join(folder, "undisturbed")), undisturbed)).toEqual([]);
  });
});

// Permission bits do not bind root: such a run is another user's.
const mayBeNobody = ((): boolean => {
  const asNobody = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"];
  return spawnSync("setpriv", [...asNobody, process.execPath, "--version"], {cwd: REPOSITORY}).status === 0;
})();

describe.skipIf(!mayBeNobody)("permission that is lost", {timeout: 120_000}, () => {
  it("stops the run with the remedy, commits nothing of the dataset, and is made good by the next run", async () => {
    const dataDir = join(folder, "owned");
    const root = join(dataDir, "sample");
    cpSync(join(folder, "undisturbed"), dataDir, {recursive: true});
    rmSync(join(root, "state/labels.json"));
    rmSync(join(root, "labels_daily"), {recursive: true});
    rmSync(join(root, "snapshots/labels_daily.parquet"));
    execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, dataDir]);
    execFileSync("chmod", ["a+rx", folder]);
    chmodSync(join(root, "snapshots"), 0o555);
    const stopped = runAsNobody(["labels"], lake("owned"));
    expect(stopped).toMatchObject({code: 1});
    expect(stopped.stderr).toMatch(
      /^Cannot write snapshots\/labels_daily\.parquet: permission is missing; make the folder writable or choose another DATA_DIR \(EACCES\)\. .*\n$/,
    );
    chmodSync(join(root, "snapshots"), 0o755);
    expect(runAsNobody(["labels"], lake("owned"))).toMatchObject({code: 0, stderr: ""});
    expect(differing(contents(dataDir), undisturbed)).toEqual([]);

    chmodSync(root, 0o555);
    chmodSync(join(root, "_lock"), 0o555);
    const refused = runAsNobody(["labels"], lake("owned"));
    expect(refused).toMatchObject({code: 1});
    expect(refused.stderr).toMatch(
      /^Cannot write .*sample: .*permission is missing; make the folder writable.*\n$/,
    );
    chmodSync(root, 0o755);
    chmodSync(join(root, "raw.market/_manifest.json"), 0o000);
    const unreadable = runAsNobody(["labels"], lake("owned"));
    expect(unreadable).toMatchObject({code: 1, stderr: expect.stringMatching(/^Cannot .*EACCES.*\n$/)});
  });

  function runAsNobody(stages: readonly string[], variables: Record<string, string>): RunResult {
    const {PATH = ""} = process.env;
    const program = [process.execPath, "pipeline/run.ts", ...stages];
    const identity = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"];
    const {status, stdout, stderr} = spawnSync("setpriv", [...identity, ...program], {
      cwd: REPOSITORY,
      env: {PATH, ...variables},
      encoding: "utf8",
    });
    return {code: status, stdout, stderr};
  }
});

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
