import type { Command } from "commander";
import { drawTable } from "../../core/cells/table.ts";
import { settingWithout } from "../../core/domain/factors.ts";
import { figureOf } from "../../core/domain/figures.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { compare, fromHere, type Lab, observe, speedBasisOf, speedCorrected } from "../../core/lab.ts";
import { modelTable } from "../../core/views/modelTable.ts";
import { observationTable } from "../../core/views/observationTable.ts";
import { recommendationInWords } from "../../core/words/answers.ts";
import type { SideNames } from "../../core/words/comparison.ts";
import { sizeInWords } from "../../core/words/search.ts";
import { speedRemarks } from "../../core/words/speed.ts";
import { action } from "../terminal/action.ts";
import { install, printOutcomes } from "../terminal/installing.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { exitCodeOf, inLab, measure, telling, withProgress } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { provenanceInWords } from "../terminal/provenance.ts";
import { SIZE_DEFAULTS } from "../terminal/searchOptions.ts";
import { chartOf, printComparison } from "../terminal/views.ts";

interface Flags extends CommonOptions {
  readonly setup?: boolean;
  readonly replay?: boolean;
}

/** `lab demo`: the main job, small. */
export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("the main job in small: measure proxies under CPU limits, chart, compare, predict, size one")
    .option("--setup", "first install what is missing (as root on Debian or Ubuntu: apt and pip)")
    .option("--replay", "measure nothing: show what comes with the lab, recorded on another day")
    .action(action(demoCommand));
}

function demoCommand(flags: Flags): Promise<number> {
  return inLab(flags, async (lab) => {
    if (flags.replay) return replay(lab, flags);
    if (flags.setup) await setUp(lab, flags);
    const spec = await lab.demo.plan();
    if (!flags.json) introduce(spec);
    const sweep = await measure(lab, spec, { json: flags.json });
    const records = lab.trialsOf([sweep]);
    if (!flags.json && sweep.completed > 0 && sweep.status === "finished") {
      await present(lab, spec, records);
      await sizeOne(lab, spec);
    }
    return exitCodeOf(sweep);
  });
}

/** Shows recorded trials of load balancers; needs no proxies. Never lets them pass for measurements of now. */
async function replay(lab: Lab, { json, setup }: Flags): Promise<number> {
  if (setup)
    throw new LabError("LAB_USAGE", "--replay measures nothing, so --setup is of no use", { help: "leave one out" });
  const { file, sweep, ...recorded } = await lab.exchange.recordedStudy();
  if (json) {
    for (const record of recorded.trials) printJson({ type: "replayed-trial", record });
    return EXIT.ok;
  }
  printLine("\nReplay: nothing is measured now. These trials come with the lab.");
  for (const line of provenanceInWords(recorded)) printLine(line);
  printLine("");
  await present(lab, sweep.spec, speedCorrected(recorded.trials));
  printLine(`the trials have to be in the store for that: ./lab import ${fromHere(file)}`);
  return EXIT.ok;
}

async function setUp(lab: Lab, { json }: Flags): Promise<void> {
  const { outcomes, interrupted } = await install(lab, await lab.machine.planSetup("quick"));
  if (!json) printOutcomes(outcomes);
  if (interrupted) throw new LabError("LAB_INTERRUPTED", "the demo was interrupted while it installed what is missing");
}

function introduce({ proxies, loadTools, limiters, cpu, servers, rounds }: SweepSpec): void {
  printLine(`\nProxy Lab demo: ${proxies.join(" and ")} under ${cpu.length} CPU limits (${limiters[0]}), loaded by ${loadTools[0]},
in front of ${servers.join(" and of ")} servers. ${rounds} rounds, to be over soon; for figures to decide by, use ./lab sweep, which goes on
until they are known to within 5 %.`);
  if (proxies[0] === "builtin") {
    printLine(
      "Neither HAProxy nor Traefik is there, so the built-in proxy stands in: an npm library on Node, no judgement of a real one.",
    );
  }
  printLine("");
}

async function present(lab: Lab, { proxies }: SweepSpec, records: readonly TrialRecord[]): Promise<void> {
  // The charts of the original study: three figures against CPU bandwidth, one server and several.
  for (const y of ["requestsPerSecond", "latencyMs.mean", "transferredBytes"]) {
    printLine(`${chartOf(records, { x: "cpu", y, by: ["proxy", "servers"] }, terminal())}\n`);
  }
  const [first, second] = proxies;
  if (first !== undefined && second !== undefined) {
    title(`${first} against ${second}`);
    compareProxies([second, first], records);
  }
  title("observations");
  printLine(drawTable(observationTable(observe(records)), terminal()));
  for (const remark of speedRemarks(speedBasisOf(records))) printLine(remark);
  await printAnswers(lab, proxies, records);
}

/** Two proxies at each point that both were measured at, and the second in relation to the first over all of these. */
function compareProxies(names: SideNames, records: readonly TrialRecord[]): void {
  const rate = figureOf("requestsPerSecond");
  const [one, other] = names.map((name) => records.filter(({ point }) => point.proxy === name));
  const found = compare(one!, other!, rate.of, settingWithout("proxy"));
  printComparison(found, rate, names, speedBasisOf([...one!, ...other!]));
}

/** What the models learned, and how much CPU a number of completed requests needs. */
async function printAnswers(lab: Lab, proxies: readonly string[], records: readonly TrialRecord[]): Promise<void> {
  const { goals, answers } = await lab.demo.answers(proxies, records);
  for (const { proxy, models } of answers) {
    title(`comparison of prediction models, ${proxy}`);
    printLine(models.ok ? drawTable(modelTable(models), terminal()) : models.refusal.message);
  }
  const { completedRequests, withinSeconds } = goals;
  title(`how much CPU for ${completedRequests} completed requests in ${withinSeconds} s, in front of one server?`);
  for (const { proxy, recommendation: found } of answers) {
    if (found.ok) printLine(recommendationInWords(proxy, found).join("\n"));
    else printLine(`${proxy}: ${found.refusal.message}`);
  }
  printLine(
    `\nask for another number: ./lab recommend --proxy ${proxies[0]} --servers 1 --completed 5000 --within 10s`,
  );
}

const wanted = { rps: 500, p99Ms: 50 };
const wantedConfidence = 0.9;

/** The main question, without the proof, which takes as long again. */
async function sizeOne(lab: Lab, { proxies: [proxy], limiters: [limiter] }: SweepSpec): Promise<void> {
  const { rps, p99Ms } = wanted;
  title(`which CPU limit does ${proxy} need to serve ${rps} requests/s with a p99 of ${p99Ms} ms? (about 45 s)`);
  const levels = { proxy: proxy!, limiter: limiter!, rate: String(rps) };
  const spec = await lab.sweeps.planOpenLoop({ ...SIZE_DEFAULTS, ...levels });
  const search = { ...spec, title: `size of ${proxy}`, plan: "size", goal: { p99Ms }, anchors: 0 } as const;
  const found = await interruptible((signal) =>
    withProgress(telling(false), (onEvent) =>
      lab.answers.size({ spec: search, confidence: wantedConfidence, verify: false }, { signal, onEvent }),
    ),
  );
  printLine(sizeInWords(found).join("\n"));
  printLine(`\nto have it proved by a run: ./lab size --proxy ${proxy} --rps ${rps} --p99 ${p99Ms}ms`);
}

function title(text: string): void {
  printLine(`\n${text}\n`);
}
