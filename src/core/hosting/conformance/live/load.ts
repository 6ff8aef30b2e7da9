import { setTimeout as sleep } from "node:timers/promises";
import type { LoadPlugin } from "../../../contract/index.ts";
import { LabError } from "../../../errors.ts";
import type { RunContext } from "../../../measure/rig/context.ts";
import { type LoadWatch, type LoadWish, runLoad } from "../../../measure/trial/loadRun.ts";
import { freePort, loopback } from "../../../process/ports.ts";
import { interruptGroup } from "../../../process/signal.ts";
import type { Entry } from "../../registry.ts";
import { require } from "../check.ts";
import { contextOf, type LiveLab } from "./lab.ts";
import { type Changes, loadCases, requestsPerSecond } from "./loadCases.ts";
import { countsAnswers } from "./loadRules.ts";
import type { Steps } from "./steps.ts";
import { type Behaviour, startTarget, type TargetServer } from "./target.ts";

type LoadEntry = Entry<LoadPlugin>;

/** Drives targets of the lab with all that the tool says it supports. */
export async function loadLive(lab: LiveLab, entry: LoadEntry, steps: Steps): Promise<void> {
  const tryIn = <T>(rule: string, run: (context: RunContext) => Promise<T>) =>
    steps.try(rule, (signal) => run(contextOf(lab, signal, entry)));
  for (const { name, wish, behaviour, rules } of loadCases(entry.plugin.supports)) {
    const trial = await tryIn(`${name}: ends with a report`, (context) => drive(context, entry, wish, behaviour));
    if (!trial) continue;
    for (const { name: rule, judge } of rules) await steps.try(`${name}: ${rule}`, () => judge(trial));
  }
  if (entry.plugin.supports.interruptible) {
    const rule = "told by SIGINT to end: ends within 2 s and reports what was answered until then";
    await tryIn(rule, (context) => interrupt(context, entry));
  }
  const rule = "an origin that is not there: ends with an error or with failures only";
  await tryIn(rule, (context) => driveAtNothing(context, entry));
}

/** Small, since not the tool's speed is in question. */
function usual({ supports }: LoadPlugin) {
  const loop = supports.loops.includes("closed")
    ? ({ loop: "closed" } as const)
    : ({ loop: "open", requestsPerSecond } as const);
  return { concurrency: 8, keepAlive: true, until: { seconds: 1 }, ...loop };
}

/** Runs the tool on a target of its own. Throws what a run of the lab would throw. */
async function drive(context: RunContext, entry: LoadEntry, changes: Changes, behaviour: Behaviour, watch?: LoadWatch) {
  const target = await startTarget(behaviour);
  try {
    const wish: LoadWish = { ...usual(entry.plugin), urls: [target.url], ...changes(target) };
    const begun = performance.now();
    const report = await runLoad(context, entry, wish, watch);
    return { report, target, wish, wallSeconds: (performance.now() - begun) / 1000 };
  } finally {
    await target.close();
  }
}

const interruptAfterMs = 500;
const endsWithinSeconds = 2;
const pollMs = 20;

/** Tells the tool to end long before its time. Throws unless it does, with a report that holds; else the counts in words. */
async function interrupt(context: RunContext, entry: LoadEntry): Promise<string> {
  let toldAt = 0;
  let at: TargetServer;
  const wish = (target: TargetServer) => {
    at = target;
    return { until: { seconds: 30 } };
  };
  const onStart = async ({ pid }: { readonly pid: number }) => {
    while (at.answered.size === 0 && !context.signal.aborted) await sleep(pollMs);
    await sleep(interruptAfterMs);
    toldAt = performance.now();
    interruptGroup(pid);
  };
  const watch: LoadWatch = { onStart: (child) => void onStart(child), wasInterrupted: () => toldAt > 0 };
  const trial = await drive(context, entry, wish, { delayMs: 10 }, watch);
  const seconds = (performance.now() - toldAt) / 1000;
  require(seconds < endsWithinSeconds, `it ended ${seconds.toFixed(1)} s after SIGINT`);
  require(trial.report.durationSeconds < trial.wallSeconds, `it reports ${trial.report.durationSeconds} s`);
  return countsAnswers(trial);
}

/** Sends the tool to a port where nothing listens. Throws when its report hides that; else what it says. */
async function driveAtNothing(context: RunContext, entry: LoadEntry): Promise<string> {
  const url = `http://${loopback}:${await freePort(loopback)}/`;
  try {
    const wish: LoadWish = { ...usual(entry.plugin), urls: [url] };
    const { completedRequests, failedRequests } = await runLoad(context, entry, wish);
    const words = `it reports ${completedRequests} completed and ${failedRequests} failed requests`;
    require(completedRequests === 0 && failedRequests > 0, words);
    return `${failedRequests} failed`;
  } catch (error) {
    if (error instanceof LabError && error.code === "LAB_LOAD") return error.message;
    throw error;
  }
}
