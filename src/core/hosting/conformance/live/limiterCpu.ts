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

/** Cores that were used, on average. */
export interface CoresUsed {
  /** By the program, as the limiter counts. */
  readonly own: number | undefined;
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
  const used = { own: rate("own"), system: rate("system"), machine: rate("machine") };
  return judgeCpu(used, limit, availableParallelism());
}

/** Pure: the same from what was used. */
export function judgeCpu({ own, system, machine }: CoresUsed, limit: number, cores: number): string {
  require(own !== undefined, "usage() tells no cpuSeconds");
  // Where others took all the rest, a program that stays below its limit says nothing of its limiter.
  const spare = machine === undefined || machine < cores - spareCores;
  const words = `${own.toFixed(3)} by usage(), ${system?.toFixed(3) ?? "nothing"} by the system`;
  for (const used of [own, system ?? own]) {
    require(used <= limit * most, `it used ${words}`);
    require(used >= limit * least || !spare, `it used only ${words}`);
  }
  require(Math.abs(own - (system ?? own)) <= apart * limit + 0.01, `it used ${words}`);
  return own >= limit * least ? words : `${words}; this machine had no more to give`;
}

/** CPU time so far, in seconds, by the same counters. */
async function read({ confined }: HeldProgram) {
  const [{ cpuSeconds }, system, machine] = [await confined.usage(), processCpuSeconds(confined.pid), machineCpu()];
  const busy = machine && machine.busySeconds + machine.stealSeconds;
  return { atMs: performance.now(), own: cpuSeconds, system, machine: busy };
}
