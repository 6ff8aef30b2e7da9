import type { Address, Role } from "../../contract/index.ts";
import type { HttpOptions } from "../../process/http.ts";

/** Where requests enter a proxy. */
export interface Entrance {
  readonly listen: Address;
  readonly role: Role;
  /** Over TLS. */
  readonly secure: boolean;
  /** What a reverse proxy is asked for; absent: what the origins are asked for. */
  readonly path?: string;
}

/** The entrance of a URL, in which `{{listen}}` is a free address. */
export function entranceAt(listen: Address, role: Role, url: string | undefined): Entrance {
  if (url === undefined) return { listen, role, secure: false };
  const { hostname, port, protocol, pathname, search } = new URL(
    url.replace("{{listen}}", `${listen.host}:${listen.port}`),
  );
  const secure = protocol === "https:";
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return { listen: { host, port: Number(port || (secure ? 443 : 80)) }, role, secure, path: pathname + search };
}

/** The URL that a load tool asks a reverse proxy for. */
export function urlOf({ listen: { host, port }, secure, path }: Entrance, usual: string): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `http${secure ? "s" : ""}://${name}:${port}${path ?? usual}`;
}

/** A request of the lab's own for what is at a path of an origin, as clients of the proxy send it. */
export function requestThrough(
  { role, secure, path }: Entrance,
  { host, port }: Address,
  usual: string,
): { readonly path: string; readonly options: HttpOptions } {
  const authority = `${host}:${port}`;
  if (role === "forward") return { path: `http://${authority}${usual}`, options: { host: authority } };
  return { path: path ?? usual, options: { secure } };
}
