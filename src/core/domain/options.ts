import { withoutAbsent } from "./absent.ts";
import type { Scenario } from "./point.ts";
import { PLANS, type SweepSpec } from "./spec.ts";
import { kinds, type ValueKind } from "./valueKinds.ts";

/** Commands that take options of a sweep. */
export type SweepCommand = "sweep" | "run" | "floor";

/** What is said, by the names of the options: as text, or as what the text means. */
type Said = Readonly<Record<string, unknown>>;

/** Names of the properties of `Target` that can hold a `T`. */
type PlaceFor<T, Target> = { [K in keyof Target]-?: T extends Target[K] ? K : never }[keyof Target];

/** What an option is, but for its kind of value. */
interface About<T> {
  /** What it means and how it is written, in one line without a capital and a full stop. */
  readonly help: string;
  /** The text that counts if none is given. */
  readonly default?: string | ((said: Said) => string);
  /** The default in words, if it is no text or depends on others. */
  readonly inWords?: string;
  /** Commands that take it as a flag; absent: all that measure. */
  readonly commands?: readonly SweepCommand[];
  /** Help of the flag `--no-...`, of an option that is on by default. */
  readonly negated?: string;
  /** The property of the spec that it sets, or of the scenario in it. Without one it is no key of an experiment file. */
  readonly spec?: PlaceFor<T, SweepSpec>;
  readonly scenario?: PlaceFor<T, Scenario>;
  /** How the screen Compose offers it; absent: not at all. */
  readonly compose?: {
    readonly label: string;
    /** What stands there at first; absent: the default. */
    readonly first?: string;
    /** Where nothing is typed; absent: the default. */
    readonly placeholder?: string;
    /** Whether it matters beside what else is said; absent: always. */
    when?(said: Said): boolean;
  };
}

/** An option of a sweep: what the command line, experiment files and the screen Compose know of it. */
export type SweepOption<T = unknown> = Omit<About<unknown>, "spec" | "scenario"> & {
  readonly value: ValueKind<T>;
  readonly spec?: keyof SweepSpec;
  readonly scenario?: keyof Scenario;
};

/** Options by their ids, which are the keys of experiment files; `maxWindow` is the flag `--max-window`. */
export type SweepOptions = Readonly<Record<string, SweepOption>>;

function option<T, const A extends About<T>>(value: ValueKind<T>, about: A): A & { readonly value: ValueKind<T> } {
  return { value, ...about };
}

const sweepOnly = ["sweep"] as const;

