/** What the long recording is made of: sweeps of `lab sweep --plan rounds`, and their shares of its time. */
import { sides } from "./recording.ts";

export interface Part {
  readonly name: string;
  /** Flags of `lab sweep` beside those that all have. */
  readonly flags: readonly string[];
  readonly visitsPerRound: number;
  /** How much longer a visit takes than one of HAProxy, about: windows go on until they hold enough requests. */
  readonly slowness: number;
  /** Of the time of the whole recording, relative to the other parts. */
  readonly share: number;
}

const proxies = ["haproxy", "traefik", "squid", "mitmproxy"] as const;
type Proxy = (typeof proxies)[number];

const roles: Readonly<Record<Proxy, string>> = {
  haproxy: "reverse",
  traefik: "reverse",
  squid: "forward",
  mitmproxy: "forward",
};
/** A visit is to hold a hundred requests and more, and mitmproxy takes two to three milliseconds for one. */
const lowest: Readonly<Record<Proxy, number>> = { haproxy: 0.05, traefik: 0.05, squid: 0.05, mitmproxy: 0.13 };

/** In an order in which what one part lacks is noticed early. */
export const parts: readonly Part[] = [
  ...proxies.map((proxy) => curve(proxy, "cgroup", 10, 4.5)),
  {
    name: "pairs",
    flags: ["--proxy", Object.values(sides).join(","), "--limiter", "cgroup", "--cpu", "0.3,0.5"],
    visitsPerRound: 2 * Object.keys(sides).length,
    slowness: 1,
    share: 16,
  },
  ...proxies.map((proxy) => curve(proxy, "docker", 5, 1.2)),
];

function curve(proxy: Proxy, limiter: string, levels: number, share: number): Part {
  const cpu = `${lowest[proxy]}..0.9/${levels}`;
  return {
    name: `${proxy} under ${limiter}`,
    flags: ["--proxy", proxy, "--role", roles[proxy], "--limiter", limiter, "--cpu", cpu],
    visitsPerRound: levels,
    slowness: proxy === "mitmproxy" ? 2 : 1,
    share,
  };
}

/** Rules that take HAProxy about 1.2 % more CPU time for each request, each. */
const rule = (index: number) => `http-request set-header X-Bench-${index} %[rand(1000)]`;
const slower = (rules: number) => ({ frontend: Array.from({ length: rules }, (_, index) => rule(index)) });
const haproxy = "builtin:proxies/haproxy";

/** The list of plugins that the parts need; what the rules took is printed by bench/aa.ts. */
export const plugins = {
  plugins: [
    ...proxies.map((proxy) => `builtin:proxies/${proxy}`),
    { use: haproxy, as: sides.same },
    { use: haproxy, as: sides.slower5, options: slower(4) },
    { use: haproxy, as: sides.slower10, options: slower(8) },
    "builtin:load/wrk",
    "builtin:limiters/cgroup",
    "builtin:limiters/docker",
  ],
};

/** The flags of `lab sweep` for a part. */
export function sweepFlags({ flags }: Part, rounds: number): string[] {
  return [...flags, "--load", "wrk", "--memory", "256M", "--plan", "rounds", "--rounds", String(rounds)];
}

/** Fewer rounds say nothing of how much visits differ. */
const fewestRounds = 3;

/**
 * How many rounds a part may take: its share of the time that is left to it and those after it. `visitSeconds`: of one
 * visit of HAProxy with all that belongs to it.
 */
export function roundsFor(left: readonly Part[], secondsLeft: number, visitSeconds: number): number {
  const [part] = left;
  const share = part!.share / left.reduce((sum, one) => sum + one.share, 0);
  return Math.max(
    fewestRounds,
    Math.round((share * secondsLeft) / (part!.visitsPerRound * part!.slowness * visitSeconds)),
  );
}
