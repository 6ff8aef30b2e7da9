/**
 * Do recommendations hold, and how much do they waste? Twenty questions, five a proxy: which CPU limit serves so many
 * requests/s at such a p99? Answered from the recorded open loops (see data/README.md), by the lab's own command, and run:
 * the recommended limit in a long window, then ever less, to find the least that holds. As root, on an idle machine; about
 * half an hour.
 * usage: npm run bench:questions [-- FILE] [--only PROXY,...]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { left, right, tableOf } from "../../src/core/cells/table.ts";
import { missedRate, type TrialRecord } from "../../src/core/domain/record.ts";
import { windowAt } from "../../src/core/plan/search.ts";
import { median } from "../../src/core/statistics/index.ts";
import { printTable, printTargets } from "../rounds/report.ts";
import { freeCpu, openFile, readOpen } from "./recording.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
const [file = openFile] = positionals;

/** Rates in requests/s, from about 10 to 80 % of what a core carries; none of them was recorded but the 2,000 of HAProxy. */
const ratesOf: Readonly<Record<string, readonly number[]>> = {
  haproxy: [600, 1400, 2000, 3200, 6000],
  traefik: [300, 700, 1300, 1800, 2600],
  squid: [300, 700, 1300, 1800, 2600],
  mitmproxy: [60, 90, 130, 180, 260],
};
/** Goals as multiples of the p99 that the proxy has where nothing stops it, each proxy beginning at another. */
const multiples = [12, 5, 20, 2.5, 8];
/** The example that everybody asks: HAProxy, 2,000 requests/s, 20 ms. */
const example = { proxy: "haproxy", rate: 2000, p99Ms: 20 };
/** From one limit to the next below it. */
const step = 1.1;
const mostSteps = 7;

interface Question {
  readonly proxy: string;
  readonly rate: number;
  readonly p99Ms: number;
}

interface Answered extends Question {
  readonly cpu?: number;
  readonly refusal?: string;
  readonly p99Found?: number;
  readonly held?: boolean;
  /** The least of the limits tried that held, with all above it. */
  readonly least?: number;
}

const dir = mkdtempSync(join(tmpdir(), "bench-questions-"));
const known = ["--store", join(dir, "known.sqlite")];
const runs = ["--store", join(dir, "runs.sqlite")];

function questionsOf(trials: ReadonlyMap<string, readonly TrialRecord[]>): Question[] {
  const proxies = Object.keys(ratesOf).filter((proxy) => values.only?.split(",").includes(proxy) ?? true);
  return proxies.flatMap((proxy, turn) => {
    const free = (trials.get(proxy) ?? []).filter(({ point }) => point.cpu === freeCpu);
    const usual = median(free.map(({ result }) => result!.latencyMs.p99!));
    return ratesOf[proxy]!.map((rate, at) => {
      if (proxy === example.proxy && rate === example.rate) return example;
      const multiple = multiples[(at + turn) % multiples.length]!;
      return { proxy, rate, p99Ms: Number((multiple * usual).toPrecision(2)) };
    });
  });
}

function lab(args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync("./lab", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status === null) throw new Error(`the lab was ended: ${stderr}`);
  return stdout;
}

function answerOf({ proxy, rate, p99Ms }: Question): { cpu?: number; refusal?: string } {
  const goals = ["--rps", String(rate), "--p99", `${p99Ms}ms`];
  const [line = "{}"] = lab(["recommend", "--proxy", proxy, ...goals, "--confidence", "0.9", ...known, "--json"])
    .trim()
    .split("\n")
    .slice(-1);
  const { recommendedCpu: cpu, refusal } = JSON.parse(line);
  return cpu === undefined ? { refusal: refusal?.message ?? line } : { cpu };
}

/** Whether a limit keeps a goal, by one run in a window of at least 10,000 requests or 20 s. */
function run({ proxy, rate, p99Ms }: Question, cpu: number): { held: boolean; p99: number } {
  const window = `${windowAt(rate, { least: 10, most: 20, requests: 10_000 })}s`;
  const output = lab([
    ...[
      "sweep",
      "--proxy",
      proxy,
      "--role",
      "reverse",
      "--load",
      "vegeta",
      "--limiter",
      "cgroup",
      "--rate",
      String(rate),
    ],
    ...["--concurrency", "64", "--cpu", String(cpu), "--plan", "grid", "--replicates", "1", "--anchors", "0"],
    ...["--window", window, "--max-window", window, ...runs, "--json"],
  ]);
  const events = output.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  const record: TrialRecord | undefined = events.find(({ type }) => type === "trial-finished")?.record;
  const result = record?.result;
  const p99 = result?.latencyMs.p99 ?? Number.POSITIVE_INFINITY;
  return { held: record !== undefined && !missedRate(record) && p99 <= p99Ms, p99 };
}

function verified(question: Question): Answered {
  const { cpu, refusal } = answerOf(question);
  if (cpu === undefined) return { ...question, ...(refusal !== undefined && { refusal }) };
  const first = run(question, cpu);
  let least = first.held ? cpu : undefined;
  for (let at = 1; first.held && at <= mostSteps; at++) {
    const lower = Math.ceil((1000 * cpu) / step ** at) / 1000;
    if (!run(question, lower).held) break;
    least = lower;
  }
  return { ...question, cpu, held: first.held, p99Found: first.p99, ...(least !== undefined && { least }) };
}

const { byProxy, origin } = await readOpen(file);
execFileSync("./lab", ["import", file, ...known], { stdio: "ignore" });
const answers: Answered[] = [];
for (const question of questionsOf(byProxy)) {
  const answer = verified(question);
  answers.push(answer);
  const { proxy, rate, p99Ms, cpu, held, least, refusal } = answer;
  process.stderr.write(`${proxy} ${rate}/s ${p99Ms} ms: ${cpu ?? refusal} ${held} ${least}\n`);
}
rmSync(dir, { recursive: true });

const digits = (value: number | undefined, count = 3) => (value === undefined ? "" : value.toFixed(count));
console.log(origin);
printTable(
  tableOf(answers, [
    left("proxy", ({ proxy }) => proxy),
    right("requests/s", ({ rate }) => String(rate)),
    right("p99 wanted, ms", ({ p99Ms }) => String(p99Ms)),
    right("recommended cpu", ({ cpu }) => digits(cpu)),
    right("p99 there, ms", ({ p99Found }) => digits(p99Found, 1)),
    left("held", ({ held, refusal }) => refusal ?? (held ? "yes" : "NO")),
    right("least that holds", ({ least }) => digits(least)),
    right("ratio", ({ cpu, least }) => (cpu && least ? (cpu / least).toFixed(2) : "")),
  ]),
);
const ratios = answers.flatMap(({ cpu, least }) => (cpu !== undefined && least !== undefined ? [cpu / least] : []));
const worstFifth = ratios.toSorted((a, b) => a - b)[Math.floor(0.8 * ratios.length)] ?? Number.NaN;
const held = answers.filter((answer) => answer.held).length;
const wanted = Math.ceil(0.85 * answers.length);
printTargets([
  {
    what: `held of ${answers.length}`,
    found: String(held),
    wanted: `${wanted} at least`,
    held: held >= wanted,
  },
  {
    what: "recommended / least that holds, median",
    found: median(ratios).toFixed(2),
    wanted: "1.3 at most",
    held: median(ratios) <= 1.3,
  },
  {
    what: "the same, where the worst fifth begins",
    found: worstFifth.toFixed(2),
    wanted: "1.6 at most",
    held: worstFifth <= 1.6,
  },
]);
