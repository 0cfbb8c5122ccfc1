// Do the images and compose.yaml keep their promises: the stages in order, no rights to spare, nothing secret inside?
import {execFile} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {validate} from "dockerfile-utils";
import {describe, expect, it} from "vitest";
import {parse} from "yaml";
import {graph, upTo} from "../pipeline/graph.ts";
import {createSiteServer} from "../reports/serve.ts";
import {sampleProvider} from "../src/market/sampleProvider.ts";
import {sessionDate} from "../src/units.ts";

interface Service {
  readonly image: string;
  readonly build?: {readonly target: string};
  readonly command?: readonly string[];
  readonly user: string;
  readonly read_only: boolean;
  readonly init: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly tmpfs: readonly string[];
  readonly volumes: readonly string[];
  readonly environment?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly healthcheck?: {readonly test: readonly [string, string]; readonly interval: string};
  readonly depends_on?: Readonly<Record<string, {readonly condition: string}>>;
}

const text = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const compose = text("compose.yaml");
const {services, volumes}: {services: Record<string, Service>; volumes: Record<string, unknown>} = parse(
  compose,
  {merge: true},
);
const stages = graph(sampleProvider({seed: 1, first: sessionDate("2020-01-02")}));
const STAGE_SERVICES = ["ingest", "features", "train", "infer", "report"];
const LONG_LIVED = ["api", "dashboard"];
const MONITORING = ["prometheus", "grafana"];

/** The instructions of each build stage, by its name. */
function buildStages(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text("Dockerfile").split("\n")) {
    const [, image, name] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (name) found.set(name, [`FROM ${image}`]);
    else if (/^[A-Z]+ /.test(line)) [...found.values()].at(-1)!.push(line);
  }
  return found;
}

describe("Dockerfile", () => {
  const built = buildStages();

  it("has no fault that its linter knows", () => {
    expect(
      validate(text("Dockerfile")).map(({message, range}) => `${range.start.line + 1}: ${message}`),
    ).toEqual([]);
  });

  it("starts from one named version of Node and otherwise from its own stages", () => {
    const bases = [...built.values()].map(([from]) => from!.slice("FROM ".length));
    const foreign = new Set(bases.filter((base) => !built.has(base)));
    expect([...foreign]).toEqual(["node:24-bookworm-slim"]);
  });

  it.each(["pipeline", "api", "dashboard"])("runs %s as uid 1000, with a program that exists", (target) => {
    const lines = built.get(target)!;
    expect(lines.findLast((line) => line.startsWith("USER "))).toBe("USER 1000:1000");
    const start =
      lines.find((line) => line.startsWith("ENTRYPOINT ")) ?? lines.find((line) => line.startsWith("CMD "))!;
    const [node, ...words] = JSON.parse(start.slice(start.indexOf("["))) as string[];
    expect(node).toBe("node");
    const program = words.find((word) => !word.startsWith("-"));
    expect(existsSync(new URL(`../${program}`, import.meta.url)), program).toBe(true);
  });

  it("installs what the lockfile names, without development packages or their scripts", () => {
    expect(built.get("deps")).toContainEqual(
      expect.stringMatching(/^RUN npm ci --omit=dev --ignore-scripts/),
    );
  });

  it("copies single sources, so that nothing enters an image unnamed", () => {
    const copies = [...built.values()].flat().filter((line) => /^(COPY|ADD) /.test(line));
    for (const line of copies) expect(line).not.toMatch(/^ADD| \.{1,2}\/? /);
    expect(text(".dockerignore").split("\n")).toContain("*");
    const admitted = text(".dockerignore").match(/(?<=^!).+/gm);
    expect(admitted).toEqual([
      "package.json",
      "package-lock.json",
      "config",
      "src",
      "pipeline",
      "reports",
      "infra/containers/report.sh",
    ]);
  });
});

