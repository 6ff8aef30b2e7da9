import { withoutAbsent } from "./absent.ts";
import { findFactor } from "./factors.ts";
import { kinds, type Rates, type ValueKind } from "./levels.ts";
import type { Scenario } from "./point.ts";
import { PLANS, type SweepSpec, type WrittenPlan } from "./spec.ts";

/** Commands that take options of a sweep. */
export type SweepCommand = "sweep" | "run" | "floor" | "size" | "capacity";

/** What is said, by the ids of the options: as text, or as what the text means. */
type Said = Readonly<Record<string, unknown>>;

/** An option of a sweep: what the command line, experiment files and the screen Compose know of it. */
export interface SweepOption<T = unknown> {
  readonly value: ValueKind<T>;
  /** The property of the spec that it sets, or of the scenario in it; without one it is no key of an experiment file. */
  readonly spec?: keyof SweepSpec;
  readonly scenario?: keyof Scenario;
  /** Of an option that sets the one or the other: what it puts where; `undefined`: nothing. */
  parts?(value: T): { readonly spec: unknown; readonly scenario: unknown };
  /** What it means and how it is written, in one line without a capital and a full stop. */
  readonly help: string;
  /** The text that counts if none is given. */
  readonly default?: string | ((said: Said) => string | undefined);
  /** The default in words, if it is no text or depends on others. */
  readonly inWords?: string;
  /** Commands that take it as a flag; absent: all that measure. */
  readonly commands?: readonly SweepCommand[];
  /** What it says where no value follows. */
  readonly bare?: string;
  /** Help of the flag `--no-...`, of an option that is on by default. */
  readonly negated?: string;
  /** What the screen Compose calls it; absent: it is not there. */
  readonly label?: string;
  /** What stands there at first; absent: the default, and no plugin. */
  readonly first?: string;
  /** What stands there if nothing is typed; absent: the default. */
  readonly placeholder?: string;
  /** Whether it is there beside what else is said; absent: always. */
  when?(said: Said): boolean;
}

/** Options by their ids, which are the keys of experiment files; `maxWindow` is the flag `--max-window`. */
export type SweepOptions = Readonly<Record<string, SweepOption>>;

type More = Omit<SweepOption, "value" | "spec" | "scenario" | "parts" | "help">;

/** Names of the properties of `Target` that can hold a `T`. */
type PlaceFor<T, Target> = { [K in keyof Target]-?: T extends Target[K] ? K : never }[keyof Target];

/** An option that sets a property of the spec. */
function ofSpec<T, const M extends More>(spec: PlaceFor<T, SweepSpec>, value: ValueKind<T>, help: string, more: M) {
  return { value, spec, help, ...more };
}

/** An option that sets a property of the scenario. */
function ofScenario<T, const M extends More>(
  scenario: PlaceFor<T, Scenario>,
  value: ValueKind<T>,
  help: string,
  more: M,
) {
  return { value, scenario, help, ...more };
}

/** Rates are levels of a factor; a share of the capacity is the same at all points. */
function partsOfRates(rates: Rates): { readonly spec: SweepSpec["requestsPerSecond"]; readonly scenario: unknown } {
  return "shareOfCapacity" in rates ? { spec: [], scenario: rates } : { spec: rates, scenario: undefined };
}

const commands = ["sweep"] as const;

/** What only trials with a window of their own have. */
const ofWindows = ["replicates", "anchors", "window", "maxWindow", "warmup", "fresh", "rate", "origin"];

const planOf = (said: Said) => said.plan ?? usualPlan(said);
const inRounds = (said: Said) => planOf(said) === "rounds";

/** Rounds, unless something is said that another plan is for. */
function usualPlan(said: Said): WrittenPlan {
  if (said.precision !== undefined || said.rounds !== undefined) return "rounds";
  if (said.trials !== undefined || said.until !== undefined) return "adaptive";
  return saysWindow(said) ? "grid" : "rounds";
}

function saysWindow(said: Said): boolean {
  return ofWindows.some((id) => says(said, id));
}

function says(said: Said, id: string): boolean {
  return ![undefined, "", false].includes(said[id] as undefined);
}

function overTls({ tls = "off" }: Said): boolean {
  return tls !== "off" && tls !== "";
}

/** Whether trials are visits: in rounds, and in an adaptive plan unless something is said that only windows have. */
export function inVisits(said: Said): boolean {
  return inRounds(said) || (planOf(said) === "adaptive" && !saysWindow(said));
}

