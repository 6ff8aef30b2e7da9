import type { Model } from "../../src/core/answer/learning/crossValidation.ts";
import type { Predictor } from "../../src/core/answer/learning/predictor.ts";
import { recommend } from "../../src/core/answer/recommend.ts";
import { environmentTable, verdictTable } from "../../src/core/document/basis.ts";
import { type Condition, comparableConditions, levelsIn, withMostMemory } from "../../src/core/document/conditions.ts";
import { evidenceTable, memoryThreshold } from "../../src/core/document/evidence.ts";
import { markdownTable } from "../../src/core/document/markdown/page.ts";
import { learnAll, STUDY_GOAL } from "../../src/core/document/predictions.ts";
import { settingWithout } from "../../src/core/domain/factors.ts";
import { figureOf } from "../../src/core/domain/figures.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatInterval,
  formatPercent,
  formatRate,
} from "../../src/core/domain/format.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { type Interval, median } from "../../src/core/statistics/index.ts";
import { compare } from "../../src/core/statistics/sides/compare.ts";
import { failuresOf } from "../../src/core/statistics/trials/failures.ts";
import type { Bundle } from "../../src/core/store/bundleSchema.ts";
import { cpuInWords } from "../../src/core/words/answers.ts";
import { formatLimit } from "../../src/core/words/deploy.ts";
import { thresholdInWords } from "../../src/core/words/memory.ts";

type Figure = "requestsPerSecond" | "latencyMs.mean";

/** Cores that the study's forest answered for the number of requests that it was asked for. */
const STUDY_ANSWER = 0.4899;

/** An interval whose ends lie farther apart says nothing. */
const WIDEST = 10;

/** Everything that docs/study.md says in figures, by the names of its template. */
export async function factsOf(
  { header, sweeps, trials }: Bundle,
  models: readonly Model[],
): Promise<Record<string, string>> {
  const conditions = comparableConditions(trials);
  const [reverse, forward, shipped] = [
    find(conditions, "reverse-fair"),
    find(conditions, "forward-fair"),
    find(conditions, "forward-as-shipped"),
  ];
  const haproxy1 = at(reverse, "haproxy", 1);
  const traefik1 = at(reverse, "traefik", 1);
  const traefik3 = at(reverse, "traefik", 3);
  const days = trials.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  const sweepIds = Object.fromEntries(sweeps.map(({ id, spec }) => [`sweep: ${spec.title}`, id]));
  return {
    ...sweepIds,
    note: header.note ?? "none",
    trials: formatCount(trials.length),
    sweeps: String(sweeps.length),
    day: days[0] === days.at(-1) ? days[0]! : `${days[0]} to ${days.at(-1)}`,
    environment: markdownTable(environmentTable(trials)),
    verdicts: markdownTable(verdictTable(trials)),
    ...ratio("handicap rate", "requestsPerSecond", traefik3, haproxy1, "higher"),
    ...ratio("handicap latency", "latencyMs.mean", traefik3, haproxy1, "lower"),
    ...ratio("even rate", "requestsPerSecond", traefik1, haproxy1, "higher"),
    ...ratio("even latency", "latencyMs.mean", traefik1, haproxy1, "lower"),
    ...ratio("servers rate", "requestsPerSecond", traefik1, traefik3, "higher"),
    ...ratio("servers latency", "latencyMs.mean", traefik1, traefik3, "higher"),
    ...costs(trials, ["haproxy", "traefik", "mitmproxy", "squid"]),
    ...memory(reverse, "traefik"),
    ...memory(reverse, "haproxy"),
    ...memory(forward, "mitmproxy"),
    ...memory(forward, "squid"),
    ...memory(shipped, "squid", "shipped "),
    ...failures(forward, "mitmproxy"),
    ...failures(forward, "squid"),
    ...overCpu(forward, "completedRequests"),
    ...overCpu(forward, "failedRequests"),
    "reverse observations": markdownTable(evidenceTable(reverse.records)),
    "forward observations": markdownTable(evidenceTable(forward.records)),
    ...(await goals(forward, models)),
  };
}

function find(conditions: readonly Condition[], id: string): Condition {
  const condition = conditions.find((one) => one.id === id);
  if (condition) return condition;
  throw new Error(`the data have no trials of ${id}`);
}

function at({ records }: Condition, proxy: string, servers: number): TrialRecord[] {
  const own = withMostMemory(records.filter(({ point }) => point.proxy === proxy));
  return own.filter(({ point }) => point.servers === servers);
}

/** second / first with its interval, and whether it is as the study has it. */
function ratio(
  name: string,
  figure: Figure,
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
  expected: "higher" | "lower",
): Record<string, string> {
  const found = compare(first, second, figureOf(figure).of, settingWithout(["proxy", "servers"]));
  const answers: Record<string, string> = {
    [expected]: "**held**",
    "no difference": "**not held**: no difference is shown",
    unstable: "**left open**: runs differ too much to tell",
    "too few": "**unknown**: too little was measured",
  };
  return {
    [name]: interval(found.ratio),
    [`${name} pairs`]: String(found.pairs),
    [`${name} answer`]: answers[found.verdict] ?? "**not held**: it is the other way round",
  };
}

function interval(found: Interval | undefined): string {
  if (!found) return "unknown";
  return `${found.estimate.toFixed(2)} (${found.low.toFixed(2)} to ${found.high.toFixed(2)})`;
}

/** CPU time per request: the median of trials that the proxy bounded. */
function costs(trials: readonly TrialRecord[], proxies: readonly string[]): Record<string, string> {
  return Object.fromEntries(proxies.map((proxy) => [`${proxy} cost`, `${formatCount(costOf(trials, proxy))} µs`]));
}

