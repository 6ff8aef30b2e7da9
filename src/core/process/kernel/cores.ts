import { availableParallelism } from "node:os";
import { kernelText } from "./kernelText.ts";

/**
 * Ids of the cores that this process may run on, in order: not always 0 and up.
 * Source: proc(5) and the kernel's admin-guide/cputopology.
 */
export function allowedCores(): number[] {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(kernelText("/proc/self/status") ?? "")?.[1];
  if (allowed === undefined) return Array.from({ length: availableParallelism() }, (_, core) => core);
  // What is allowed may name cores that are switched off, or not there at all.
  const online = kernelText("/sys/devices/system/cpu/online");
  const there = online === undefined ? undefined : new Set(parseCoreList(online));
  return parseCoreList(allowed).filter((core) => there?.has(core) ?? true);
}

/** `0-2,5` as ids. Source: cpuset(7), list format. */
export function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}
