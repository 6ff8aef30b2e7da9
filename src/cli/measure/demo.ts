import type { Command } from "commander";
import type { LoadPlugin, Plugin } from "../../core/contract/index.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { defaultSpec } from "../../core/experiment/defaults.ts";
import type { Entry } from "../../core/hosting/registry.ts";
import { planSetup, quicklyInstalled } from "../../core/machine/provision/setup.ts";
import { fromHere, recordedStudyFile } from "../../core/places.ts";
import { install, printOutcomes } from "../machine/setup.ts";
import { provenance, readBundle } from "../share/import.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { printAnswers, printCharts, printComparison, printObservations } from "./demoReport.ts";
import { exitCodeOf, measureSweep } from "./sweep.ts";

interface Flags extends CommonOptions {
  readonly setup?: boolean;
  readonly replay?: boolean;
}

/** `lab demo`: the main job, small. */
export function addDemoCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("demo")
    .description("the main job in small: measure proxies under CPU limits, chart, compare, predict")
    .option("--setup", "first install what is missing (as root on Debian or Ubuntu: apt and pip)")
    .option("--replay", "measure nothing: show what comes with the lab, recorded on another day")
    .action(async (_: unknown, command: Command) => setExit(await demoCommand(command.optsWithGlobals<Flags>())));
}

async function demoCommand(flags: Flags): Promise<number> {
  const engine = await openEngine(flags);
  try {
    if (flags.replay) return await replay(engine, flags);
    if (flags.setup) await setUp(engine, flags);
    const spec = await demoSpec(engine);
    if (!flags.json) introduce(spec);
    const sweep = await interruptible((signal) => measureSweep(engine, spec, { signal, flags }));
    const code = exitCodeOf(sweep);
    const records = engine.store.trials({ sweepId: sweep.id });
    if (!flags.json && sweep.completed > 0 && sweep.status === "finished") await present(engine, spec, records);
    return code;
  } finally {
    engine.close();
  }
}

/** Shows recorded trials of load balancers; needs no proxies. Never lets them pass for measurements of now. */
async function replay(engine: Engine, { json, setup }: Flags): Promise<number> {
  if (setup)
    throw new LabError("LAB_USAGE", "--replay measures nothing, so --setup is of no use", { help: "leave one out" });
  const bundle = await readBundle(recordedStudyFile);
  const sweep = bundle.sweeps.find(({ spec }) => spec.role === "reverse" && spec.proxies.length > 1);
  if (!sweep) throw new LabError("LAB_BUNDLE", `${recordedStudyFile} compares no load balancers`);
  const records = bundle.trials.filter(({ sweepId }) => sweepId === sweep.id);
  if (json) {
    for (const record of records) printJson({ type: "replayed-trial", record });
    return EXIT.ok;
  }
  printLine("\nReplay: nothing is measured now. These trials come with the lab.");
  for (const line of provenance({ ...bundle, trials: records })) printLine(line);
  printLine("");
  await present(engine, sweep.spec, records);
  printLine(`the trials have to be in the store for that: ./lab import ${fromHere(recordedStudyFile)}`);
  return EXIT.ok;
}

async function setUp(engine: Engine, { json }: Flags): Promise<void> {
  const plan = await planSetup(engine, quicklyInstalled(engine));
  const { outcomes, interrupted } = await install(engine, plan);
  if (!json) printOutcomes(outcomes);
  if (interrupted) throw new LabError("LAB_INTERRUPTED", "the demo was interrupted while it installed what is missing");
}

/** Short windows on few levels: enough to see the shape, and over in two minutes. */
async function demoSpec(engine: Engine): Promise<SweepSpec> {
  const proxies = await available(engine, engine.registry.list("proxy").filter(canBalance));
  const wanted = proxies.filter((id) => ["haproxy", "traefik"].includes(id));
  return {
    ...defaultSpec,
    title: "demo",
    proxies: wanted.length > 0 ? wanted : ["builtin"],
    loadTools: [first(await available(engine, engine.registry.list("load").filter(isClosed)), "load tool")],
    limiters: [first(await available(engine, engine.registry.list("limiter")), "limiter")],
    cpu: [0.05, 0.1, 0.2, 0.35, 0.6],
    servers: [1, 3],
    seed: 1,
    scenario: { ...defaultSpec.scenario, windowSeconds: 2, maxWindowSeconds: 3, warmupSeconds: 1 },
  };
}

function canBalance({ plugin }: ReturnType<Engine["registry"]["list"]>[number]): boolean {
  return plugin.kind === "proxy" && plugin.supports.balancing && plugin.supports.roles.includes("reverse");
}

function isClosed({ plugin }: Entry<LoadPlugin>): boolean {
  return plugin.supports.loops.includes("closed");
}

async function available(engine: Engine, entries: readonly Entry[]): Promise<string[]> {
  const found = await Promise.all(entries.map((entry) => engine.registry.detectAnyhow(entry, engine.host)));
  return entries.filter((_, index) => found[index]!.available).map(({ plugin }: { plugin: Plugin }) => plugin.id);
}

function first(ids: readonly string[], what: string): string {
  if (ids[0] !== undefined) return ids[0];
  throw new LabError("LAB_UNAVAILABLE", `no ${what} works on this machine`, { help: "./lab doctor tells why" });
}

function introduce({ proxies, loadTools, limiters, cpu, servers, scenario }: SweepSpec): void {
  printLine(`\nProxy Lab demo: ${proxies.join(" and ")} under ${cpu.length} CPU limits (${limiters[0]}), loaded by ${loadTools[0]},
in front of ${servers.join(" and of ")} servers. Windows of ${scenario.windowSeconds} s: short, to be over soon; for figures to decide by,
use ./lab sweep, whose windows are ${defaultSpec.scenario.windowSeconds} s and more.`);
  if (proxies[0] === "builtin") {
    printLine(
      "Neither HAProxy nor Traefik is there, so the built-in proxy stands in: an npm library on Node, no judgement of a real one.",
    );
  }
  printLine("");
}

async function present(engine: Engine, spec: SweepSpec, records: readonly TrialRecord[]): Promise<void> {
  printCharts(records);
  printComparison(spec.proxies, records);
  printObservations(records);
  await printAnswers(engine, spec.proxies, records);
}
