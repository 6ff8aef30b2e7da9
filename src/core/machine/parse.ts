import { withoutAbsent } from "../domain/absent.ts";

type Text = string | undefined;

/** Name and version of a system, from /etc/os-release. Source: os-release(5). */
export function systemNameOf(text: Text): string | undefined {
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text ?? "")?.[1];
}

/** Bytes of memory that can be had without swapping, from /proc/meminfo. Source: proc_meminfo(5). */
export function memoryOf(text: Text): number | undefined {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(text ?? "")?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

/** Soft and hard limit on open files, from /proc/PID/limits; absent means unlimited. Source: proc_pid_limits(5). */
export function openFilesOf(text: Text): { soft?: number; hard?: number } | undefined {
  const found = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)\s/m.exec(text ?? "");
  if (!found) return undefined;
  const [soft, hard] = found.slice(1).map((limit) => (limit === "unlimited" ? undefined : Number(limit)));
  return withoutAbsent({ soft, hard });
}

/** First and last port of outgoing connections, from net.ipv4.ip_local_port_range. */
export function portRangeOf(text: Text): { first: number; last: number } | undefined {
  const [, first, last] = /^(\d+)\s+(\d+)\s*$/.exec(text ?? "") ?? [];
  return first === undefined || last === undefined ? undefined : { first: Number(first), last: Number(last) };
}
