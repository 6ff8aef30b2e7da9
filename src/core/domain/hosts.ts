/** Host and port of `HOST:PORT`, the host of IPv6 without brackets; port 0 where there is none that can be. */
export function hostAndPort(text: string): [host: string, port: number] {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[3] ?? 0);
  return [match?.[1] ?? match?.[2] ?? text, port < 65_536 ? port : 0];
}

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host) || /^\[?::1\]?$/.test(host);
}
