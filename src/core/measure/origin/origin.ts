import type { Address } from "../../contract/index.ts";

/** Path under which an origin of the lab tells how many requests it has served. */
export const statusPath = "/proxy-lab-status";

/** What the origins are to be like. */
export interface OriginSpec {
  readonly count: number;
  /** Where they listen; absent: on free ports. */
  readonly at?: readonly Address[] | undefined;
  readonly bodyBytes: number;
  readonly delayMs: number;
  readonly cores?: readonly number[] | undefined;
}

/** What one origin has counted since its start. */
export interface OriginCounters {
  /** Connections. */
  readonly accepted: number;
  /** Requests. */
  readonly served: number;
}

/** Running origin servers, all with the same constant body. */
export interface Origins {
  /** `outside` is a server that the lab did not start and cannot count on. */
  readonly kind: "nginx" | "node" | "outside";
  readonly version?: string;
  readonly addresses: readonly [Address, ...Address[]];
  /** Path and query of the resource to request. */
  readonly path: string;
  /** Text that a reply must contain to have come from an origin. Empty for an outside origin. */
  readonly marker: string;
  /** Requests served so far by all together, the lab's own counting aside; absent where nobody counts. */
  served(): Promise<number | undefined>;
  /** The same, and the connections accepted so far, those of the lab's counting included. */
  counters(): Promise<OriginCounters | undefined>;
  /** CPU time of all together, in seconds; absent for outside origins. */
  cpuSeconds(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** What is asked of the origins: a URL of each. */
export function originUrls({ addresses, path }: Pick<Origins, "addresses" | "path">): [string, ...string[]] {
  const [first, ...others] = addresses.map(({ host, port }) => `http://${host}:${port}${path}`);
  return [first!, ...others];
}

/** First bytes of the body: how a reply is known to come from an origin. */
export const originMarker = "proxy-lab-origin";

/** The body of an origin: the marker, filled up with `.` to the wanted size (never shorter than the marker). */
export function originBody(bytes: number): string {
  return originMarker.padEnd(bytes, ".");
}