function costOf(trials: readonly TrialRecord[], proxy: string): number {
  const own = trials.filter(
    ({ point, verdict, scenario }) =>
      point.proxy === proxy && verdict?.bound === "proxy-bound" && scenario.profile === "fair",
  );
  return median(own.flatMap(({ usage }) => usage?.cpuMicrosPerRequest ?? []));
}

/** What the memory limit does to requests/s and where it is too small, in a sentence. */
function memory({ records }: Condition, proxy: string, prefix = ""): Record<string, string> {
  const own = records.filter(({ point }) => point.proxy === proxy);
  const completed = own.filter(({ status }) => status === "completed");
  const levels = levelsIn(completed, ({ point }) => point.memoryBytes);
  const [least, most] = [levels[0], levels.at(-1)];
  const threshold = memoryThreshold(proxy, own);
  const peak = formatBytes(Math.max(...own.flatMap(({ usage }) => usage?.memoryPeakBytes ?? [])));
  if (threshold === undefined) {
    return { [`${prefix}${proxy} memory`]: `${proxy} was measured at ${formatBytes(most)} only; peak ${peak}` };
  }
  const level = (bytes: number | undefined) => completed.filter(({ point }) => point.memoryBytes === bytes);
  const { ratio: found, verdict } = compare(level(least), level(most), figureOf("requestsPerSecond").of, withoutMemory);
  const known =
    found && found.high / found.low < WIDEST ? `${effects[verdict]}, ratio ${interval(found)}` : effects["too few"];
  const effect = least === most ? "" : `; from ${formatBytes(least)} to ${formatBytes(most)} ${known}`;
  return { [`${prefix}${proxy} memory`]: `${thresholdInWords(threshold)}${effect}; peak ${peak}` };
}

const effects = {
  higher: "requests/s rise",
  lower: "requests/s fall",
  "no difference": "no difference in requests/s is shown",
  unstable: "runs differ too much to tell an effect on requests/s",
  "too few": "runs differ too much to tell an effect on requests/s",
} as const;

function withoutMemory(record: TrialRecord): string {
  const { loadTool, limiter, cpu, servers, concurrency } = record.point;
  return JSON.stringify([loadTool, limiter, cpu, servers, concurrency]);
}

/** What a figure does when CPU rises, with the evidence, for each proxy; and whether it rises. */
function overCpu({ records, proxies }: Condition, figure: string): Record<string, string> {
  const { columns, rows } = evidenceTable(records);
  const { label } = figureOf(figure);
  const cpu = columns.findIndex(({ title }) => title === "CPU bandwidth");
  const cells = proxies.map((proxy) => rows.find(([name, what]) => name === proxy && what === label)![cpu]!);
  const entries = proxies.flatMap((proxy, index) => [
    [`${proxy} ${label} over CPU`, cells[index]!],
    [`${proxy} ${label} over CPU answer`, cells[index]!.startsWith("+") ? "**held**" : "**not held**"],
  ]);
  return Object.fromEntries(entries);
}

function failures({ records }: Condition, proxy: string): Record<string, string> {
  const own = records.filter(({ point }) => point.proxy === proxy);
  const all = failuresOf(own);
  if (!all) return {};
  const levels = levelsIn(own, ({ point }) => point.cpu);
  const rows = levels.flatMap((cpu) => {
    const found = failuresOf(own.filter(({ point }) => point.cpu === cpu));
    if (!found) return [];
    const { failedRequests, sentRequests, share } = found;
    return [[formatCores(cpu), formatCount(sentRequests), formatCount(failedRequests), shareText(share)]];
  });
  const titles = ["CPU limit", "sent", "failed", "share, 95 % interval"];
  return {
    [`${proxy} failed`]: formatCount(all.failedRequests),
    [`${proxy} sent`]: formatCount(all.sentRequests),
    [`${proxy} failed share`]: shareText(all.share),
    [`${proxy} failures`]: markdownTable({ columns: titles.map((title) => ({ title, align: "right" })), rows }),
  };
}

function shareText({ estimate, low, high }: Interval): string {
  return formatInterval({ estimate, low, high }, formatPercent);
}

/** The study's question, put to models that run forwards. */
async function goals(forward: Condition, models: readonly Model[]): Promise<Record<string, string>> {
  const cost = costOf(forward.records, "mitmproxy") / 1e6;
  const learned = (await learnAll({ ...forward, proxies: ["mitmproxy"] }, models))[0]!;
  const rate = STUDY_ANSWER / cost;
  return {
    "study answer": String(STUDY_ANSWER),
    "goal 10": await answer(learned.predictor, 10, forward),
    "goal 20": await answer(learned.predictor, 20, forward),
    "goal rate": formatRate(rate),
    "goal seconds": (STUDY_GOAL / rate).toFixed(1),
  };
}

async function answer(
  predictor: Predictor | { ok: false; refusal: { message: string } },
  withinSeconds: number,
  { records }: Condition,
): Promise<string> {
  if (!predictor.ok) return predictor.refusal.message;
  const memoryBytes = Math.max(...levelsIn(records, ({ point }) => point.memoryBytes));
  const goal = { completedRequests: STUDY_GOAL, withinSeconds };
  const found = await recommend({ requestsPerSecond: predictor }, goal, { memoryBytes, servers: 1 });
  if (!found.ok) return found.refusal.message;
  return `${cpuInWords(found.cpu)} CPU, ${formatLimit(found.recommendedCpu)} to be 90 % sure`;
}