/** Every option of a sweep. The faces and the experiment files are made from it. */
export const SWEEP_OPTIONS = {
  title: ofSpec("title", kinds.text, "a title, for people", { commands: [] }),

  // What is measured.
  proxy: ofSpec("proxies", kinds.plugins("proxy"), "proxies, such as haproxy,traefik", {
    inWords: "all that can play the role, but the built-in one",
    label: "proxies",
  }),
  load: ofSpec(
    "loadTools",
    kinds.plugins("load"),
    "load tools: wrk, ab, autocannon, h2load, oha; vegeta and pacer, with a rate only",
    {
      default: "wrk",
      label: "load tools",
    },
  ),
  limiter: ofSpec("limiters", kinds.plugins("limiter"), "limiters: cgroup, docker, systemd-run", {
    default: "cgroup",
    label: "limiters",
  }),
  option: ofSpec(
    "options",
    kinds.pluginOptions,
    "an option of a plugin, over plugins.json, such as haproxy.accessLog=on; can be repeated",
    { inWords: "as in plugins.json" },
  ),
  role: ofSpec(
    "role",
    kinds.choice(["reverse", "forward"]),
    "reverse: in front of servers; forward: in front of clients, whose requests name the server",
    { default: "reverse", label: findFactor("role").label },
  ),

  // What varies.
  cpu: ofSpec(
    "cpu",
    kinds.cpuLevels,
    "CPU limits in cores: 0.1,0.3 or 0.05..0.9 or 0.05..0.9/5 for five levels in equal ratios",
    { default: "0.1,0.2,0.3,0.5,0.7", label: "CPU limits", first: "0.1..0.7/5" },
  ),
  memory: ofSpec("memoryBytes", kinds.memoryLevels, "memory limits, such as 64M,256M", {
    inWords: "none",
    label: "memory limits",
  }),
  servers: ofSpec("servers", kinds.counts, "numbers of origin servers, such as 1,3", {
    default: "1",
    label: findFactor("servers").label,
  }),
  concurrency: ofSpec("concurrency", kinds.counts, "connections that the load tool keeps open, such as 8,32,128", {
    default: "32",
    label: findFactor("concurrency").label,
  }),
  replicates: ofSpec("replicates", kinds.count, "how often each point of a grid is measured", {
    commands,
    default: "1",
    label: "replicates",
    when: (said) => !inRounds(said),
  }),
  anchors: ofSpec("anchors", kinds.countOrNone, "most trials added to repeat points over the time of the sweep", {
    commands,
    // Replicates show by themselves how much runs differ.
    default: (said) => (inRounds(said) || Number(said.replicates ?? 1) > 1 ? "0" : "6"),
    inWords: "6, or 0 with rounds or replicates",
  }),

  // What stays fixed.
  profile: ofScenario(
    "profile",
    kinds.choice(["fair", "as-shipped"]),
    "fair: threads, files, logs, cache and retries alike; as-shipped: the defaults of each program",
    { default: "fair" },
  ),
  pin: ofScenario(
    "pin",
    kinds.choice(["proxy", "none"]),
    "proxy: it runs on cores of its own, as many as its limit takes; none: on all cores",
    {
      default: (said) => (said.profile === "as-shipped" ? "none" : undefined),
      inWords: "proxy, or none with the profile as-shipped",
    },
  ),
  config: ofScenario(
    "configuration",
    kinds.paths,
    "a configuration of your own for the one proxy, files or folders: haproxy.cfg; {{listen}} and {{origins}} in it are filled in",
    { inWords: "one of the lab's making" },
  ),
  url: ofScenario("url", kinds.ownUrl, "with --config: what to request, such as https://127.0.0.1:8443/", {
    inWords: "http://{{listen}}/",
  }),
  originAt: ofScenario(
    "originAt",
    kinds.addresses,
    "with --config: addresses where it expects its servers, such as 127.0.0.1:9001,127.0.0.1:9002",
    { inWords: "those that the configuration names" },
  ),
  keepAlive: ofScenario("keepAlive", kinds.onOff, "whether connections are used again", {
    default: "true",
    negated: "a new connection for each request",
  }),
  tls: {
    value: kinds.choice(["off", "ecdsa", "rsa"]),
    scenario: "tls" as const,
    parts: (key: "off" | "ecdsa" | "rsa") => ({ spec: undefined, scenario: key === "off" ? undefined : key }),
    help: "clients speak TLS with the proxy, whose certificate has an ECDSA P-256 or an RSA 2048 key",
    default: "off",
    inWords: "off; ecdsa where nothing follows",
    bare: "ecdsa",
    label: "TLS",
  },
  tlsVersion: ofScenario("tlsVersion", kinds.choice(["1.2", "1.3"]), "the only version of TLS", {
    default: (said) => (overTls(said) ? "1.3" : undefined),
    inWords: "1.3",
    label: "TLS version",
    first: "1.3",
    when: overTls,
  }),
  tlsHandshake: ofScenario(
    "tlsHandshake",
    kinds.choice(["resumed", "full"]),
    "resumed: a new connection resumes an earlier session; full: each makes a full handshake; counts with --no-keep-alive",
    { default: (said) => (overTls(said) ? "resumed" : undefined), inWords: "resumed" },
  ),
  http: {
    value: kinds.choice(["1.1", "2"]),
    scenario: "http" as const,
    parts: (version: "1.1" | "2") => ({ spec: undefined, scenario: version === "2" ? version : undefined }),
    help: "HTTP version between clients and proxy; 2 goes over TLS",
    default: "1.1",
    label: "HTTP",
    when: overTls,
  },
  // Small enough that the network stack, not copying, is what costs.
  body: ofScenario("bodyBytes", kinds.size, "size of the origins' answer, such as 10K", { default: "1K" }),
  originDelay: ofScenario("originDelayMs", kinds.milliseconds, "time an origin waits before it answers, such as 5ms", {
    default: "0",
  }),
  origin: ofScenario("originUrl", kinds.url, "URL of an origin of your own", { inWords: "the lab's own" }),
  window: ofScenario("windowSeconds", kinds.time, "shortest measuring window, such as 5s", {
    default: (said) => (inVisits(said) ? "600ms" : "5s"),
    inWords: "5s, or 600ms in visits",
    label: "window",
  }),
  maxWindow: ofScenario(
    "maxWindowSeconds",
    kinds.time,
    "longest measuring window, while the rate is not steady or not precise",
    { inWords: "twice the shortest, or 3s in visits" },
  ),
  warmup: ofScenario(
    "warmupSeconds",
    kinds.timeOrNone,
    "longest load before the window that is not counted; 0 for none",
    { default: (said) => (inVisits(said) ? "1s" : "3s"), inWords: "3s, or 1s in visits" },
  ),
  fresh: ofScenario("fresh", kinds.onOff, "a new proxy process for each trial", { default: "false" }),
  rate: {
    value: kinds.rates,
    spec: "requestsPerSecond" as const,
    scenario: "rate" as const,
    parts: partsOfRates,
    help: "open loop: requests/s offered, such as 500,2000 or 500..20000/6, or 70% of what a closed loop reaches",
    inWords: "closed loop",
    label: findFactor("rate").label,
    // Rounds ask how fast a proxy is, which a closed loop tells.
    when: (said: Said) => !inRounds(said) || says(said, "rate"),
  },
  arrivals: ofScenario(
    "arrivals",
    kinds.arrivals,
    "when requests of an open loop come: constant, poisson, or bursts:50 for 50 at once",
    { inWords: "constant" },
  ),

  // In which order, and how long.
  plan: ofSpec(
    "plan",
    kinds.choice(PLANS),
    "rounds: every combination in each round, until the precision is reached; grid: every combination once; random: points spread between the lowest and the highest levels; adaptive: CPU levels where they tell most",
    {
      commands,
      default: usualPlan,
      inWords: "rounds; grid with --window, --replicates, --rate or the like, adaptive with --trials or --until",
      label: "plan",
    },
  ),
  precision: ofSpec(
    "precision",
    kinds.share,
    "half-width of the 95 % band that rounds go on for, as a share of the rate, such as 5%",
    {
      commands,
      default: (said) => (inRounds(said) ? "5%" : undefined),
      inWords: "5%",
      label: "precision",
      when: inRounds,
    },
  ),
  rounds: ofSpec("rounds", kinds.count, "number of rounds, whatever their precision", {
    commands,
    inWords: "as many as the precision takes",
    label: "rounds",
    placeholder: "as needed",
    when: inRounds,
  }),
  trials: ofSpec("trials", kinds.count, "number of trials of a random or an adaptive plan", {
    commands,
    inWords: "10 for each factor that varies, or 24 visits (8 windows) for each combination of everything but CPU",
    label: "trials",
    placeholder: "as needed",
    when: ({ plan }) => plan === "random" || plan === "adaptive",
  }),
  until: ofSpec(
    "until",
    kinds.share,
    "end an adaptive plan once the curve between its levels is known so well, such as 5%",
    { commands, inWords: "never" },
  ),
  probe: ofSpec("probe", kinds.onOff, "a speed probe on the proxy's cores, so that figures can be put at one speed", {
    default: "true",
    negated: "no speed probe: figures as the machine's speed of the moment makes them",
    label: "speed probe",
  }),
  budget: ofSpec(
    "budgetSeconds",
    kinds.time,
    "begin no further trial that would probably end after this time, such as 10m",
    { commands, inWords: "none", label: "time budget" },
  ),
  seed: ofSpec("seed", kinds.count, "seed of the random order", { inWords: "drawn at random" }),

  // Of the command line alone.
  port: { value: kinds.port, help: "port for the proxy to listen on", inWords: "a free one" },
  quick: { value: kinds.onOff, help: "the short variant of an experiment file: its section quick", commands },
};

