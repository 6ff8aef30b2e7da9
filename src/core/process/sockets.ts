import { readFile } from "node:fs/promises";

/** Sockets of this network namespace in TIME_WAIT; absent where the system does not tell. Source: proc(5). */
export async function timeWaitSockets(): Promise<number | undefined> {
  const text = await readFile("/proc/net/sockstat", "utf8").catch(() => "");
  const count = /^TCP:.* tw (\d+)/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Number of ports that connections are made from; absent where the system does not tell. Source: ip(7). */
export async function localPorts(): Promise<number | undefined> {
  const text = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8").catch(() => "");
  const [first, last] = text.trim().split(/\s+/).map(Number);
  return first !== undefined && last !== undefined && last >= first ? last - first + 1 : undefined;
}
