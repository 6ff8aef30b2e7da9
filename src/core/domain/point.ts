import type { Arrivals, Profile, Role } from "../contract/index.ts";

/** One combination of levels of the factors; what a trial measures. */
export interface Point {
  readonly proxy: string;
  readonly loadTool: string;
  readonly limiter: string;
  readonly role: Role;
  /** CPU limit in cores. */
  readonly cpu: number;
  /** Memory limit; absent means none. */
  readonly memoryBytes?: number;
  /** Number of origin servers. */
  readonly servers: number;
  /** Connections that the load tool keeps open. */
  readonly concurrency: number;
  /** Offered rate of an open loop; absent means a closed one, or a share of what that reaches (`Scenario.rate`). */
  readonly requestsPerSecond?: number;
}

/** Rate of an open loop as a share of what the closed loop reaches at the same point. */
export interface Rate {
  readonly shareOfCapacity: number;
}

/** An origin that takes longer to answer passes for one that did not start. */
export const longestOriginDelayMs = 1_000;

/** What stays fixed in a sweep. */
export interface Scenario {
  /** `own`: as the user's own configuration says. */
  readonly profile: Profile | "own";
  readonly keepAlive: boolean;
  /** Key of the certificate with which the proxy speaks TLS with clients, P-256 or 2048 bits; absent means plain HTTP. */
  readonly tls?: "ecdsa" | "rsa";
  /** The only version of TLS; there with `tls`. */
  readonly tlsVersion?: "1.2" | "1.3";
  /** Whether new connections resume a session or make a full handshake each; there with `tls`. */
  readonly tlsHandshake?: "resumed" | "full";
  /** HTTP version between clients and proxy; absent means 1.1. */
  readonly http?: "2";
  /** Size of the origin's body. */
  readonly bodyBytes: number;
  /** Time the origin waits before it answers. */
  readonly originDelayMs: number;
  /** `none`: the proxy may run on all cores that the lab may use; absent, or `proxy`: on cores of its own. */
  readonly pin?: "proxy" | "none";
  /** Absolute paths of a configuration of the user's own, which the proxy runs with; absent means one of its plugin's. */
  readonly configuration?: readonly string[];
  /** Of its files, by their names and texts. */
  readonly configurationSha256?: string;
  /** What is requested of a reverse proxy with such a configuration; `{{listen}}` in it is where the lab lets it listen. */
  readonly url?: string;
  /** Where such a configuration expects its origins, `HOST:PORT`; absent means that it has the lab's addresses put in. */
  readonly originAt?: readonly string[];
  /** URL of an outside origin; absent means that the lab starts its own. */
  readonly originUrl?: string;
  /**
   * `visit`: the limit settles, as the counters show, while the load tool runs, and the lab counts the requests of a
   * brief window itself. Absent: a warm-up and a window are a run of the load tool each.
   */
  readonly method?: "visit";
  /** Shortest measuring window. */
  readonly windowSeconds: number;
  /** Longest one: a window goes on so long while its rate is not steady or not precise. */
  readonly maxWindowSeconds: number;
  /** Longest load before the window, at the limit, that is not counted; it ends when the rate, or the limit, has settled. */
  readonly warmupSeconds: number;
  /** Open loop at this share of the capacity; absent means a closed loop, or the offered rates of the points. */
  readonly rate?: Rate;
  /** When its requests come; absent means at equal distances. */
  readonly arrivals?: Arrivals;
  /** A new proxy process for each trial, instead of changing the limit of a running one. */
  readonly fresh: boolean;
}

/** Whether requests are sent at a rate, whatever the answers. */
export function isOpenLoop({ point, scenario }: { readonly point: Point; readonly scenario: Scenario }): boolean {
  return point.requestsPerSecond !== undefined || scenario.rate !== undefined;
}

/** Whether its trials are visits. */
export function isVisit({ method }: Pick<Scenario, "method">): boolean {
  return method === "visit";
}

/** Of a scenario what clients speak with a proxy, and how. */
export const SPOKEN = ["http", "tlsVersion", "tls", "tlsHandshake", "keepAlive"] as const satisfies (keyof Scenario)[];

/**
 * Keys that were asked for before: a console asks for those of thousands of records with each key that is pressed, and
 * copies of a record at another speed share their points and scenarios.
 */
const keys = new WeakMap<Point | Scenario, string>();
const unspokenKeys = new WeakMap<Scenario, string>();

/** The same for points, and for scenarios, with the same properties in whatever order. */
export function fixedKey(fixed: Point | Scenario): string {
  return keptIn(keys, fixed, () => Object.entries(fixed));
}

/** The same for scenarios that differ in nothing but what clients speak. */
export function unspokenKey(scenario: Scenario): string {
  const isUnspoken = ([name]: [string, unknown]) => SPOKEN.every((one) => one !== name);
  return keptIn(unspokenKeys, scenario, () => Object.entries(scenario).filter(isUnspoken));
}

function keptIn<K extends object>(known: WeakMap<K, string>, of: K, entries: () => [string, unknown][]): string {
  const key = known.get(of) ?? JSON.stringify(entries().sort(([a], [b]) => (a < b ? -1 : 1)));
  known.set(of, key);
  return key;
}
