import { join } from "node:path";
import type { Limits } from "../../../contract/index.ts";
import { isAccessible } from "../../../process/access.ts";
import { require } from "../check.ts";
import type { LiveLab } from "./lab.ts";
import { groupFoldersOf, leavesNoProcess, leftAfter } from "./processes.ts";
import { type HeldProgram, ownVariable } from "./program.ts";

/** As far as a rig lets the CPU limit in force be from the one that was asked for. */
const cpuStep = 0.005;
/** The kernel counts memory in pages. */
const largestPage = 65_536;

/** Throws unless the limiter reads back the very limits. */
export async function hasInForce({ confined }: HeldProgram, wanted: Limits): Promise<void> {
  const { cpu, memoryBytes } = await confined.limits();
  requireNear(cpu, wanted.cpu, "CPU", cpuStep);
  requireNear(memoryBytes, wanted.memoryBytes, "bytes", largestPage);
}

function requireNear(actual: number | undefined, wanted: number | undefined, unit: string, tolerance: number): void {
  const near = actual === wanted || Math.abs((actual ?? NaN) - (wanted ?? NaN)) <= tolerance;
  require(near, `${inWords(actual, unit)}, asked for ${inWords(wanted, unit)}`);
}

function inWords(value: number | undefined, unit: string): string {
  return value === undefined ? `no limit on ${unit === "CPU" ? unit : "memory"}` : `${value} ${unit}`;
}

const graceMs = 2_000;
const patienceMs = 1_000;

/** Throws when stopping leaves a process, a control group or an entry on the clean-up list. */
export async function endsAndLeavesNothing(lab: LiveLab, program: HeldProgram): Promise<void> {
  const { confined, launch, ownedBefore } = program;
  const ours = await groupFoldersOf("self");
  const groups = (await groupFoldersOf(confined.pid)).filter((folder) => !ours.includes(folder));
  await confined.stop(graceMs);
  await confined.exited;
  await leavesNoProcess(launch.scratchDir, confined.pid);
  const left = await leftAfter(patienceMs, () => existing(groups));
  require(left.length === 0, `its control group is still there: ${left[0]}`);
  const owned = await leftAfter(patienceMs, async () => Array(Math.max(0, lab.owned() - ownedBefore)));
  require(owned.length === 0, `${owned.length} of what it made is still on the clean-up list`);
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(paths.map((path) => isAccessible(path)));
  return paths.filter((_, index) => there[index]);
}

const shortGraceMs = 300;

/** Throws unless a program that ignores SIGTERM is killed, with its child. */
export async function stopsStubborn({ confined, launch }: HeldProgram): Promise<void> {
  const ready = join(launch.scratchDir, "ready"); // from then on it ignores SIGTERM
  const waiting = await leftAfter(patienceMs, async () => ((await existing([ready])).length > 0 ? [] : [ready]));
  require(waiting.length === 0, "it could not write to its folder");
  await confined.stop(shortGraceMs);
  const { signal, code } = await confined.exited;
  require(signal === "SIGKILL" || code === 137, `it ended with ${signal ?? `code ${code}`}, not by SIGKILL`);
  await leavesNoProcess(launch.scratchDir, confined.pid);
}

/** Throws unless the exit code is passed on, and the last lines. */
export async function passesExitOn({ confined }: HeldProgram): Promise<void> {
  const { signal, code } = await confined.exited;
  require(code === 7, `it ended with code 7, but exited says ${signal ?? code}`);
  const words = await confined.tail();
  require(words.includes("last words"), `it printed "last words", but tail() says "${words.slice(-100)}"`);
}

/** Variables that a shell or a container makes. */
const usualVariables = ["PWD", "OLDPWD", "SHLVL", "_", "HOSTNAME", "TERM"];

/** Throws unless the program had what its launch says, and nothing of the lab's own environment. */
export async function givesItsSurroundings({ host }: LiveLab, { launch }: HeldProgram): Promise<void> {
  const text = await host.readText(join(launch.scratchDir, "surroundings"));
  require(text !== undefined, "it could not write to its folder");
  const lines = text.split("\n");
  for (const [name, value] of Object.entries({ ...launch.env, ...ownVariable })) {
    require(lines.includes(`${name}=${value}`), `${name} was not "${value}" in its environment`);
  }
  const names = lines.flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
  const leaked = names.find((name) => !(name in launch.env) && !usualVariables.includes(name) && name in process.env);
  require(leaked === undefined, `it had ${leaked} of the lab's own environment`);
  require(lines.includes(`open files: ${launch.openFiles}`), `its limit on open files was not ${launch.openFiles}`);
  const cores = lines.find((line) => line.startsWith("Cpus_allowed_list:"))?.split(/\s+/)[1];
  const wanted = launch.cores?.join(",");
  require(wanted === undefined || cores === undefined || cores === wanted, `it ran on cores ${cores}, not ${wanted}`);
}

/** Throws unless a program that wants more was killed by its limit and this is counted, within 1 s of its end. */
export async function isKilledAtLimit({ confined }: HeldProgram, memoryBytes: number): Promise<void> {
  const { signal, code } = await confined.exited;
  const limit = `its limit of ${memoryBytes} bytes`;
  require(signal === "SIGKILL" || code === 137, `it passed ${limit} and ended with ${signal ?? `code ${code}`}`);
  const uncounted = await leftAfter(patienceMs, async () => ((await confined.usage()).oomKills ? [] : [confined]));
  require(uncounted.length === 0, `it was killed at ${limit}, but usage() tells no oomKills`);
  const { memoryPeakBytes = 0 } = await confined.usage();
  require(memoryPeakBytes <= memoryBytes + largestPage, `it had ${memoryPeakBytes} bytes, more than ${limit}`);
}