describe("compose.yaml", () => {
  it("runs the stages one after the other, each once the one before has succeeded", () => {
    const [first, ...others] = STAGE_SERVICES;
    expect(services[first!]!.depends_on).toBeUndefined();
    others.forEach((name, i) => {
      expect(services[name]!.depends_on).toEqual({
        [STAGE_SERVICES[i]!]: {condition: "service_completed_successfully"},
      });
    });
  });

  it("names stages of the graph, each needing those before it", () => {
    const commands = STAGE_SERVICES.map((name) => services[name]!.command!);
    commands.forEach(([stage, ...more], i) => {
      expect(more).toEqual([]);
      const needed = upTo(stages, stage!).map(({name}) => name);
      for (const [earlier] of commands.slice(0, i)) expect(needed).toContain(earlier);
    });
  });

  it("leaves no stage of the graph out but those that are asked for", () => {
    const {command} = services.report!;
    const asked = ["multiverse", "prove"]; // minutes of research, each a target of its own
    expect(upTo(stages, command![0]!)).toEqual(stages.filter(({name}) => !asked.includes(name)));
  });

  it("keeps api and dashboard up, after the forecasts and the site they show", () => {
    const byDefault = Object.keys(services).filter((name) => services[name]!.profiles === undefined);
    expect(byDefault).toEqual([...STAGE_SERVICES, ...LONG_LIVED]);
    expect(services.api!.depends_on).toEqual({infer: {condition: "service_completed_successfully"}});
    expect(services.dashboard!.depends_on).toEqual({report: {condition: "service_completed_successfully"}});
    for (const name of LONG_LIVED) expect(services[name]!.restart).toBe("unless-stopped");
    for (const name of STAGE_SERVICES) expect(services[name]!.restart).toBe("no");
  });

  it.each(Object.keys(services))("gives %s no right it does not need", (name) => {
    expect(services[name]!.user).toMatch(/^[1-9]\d*:\d+$/);
    expect(services[name]).toMatchObject({
      read_only: true,
      init: true,
      tmpfs: ["/tmp"],
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  });

  it("lets stages write the lake, and who serves it only read", () => {
    for (const name of STAGE_SERVICES) expect(services[name]!.volumes).toContain("data:/app/data");
    expect(services.api!.volumes).toEqual(["data:/app/data:ro"]);
    expect(services.dashboard!.volumes).toEqual(["site:/site:ro"]);
    expect(Object.keys(volumes)).toEqual(expect.arrayContaining(["data", "site"]));
  });

  it("publishes ports on this machine alone unless told otherwise", () => {
    expect(services.api!.ports).toEqual([`\${HOST:-127.0.0.1}:\${PORT:-8000}:8000`]);
    expect(services.dashboard!.ports).toEqual([`\${HOST:-127.0.0.1}:\${DASHBOARD_PORT:-8080}:8080`]);
  });

  it("tags its own images with the package's version and builds each once", () => {
    const {version} = JSON.parse(text("package.json")) as {version: string};
    const own = [...STAGE_SERVICES, ...LONG_LIVED].map((name) => services[name]!);
    for (const {image} of own) expect(image).toMatch(new RegExp(`^volbook/\\w+:${version}$`));
    expect(own.flatMap(({build, image}) => (build ? [[build.target, image]] : []))).toEqual(
      ["pipeline", "api", "dashboard"].map((target) => [target, `volbook/${target}:${version}`]),
    );
  });

  it("starts Prometheus and Grafana in the profile monitoring alone, each of one version, its settings mounted", () => {
    for (const name of MONITORING) {
      expect(services[name]!.profiles).toEqual(["monitoring"]);
      expect(services[name]!.image).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
      const mounted = services[name]!.volumes.filter((volume) => volume.startsWith("./"));
      expect(mounted.length).toBeGreaterThan(0);
      for (const volume of mounted) {
        const [file, , mode] = volume.split(":");
        expect(existsSync(new URL(`../${file}`, import.meta.url)), file).toBe(true);
        expect(mode).toBe("ro");
      }
    }
  });

  it("gives every stage the CSV files with infra/containers/csv.yaml", () => {
    const override = parse(text("infra/containers/csv.yaml")) as {services: Record<string, Partial<Service>>};
    expect(Object.keys(override.services)).toEqual([...STAGE_SERVICES, "api"]);
    for (const name of STAGE_SERVICES) {
      expect(override.services[name]!.environment).toEqual({SOURCE: "csv", CSV_DIR: "/csv"});
      expect(override.services[name]!.volumes).toEqual([expect.stringMatching(/^\$\{CSV_DIR:.*:\/csv:ro$/)]);
    }
  });

  it.each([...STAGE_SERVICES, "api"])("tells %s of a lake in a bucket, and how it is reached", (name) => {
    expect(services[name]!.environment).toEqual(
      expect.arrayContaining([
        "DATA_DIR",
        "AWS_ENDPOINT_URL_S3",
        "AWS_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "S3_PATH_STYLE",
      ]),
    );
  });

  it("has every variable it reads explained in .env.example", () => {
    const interpolated = [...compose.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
    const passedOn = [services.ingest!, services.api!].flatMap(({environment}) => environment ?? []);
    const read = new Set([...interpolated, ...passedOn]);
    const example = text(".env.example");
    for (const name of read) expect(example, name).toMatch(new RegExp(`^# .+\\n${name}=`, "m"));
  });
});

describe(".env.example", () => {
  it("holds no credential, and neither git nor an image takes the file made from it", () => {
    const credentials = [...text(".env.example").matchAll(/^AWS_\w*(?:KEY|TOKEN)\w*=(.*)$/gm)];
    expect(credentials.map(([, value]) => value)).toEqual(["", "", ""]);
    expect(text(".gitignore").split("\n")).toContain(".env");
  });
});

describe("the healthchecks", () => {
  // The command as the engine runs it in the container, its port replaced by one that is free here.
  async function check(name: string, port: number): Promise<boolean> {
    const [kind, command] = services[name]!.healthcheck!.test;
    expect(kind).toBe("CMD-SHELL");
    try {
      await promisify(execFile)("sh", ["-c", command.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`)]);
      return true;
    } catch {
      return false;
    }
  }

  it.each(LONG_LIVED)("of %s tell a server that answers from one that does not", async (name) => {
    const folder = mkdtempSync(join(tmpdir(), "volbook-health-"));
    const server = createSiteServer(folder);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const {port} = server.address() as AddressInfo;
    expect(await check(name, port)).toBe(false); // 503: there is no site
    writeFileSync(join(folder, "index.html"), "<!doctype html>");
    expect(await check(name, port)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, {recursive: true});
    expect(await check(name, port)).toBe(false);
  });
});