type Table = typeof SWEEP_OPTIONS;
type ValueOf<O> = O extends { readonly value: ValueKind<infer T> } ? T : never;
type FlagIds = { [K in keyof Table]: Table[K] extends { readonly commands: readonly [] } ? never : K }[keyof Table];
type KeyIds = {
  [K in keyof Table]: Table[K] extends { readonly spec: string } | { readonly scenario: string } ? K : never;
}[keyof Table];

/** What to measure, as text: the options of `lab sweep`; absent means not said. */
export type SweepFlags = { readonly [K in FlagIds]?: ValueOf<Table[K]> extends boolean ? boolean : string };

/** What an experiment file or a set of flags says; absent means not said. */
export type SweepWish = { readonly [K in KeyIds]?: ValueOf<Table[K]> | undefined };

/** The flag of an option: `--max-window`, `--no-keep-alive`. */
export function flagOf(id: string, { negated }: Pick<SweepOption, "negated"> = {}): string {
  const words = id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${negated === undefined ? "" : "no-"}${words}`;
}

/** Whether it is a key of experiment files too. */
export function isFileKey({ spec, scenario }: SweepOption): boolean {
  return spec !== undefined || scenario !== undefined;
}

/** The default beside what else is said; `undefined` if no text says it. */
export function defaultText(option: SweepOption, said: Said = {}): string | undefined {
  return typeof option.default === "function" ? option.default(said) : option.default;
}

/** How a switch stands by default; `undefined` for options with a value. */
export function isOn(option: SweepOption): boolean | undefined {
  return option.value.written === "boolean" ? defaultText(option) === "true" : undefined;
}

/** The default for people; `undefined` if there is none to speak of. */
export function defaultInWords(option: SweepOption): string | undefined {
  return option.value.written === "boolean" ? undefined : (option.inWords ?? defaultText(option));
}

/** Help and default of an option. `standard`: the default of one command, if it has its own. */
export function fullHelp(option: SweepOption, standard = defaultInWords(option)): string {
  return standard === undefined ? option.help : `${option.help} (default: ${standard})`;
}

/** Flags as the arguments of `lab sweep`. */
export function argumentsOf(flags: SweepFlags, options: SweepOptions = SWEEP_OPTIONS): string[] {
  return Object.entries<string | boolean>(withoutAbsent(flags)).flatMap(([id, value]) => {
    const option = options[id];
    if (!option || value === isOn(option)) return [];
    if (typeof value === "boolean") return [flagOf(id, option)];
    return textsOf(option, value).flatMap((text) => [flagOf(id, option), text]);
  });
}

/** The texts that an option is given with on a command line, one after the other. */
export function textsOf({ value: { written } }: SweepOption, text: string): string[] {
  return written === "lines" ? text.split("\n") : [text];
}

/** The first option that stands for several levels in a spec, and how many. */
export function severalLevels(spec: SweepSpec): { flag: string; count: number } | undefined {
  const counts = Object.entries<SweepOption>(SWEEP_OPTIONS).map(([id, option]) => {
    const levels = option.spec && spec[option.spec];
    return { flag: flagOf(id), count: Array.isArray(levels) ? levels.length : 1 };
  });
  return counts.find(({ count }) => count > 1);
}
