import { kernelText } from "./kernelText.ts";

/** Sockets of this network namespace in TIME_WAIT; absent where the system does not tell. Source: proc(5). */
export function timeWaitSockets(): number | undefined {
  const text = kernelText("/proc/net/sockstat") ?? "";
  const count = /^TCP:.* tw (\d+)/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Number of ports that connections are made from; absent where the system does not tell. Source: ip(7). */
export function localPorts(): number | undefined {
  const text = kernelText("/proc/sys/net/ipv4/ip_local_port_range") ?? "";
  const [first, last] = text.trim().split(/\s+/).map(Number);
  return first !== undefined && last !== undefined && last >= first ? last - first + 1 : undefined;
}

/** Connections accepted in this network namespace so far; absent where the system does not tell. Source: RFC 4022, tcpPassiveOpens. */
export function acceptedConnections(): number | undefined {
  const [names, values] =
    (kernelText("/proc/net/snmp") ?? "").match(/^Tcp: .*$/gm)?.map((line) => line.split(" ")) ?? [];
  const count = Number(values?.[names?.indexOf("PassiveOpens") ?? -1]);
  return Number.isFinite(count) ? count : undefined;
}

/** Connections to or from a port that were closed within the last seconds (at most 60) and wait to be free; absent where not told. */
export function closedConnections(port: number, withinSeconds: number): number | undefined {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) => kernelText(path) ?? []);
  if (tables.length === 0) return undefined;
  return tables.reduce((sum, table) => sum + closedIn(table, port, withinSeconds), 0);
}

const waitSeconds = 60;
const ticksPerSecond = 100;

/**
 * The same from the text of /proc/net/tcp. A socket in TIME_WAIT (06) has a timer that runs down from 60 s.
 * Source: proc_net_tcp.txt of the kernel; include/net/tcp.h, TCP_TIMEWAIT_LEN.
 */
export function closedIn(table: string, port: number, withinSeconds: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").filter((line) => {
    const [, local = "", remote = "", state, , timer = ""] = line.trim().split(/\s+/);
    if (state !== "06" || !(local.endsWith(end) || remote.endsWith(end))) return false;
    const leftSeconds = Number.parseInt(timer.split(":")[1] ?? "", 16) / ticksPerSecond;
    return leftSeconds >= waitSeconds - withinSeconds;
  }).length;
}
