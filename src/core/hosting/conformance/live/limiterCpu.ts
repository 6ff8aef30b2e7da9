import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { machineCpu, processCpuSeconds } from "../../../process/kernel/cpuTime.ts";
import { require } from "../check.ts";
import type { HeldProgram } from "./program.ts";

/** More than this over its limit no limiter may allow; the kernel's own stays within a few percent. */
const most = 1.1;
/** What a busy program gets of its limit, on a machine that has time to spare. */
const least = 0.8;
const spareCores = 0.1;
/** How far the two counters may be apart: that of /proc has steps of 10 ms. */
const apart = 0.1;
/** How far user and system time together may be from all CPU time: the kernel tells them apart by its ticks. */
const modesApart = 0.5;

/** Cores that were used, on average. */
export interface CoresUsed {
  /** By the program, as the limiter counts; of it in user mode and in the kernel, where it tells. */
  readonly own: number | undefined;
  readonly user?: number | undefined;
  readonly kernel?: number | undefined;
  /** Seconds of each second that it was throttled, on all cores together. */
  readonly throttled?: number | undefined;
  /** By the program, as /proc counts. */
  readonly system: number | undefined;
  /** By all that ran on the machine, what a hypervisor took included. */
  readonly machine: number | undefined;
}

/** What a busy program uses, in words. Throws unless it is what its limit allows, by the limiter and by /proc. */
export async function usesCpu(program: HeldProgram, limit: number, seconds: number, signal: AbortSignal) {
  const before = await read(program);
  await sleep(seconds * 1000, undefined, { signal });
  const after = await read(program);
  const rate = (of: keyof CoresUsed) => {
    const [first, last] = [before[of], after[of]];
    if (first === undefined || last === undefined) return undefined;
    return (last - first) / ((after.atMs - before.atMs) / 1000);
  };
  const counted = { own: rate("own"), user: rate("user"), kernel: rate("kernel"), throttled: rate("throttled") };
  return judgeCpu({ ...counted, system: rate("system"), machine: rate("machine") }, limit, availableParallelism());
}

/** Pure: the same from what was used. */
export function judgeCpu(used: CoresUsed, limit: number, cores: number): string {
  const { own, system, machine } = used;
  require(own !== undefined, "usage() tells no cpuSeconds");
  // Where others took all the rest, a program that stays below its limit says nothing of its limiter.
  const spare = machine === undefined || machine < cores - spareCores;
  const words = `${own.toFixed(3)} by usage(), ${system?.toFixed(3) ?? "nothing"} by the system`;
  for (const counted of [own, system ?? own]) {
    require(counted <= limit * most, `it used ${words}`);
    require(counted >= limit * least || !spare, `it used only ${words}`);
  }
  require(Math.abs(own - (system ?? own)) <= apart * limit + 0.01, `it used ${words}`);
  judgeParts(own, used, cores);
  return own >= limit * least ? words : `${words}; this machine had no more to give`;
}

/** Counters that a limiter may leave out must be in seconds too, and belong together. */
function judgeParts(own: number, { user, kernel, throttled = 0 }: CoresUsed, cores: number): void {
  const both = "usage() tells one of userCpuSeconds and systemCpuSeconds alone";
  require((user === undefined) === (kernel === undefined), both);
  const sum = user === undefined || kernel === undefined ? own : user + kernel;
  require(Math.abs(sum - own) <= modesApart * own, `user and system time make ${sum.toFixed(3)} of ${own.toFixed(3)}`);
  require(throttled <= cores + 1, `throttledSeconds rise by ${throttled.toFixed(1)} a second`);
}

/** CPU time so far, in seconds, by the same counters. */
async function read({ confined }: HeldProgram) {
  const [usage, system, machine] = [await confined.usage(), processCpuSeconds(confined.pid), machineCpu()];
  const busy = machine && machine.busySeconds + machine.stealSeconds;
  const { cpuSeconds: own, userCpuSeconds: user, systemCpuSeconds: kernel, throttledSeconds: throttled } = usage;
  return { atMs: performance.now(), own, user, kernel, throttled, system, machine: busy };
}