/** Every option of a sweep. The faces and the experiment files are made from it. */
export const SWEEP_OPTIONS = {
  title: option(kinds.text, { spec: "title", help: "a title, for people", commands: [] }),

  // What is measured.
  proxy: option(kinds.plugins("proxy"), {
    spec: "proxies",
    help: "proxies, such as haproxy,traefik",
    inWords: "all that can play the role, but the built-in one",
    compose: { label: "proxies", first: "" },
  }),
  load: option(kinds.plugins("load"), {
    spec: "loadTools",
    help: "load tools: wrk, ab, autocannon; vegeta, with a rate only",
    default: "wrk",
    compose: { label: "load tools", first: "" },
  }),
  limiter: option(kinds.plugins("limiter"), {
    spec: "limiters",
    help: "limiters: cgroup, docker, systemd-run",
    default: "cgroup",
    compose: { label: "limiters", first: "" },
  }),
  role: option(kinds.choice(["reverse", "forward"]), {
    spec: "role",
    help: "reverse: in front of servers; forward: in front of clients, whose requests name the server",
    default: "reverse",
    compose: { label: "role" },
  }),

  // What varies.
  cpu: option(kinds.cpuLevels, {
    spec: "cpu",
    help: "CPU limits in cores: 0.1,0.3 or 0.05..0.9 or 0.05..0.9/5 for five levels in equal ratios",
    default: "0.1,0.2,0.3,0.5,0.7",
    compose: { label: "CPU limits", first: "0.1..0.7/5" },
  }),
  memory: option(kinds.memoryLevels, {
    spec: "memoryBytes",
    help: "memory limits, such as 64M,256M",
    inWords: "none",
    compose: { label: "memory limits" },
  }),
  servers: option(kinds.counts, {
    spec: "servers",
    help: "numbers of origin servers, such as 1,3",
    default: "1",
    compose: { label: "servers" },
  }),
  concurrency: option(kinds.counts, {
    spec: "concurrency",
    help: "connections that the load tool keeps open, such as 8,32,128",
    default: "32",
    compose: { label: "connections" },
  }),
  replicates: option(kinds.count, {
    spec: "replicates",
    help: "how often each point of a grid is measured",
    default: "1",
    commands: sweepOnly,
    compose: { label: "replicates" },
  }),
  anchors: option(kinds.countOrNone, {
    spec: "anchors",
    help: "most trials added to repeat points over the time of the sweep",
    // Replicates show by themselves how much runs differ.
    default: ({ replicates }) => (Number(replicates ?? 1) > 1 ? "0" : "6"),
    inWords: "6, or 0 with replicates",
    commands: sweepOnly,
  }),

  // What stays fixed.
  profile: option(kinds.choice(["fair", "as-shipped"]), {
    scenario: "profile",
    help: "fair: threads, files, logs, cache and retries alike; as-shipped: the defaults of each program",
    default: "fair",
  }),
  keepAlive: option(kinds.onOff, {
    scenario: "keepAlive",
    help: "whether connections are used again",
    default: "true",
    negated: "a new connection for each request",
  }),
  body: option(kinds.size, {
    scenario: "bodyBytes",
    help: "size of the origins' answer, such as 10K",
    // Small enough that the network stack, not copying, is what costs.
    default: "1K",
  }),
  originDelay: option(kinds.milliseconds, {
    scenario: "originDelayMs",
    help: "time an origin waits before it answers, such as 5ms",
    default: "0",
  }),
  origin: option(kinds.url, {
    scenario: "originUrl",
    help: "URL of an origin of your own",
    inWords: "the lab's own",
  }),
  window: option(kinds.time, {
    scenario: "windowSeconds",
    help: "shortest measuring window, such as 5s",
    default: "5s",
    compose: { label: "window" },
  }),
  maxWindow: option(kinds.time, {
    scenario: "maxWindowSeconds",
    help: "longest measuring window, while the rate is not steady or not precise",
    inWords: "twice the shortest",
  }),
  warmup: option(kinds.timeOrNone, {
    scenario: "warmupSeconds",
    help: "longest load before the window that is not counted; 0 for none",
    default: "3s",
  }),
  fresh: option(kinds.onOff, { scenario: "fresh", help: "a new proxy process for each trial", default: "false" }),
  rate: option(kinds.rate, {
    scenario: "rate",
    help: "open loop at this rate: 2000 requests/s, or 70% of what a closed loop reaches",
    inWords: "closed loop",
  }),

  // In which order, and how long.
  plan: option(kinds.choice(PLANS), {
    spec: "plan",
    help: "grid: every combination; random: points spread between the lowest and the highest levels; adaptive: CPU levels where they tell most",
    default: ({ trials, until }) => (trials === undefined && until === undefined ? "grid" : "adaptive"),
    inWords: "grid, or adaptive with trials or until",
    commands: sweepOnly,
    compose: { label: "plan" },
  }),
  trials: option(kinds.count, {
    spec: "trials",
    help: "number of trials of a random or an adaptive plan",
    inWords: "10 for each factor that varies, or 8 for each combination of everything but CPU",
    commands: sweepOnly,
    compose: { label: "trials", placeholder: "as needed", when: ({ plan }) => plan !== "grid" },
  }),
  until: option(kinds.share, {
    spec: "until",
    help: "end an adaptive plan once the curve between its levels is known so well, such as 5%",
    inWords: "never",
    commands: sweepOnly,
  }),
  budget: option(kinds.time, {
    spec: "budgetSeconds",
    help: "begin no further trial that would probably end after this time, such as 10m",
    inWords: "none",
    commands: sweepOnly,
    compose: { label: "time budget" },
  }),
  seed: option(kinds.count, { spec: "seed", help: "seed of the random order", inWords: "drawn at random" }),

  // Of the command line alone.
  port: option(kinds.port, { help: "port for the proxy to listen on", inWords: "a free one" }),
  quick: option(kinds.onOff, {
    help: "the short variant of an experiment file: its section quick",
    commands: sweepOnly,
  }),
} satisfies SweepOptions;

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
    return typeof value === "boolean" ? [flagOf(id, option)] : [flagOf(id, option), value];
  });
}

/** The first option that stands for several levels in a spec, and how many. */
export function severalLevels(spec: SweepSpec): { flag: string; count: number } | undefined {
  const counts = Object.entries<SweepOption>(SWEEP_OPTIONS).map(([id, option]) => {
    const levels = option.spec && spec[option.spec];
    return { flag: flagOf(id), count: Array.isArray(levels) ? levels.length : 1 };
  });
  return counts.find(({ count }) => count > 1);
}
