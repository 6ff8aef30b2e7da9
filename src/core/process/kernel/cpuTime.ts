import { kernelText } from "./kernelText.ts";
import { processStat } from "./processStat.ts";

/** USER_HZ: the unit of times under /proc, the same on every Linux of the architectures that Node runs on. */
export const ticksPerSecond = 100;

/** CPU time of a process, its threads and children included, in seconds; absent when it has ended. */
export function processCpuSeconds(pid: number): number | undefined {
  const fields = processStat(pid);
  if (fields === undefined) return undefined;
  const pids = kernelText(`/proc/${pid}/task/${pid}/children`) ?? "";
  const children = pids.split(" ").filter(Boolean).map(Number).map(processCpuSeconds);
  return children.reduce<number>((sum, seconds) => sum + (seconds ?? 0), secondsOf(fields));
}

/** Fields of a process -> user and system time in seconds, with that of children that have ended. */
export function secondsOf(fields: readonly string[]): number {
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** CPU time of the whole machine since boot, in seconds. Source: proc_stat(5). */
export interface MachineCpu {
  readonly busySeconds: number;
  /** Time that the hypervisor gave to others. */
  readonly stealSeconds: number;
}

export function machineCpu(): MachineCpu | undefined {
  const text = kernelText("/proc/stat");
  return text === undefined ? undefined : parseMachineStat(text);
}

/** The text of /proc/stat -> busy and stolen time. */
export function parseMachineStat(text: string): MachineCpu {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (text.split("\n", 1)[0] ?? "")
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) / ticksPerSecond);
  return { busySeconds: user + nice + system + irq + softirq, stealSeconds: steal };
}
