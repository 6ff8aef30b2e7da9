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
