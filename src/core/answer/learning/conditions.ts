import type { Role } from "../../contract/index.ts";
import type { LevelKey, Levels } from "../../domain/factors.ts";
import { figureOf, type LearnedFigure } from "../../domain/figures.ts";
import { formatBytes, formatMilliseconds } from "../../domain/format.ts";
import { arrivalsText, kinds, parseChoice, parseShare, type ValueKind } from "../../domain/levels.ts";
import { flagOf } from "../../domain/options.ts";
import type { Scenario } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { openAt, trialConditions } from "./comparable.ts";
import type { Exclusion } from "./teaching.ts";

/** Value of a condition; `null`: there is none, such as no origin of the user's. */
export type ConditionValue = string | number | boolean | null;

/** Conditions by name. */
export type Conditions = Readonly<Record<string, ConditionValue>>;

/** Conditions that trials must have been made under to be learned from; what is absent is chosen by what was measured most. */
export interface ConditionWish {
  readonly loadTool?: string;
  /** Does not set trials apart unless it is asked for. */
  readonly limiter?: string;
  readonly role?: Role;
  readonly profile?: Scenario["profile"];
  /** `none`: the proxy had no cores of its own; `null`: it had. */
  readonly pin?: "none" | null;
  /** SHA-256 of a configuration of the user's own, and what was requested of it. */
  readonly configurationSha256?: string | null;
  readonly url?: string | null;
  readonly keepAlive?: boolean;
  /** Those of the scenario; `null`: plain HTTP. */
  readonly tls?: "ecdsa" | "rsa" | null;
  readonly tlsVersion?: "1.2" | "1.3" | null;
  readonly tlsHandshake?: "resumed" | "full" | null;
  /** HTTP version; `null`: 1.1. */
  readonly http?: "2" | null;
  readonly bodyBytes?: number;
  readonly originDelayMs?: number;
  readonly originUrl?: string | null;
  /** `closed`, `open`, or at a share of the capacity `open at 70%`. */
  readonly loop?: string;
  /** Of an open loop, as its option writes them; `null`: at equal distances. */
  readonly arrivals?: string | null;
  readonly proxyVersion?: string | null;
  /** Options of the proxy that differ from the defaults, in one line; `null`: none. */
  readonly proxyOptions?: string | null;
  /** CPU model and number of cores. */
  readonly machine?: string;
}

export type ConditionKey = keyof ConditionWish;

/** Trials of a proxy that do not teach since they were made under other conditions. */
export interface LeftOut {
  readonly trials: number;
  /** What they differ in from those that teach, with their own values; `sweep`: they are of others than those asked for. */
  readonly differ: Conditions;
  /** Options that choose them; none where no option does. */
  readonly flags: readonly string[];
}

/** A level that was not asked for, and taken since it was measured most, of several in rising order. */
export interface TakenLevel {
  readonly factor: LevelKey;
  readonly level: number;
  readonly measured: readonly number[];
}

/** The conditions of an answer, and its data. */
export interface AnswerData {
  /** What the trials that it comes from have in common. */
  readonly conditions: Conditions;
  /** What set their limits. */
  readonly limiters: readonly string[];
  /** Levels that it is about: asked for, taken, or the only ones measured; without those that it leaves open. */
  readonly levels: Levels;
  readonly taken: readonly TakenLevel[];
  /** All levels of the trials that teach, in rising order; without memory limits where they had none. */
  readonly measured: Readonly<Partial<Record<LevelKey, readonly number[]>>>;
  /** Number of trials that teach. */
  readonly trials: number;
  /** Trials made under the same conditions that do not teach, by reason. */
  readonly excluded: Readonly<Partial<Record<Exclusion, number>>>;
  readonly leftOut: readonly LeftOut[];
  /**
   * What a latency of the answer is the latency at, in a closed loop: all connections always have a request on its way. In an
   * open one it is that at a rate. Absent where the answer is about no latency.
   */
  readonly latency?: "at saturation" | "at a rate";
}

/** How people choose a condition and read of it. */
export interface TrialCondition {
  readonly key: ConditionKey;
  /** Id of its option, as `flagOf` takes it. */
  readonly option: string;
  /** Stands for the value in help; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  /** Of answers it is told always, where it is out of the ordinary, or only where other trials differ in it. */
  readonly told: "always" | "unusual" | "different";
  /** What is out of the ordinary if it is another value. */
  readonly ordinary?: ConditionValue;
  /** The value where it stands alone: `10 KiB bodies`. */
  name(value: ConditionValue): string;
  /** After a number of trials: `with 10 KiB bodies`. */
  phrase(value: ConditionValue): string;
  /** As its option writes it: `10K`. */
  write(value: ConditionValue): string;
  /** `name`: of the option. Throws LAB_USAGE. */
  parse(text: string, name: string): ConditionValue;
}

/** Chooses what has no value of this condition. */
const NONE = "none";

const text = (value: ConditionValue) => String(value ?? NONE);
const textOrNone = (written: string) => (written === NONE ? null : written);
const parsedAs =
  <T extends ConditionValue>({ parse }: ValueKind<T>) =>
  (written: string, name: string): T =>
    parse(written, name);

/** `closed loop`, `open loop at 70%`. */
const loopText = (loop: ConditionValue) => String(loop).replace(/^\w+/, "$& loop");

/** Every condition that can be chosen, in the order in which people read them. */
export const CONDITIONS: readonly TrialCondition[] = [
  condition("loadTool", "load", "trials with this load tool", "always", {
    value: "name",
    phrase: (tool) => `with ${tool}`,
  }),
  condition("limiter", "limiter", "trials under this limiter", "different", {
    value: "name",
    phrase: (limiter) => `under ${limiter}`,
  }),
  condition("role", "role", "trials as a reverse or as a forward proxy", "always", {
    value: "role",
    phrase: (role) => `as a ${role} proxy`,
    parse: (written, name) => parseChoice(written, ["reverse", "forward"], name),
  }),
  condition("bodyBytes", "body", "trials with bodies of this size, such as 10K", "always", {
    value: "size",
    name: (bytes) => `${formatBytes(Number(bytes))} bodies`,
    write: (bytes) => sizeText(Number(bytes)),
    parse: parsedAs(kinds.size),
  }),
  condition("keepAlive", "keepAlive", "trials whose connections are used again", "always", {
    name: (on) => (on ? "keep-alive" : "no keep-alive"),
    phrase: (on) => `${on ? "with" : "without"} keep-alive`,
  }),
  condition("tls", "tls", "trials over TLS with such a key: ecdsa, rsa; off: without TLS", "unusual", {
    value: "key",
    ordinary: null,
    write: (key) => String(key ?? "off"),
    name: (key) => (key === null ? "plain HTTP" : `TLS with ${key === "rsa" ? "an RSA" : "an ECDSA"} key`),
    phrase: (key) => (key === null ? "over plain HTTP" : `over TLS with ${key === "rsa" ? "an RSA" : "an ECDSA"} key`),
    parse: (written, name) => {
      const key = parseChoice(written, ["off", "ecdsa", "rsa"], name);
      return key === "off" ? null : key;
    },
  }),
  condition("tlsVersion", "tlsVersion", "trials over this version of TLS, 1.2 or 1.3", "different", {
    value: "version",
    ordinary: null,
    name: (version) => (version === null ? "no TLS" : `TLS ${version}`),
    parse: (written, name) => textOrNone(parseChoice(written, ["1.2", "1.3", NONE], name)),
  }),
  condition("tlsHandshake", "tlsHandshake", "trials whose TLS handshakes were resumed or full", "different", {
    value: "kind",
    ordinary: null,
    name: (kind) => (kind === null ? "no handshakes" : `${kind} handshakes`),
    parse: (written, name) => textOrNone(parseChoice(written, ["resumed", "full", NONE], name)),
  }),
  condition("http", "http", "trials over this version of HTTP, 1.1 or 2", "unusual", {
    value: "version",
    ordinary: null,
    name: (version) => `HTTP/${version ?? "1.1"}`,
    phrase: (version) => `over HTTP/${version ?? "1.1"}`,
    write: (version) => String(version ?? "1.1"),
    parse: (written, name) => (parseChoice(written, ["1.1", "2"], name) === "2" ? "2" : null),
  }),
  condition("profile", "profile", "trials with this profile", "unusual", {
    value: "name",
    ordinary: "fair",
    name: (profile) => `profile ${profile}`,
    phrase: (profile) => `with the profile ${profile}`,
    parse: (written, name) => parseChoice(written, ["fair", "as-shipped", "own"], name),
  }),
  condition("pin", "pin", "trials whose proxy had cores of its own: proxy; or ran on all: none", "unusual", {
    value: "cores",
    ordinary: null,
    name: (pin) => (pin === null ? "cores of its own" : "all cores"),
    phrase: (pin) => (pin === null ? "on cores of its own" : "on all cores"),
    write: (pin) => String(pin ?? "proxy"),
    parse: (written, name) => (parseChoice(written, ["proxy", "none"], name) === "none" ? "none" : null),
  }),
  condition(
    "configurationSha256",
    "config",
    "trials with this configuration of your own, by its files or its SHA-256; none: with those of the lab",
    "unusual",
    {
      value: "files",
      ordinary: null,
      name: (sha256) =>
        sha256 === null ? "the lab's configuration" : `your configuration ${String(sha256).slice(0, 12)}`,
      parse: textOrNone,
    },
  ),
  condition("url", "url", "trials with a configuration of your own in which this was requested", "different", {
    value: "url",
    ordinary: null,
    name: (url) => (url === null ? "no URL of your own" : `requests to ${url}`),
    parse: textOrNone,
  }),
  condition("originDelayMs", "originDelay", "trials whose origins wait so long, such as 5ms", "unusual", {
    value: "time",
    ordinary: 0,
    name: (ms) => (ms === 0 ? "origins that do not wait" : `origins that wait ${formatMilliseconds(Number(ms))}`),
    write: (ms) => (ms === 0 ? "0" : `${ms}ms`),
    parse: parsedAs(kinds.milliseconds),
  }),
  condition("originUrl", "origin", "trials with this origin of your own; none: with those of the lab", "unusual", {
    value: "url",
    ordinary: null,
    name: (url) => (url === null ? "the lab's origins" : `the origin ${url}`),
    parse: textOrNone,
  }),
  condition(
    "loop",
    "loop",
    "trials in a loop: closed, open, or 70%, an open one at a share of the capacity",
    "unusual",
    {
      value: "loop",
      ordinary: "closed",
      name: loopText,
      phrase: (loop) => `in ${loop === "closed" ? "a" : "an"} ${loopText(loop)}`,
      write: (loop) => String(loop).replace("open at ", ""),
      parse: (written, name) =>
        written.endsWith("%")
          ? openAt(parseShare(written, name))
          : parseChoice(written, ["closed", "open", "70%"], name),
    },
  ),
  condition(
    "arrivals",
    "arrivals",
    "trials in an open loop whose requests come so: constant, poisson, bursts:50",
    "unusual",
    {
      value: "arrivals",
      ordinary: null,
      name: (arrivals) => `${arrivals ?? "constant"} arrivals`,
      write: (arrivals) => String(arrivals ?? "constant"),
      parse: (written, name) => {
        const arrivals = kinds.arrivals.parse(written, name);
        return arrivals.kind === "constant" ? null : arrivalsText(arrivals);
      },
    },
  ),
  condition("proxyVersion", "proxyVersion", "trials of this version of the proxy", "different", {
    value: "version",
    name: (version) => (version === null ? "no known version" : `version ${version}`),
    phrase: (version) => (version === null ? "of no known version" : `of version ${version}`),
    parse: textOrNone,
  }),
  condition(
    "proxyOptions",
    "proxyOptions",
    "trials with these options of the proxy; none: with its defaults",
    "unusual",
    {
      value: "options",
      ordinary: null,
      name: (options) => (options === null ? "default options" : `options ${options}`),
      parse: textOrNone,
    },
  ),
  condition("machine", "machine", "trials made on this machine, such as 'CPU MODEL, 4 cores'", "different", {
    value: "name",
    phrase: (machine) => `on ${machine}`,
  }),
];

/** What is to know of a condition; of one that is not listed its name and value. */
export function conditionOf(key: string): Pick<TrialCondition, "told" | "ordinary" | "name" | "phrase"> {
  const known = CONDITIONS.find((one) => one.key === key);
  const name = (value: ConditionValue) => `${key} ${text(value)}`;
  return known ?? { told: "different", name, phrase: (value) => `with ${name(value)}` };
}

/** The options that choose some conditions: `--body 10K --no-keep-alive`. Conditions that cannot be chosen are left out. */
export function conditionFlags(conditions: Conditions): string[] {
  return CONDITIONS.flatMap(({ key, option, value, write }) => {
    const wanted = conditions[key];
    if (wanted === undefined) return [];
    if (value === undefined) return [flagOf(option, wanted ? {} : { negated: option })];
    return [flagOf(option), write(wanted)];
  });
}

/** The conditions that a trial was made under, all that must be the same for one law; what it has none of is left out. */
export function conditionsOf(trial: TrialRecord): Conditions {
  const known = kept.get(trial);
  if (known) return known;
  const { proxy: _, ...conditions } = trialConditions(trial);
  const found = Object.fromEntries(
    Object.entries(conditions).filter((entry): entry is [string, ConditionValue] => entry[1] !== undefined),
  );
  kept.set(trial, found);
  return found;
}

/** Conditions that several proxies can have in common. */
export function sharedConditions({ proxyVersion: _, proxyOptions: __, ...conditions }: Conditions): Conditions {
  return conditions;
}

/** Asks for the very conditions of some trials of a proxy: what these have none of is a condition, too. */
export function wishFor(conditions: Conditions): ConditionWish {
  const none = CONDITIONS.filter(({ ordinary }) => ordinary === null).map(({ key }) => [key, null]);
  return { ...Object.fromEntries(none), ...conditions } as ConditionWish;
}

/** Of an answer about some figures: what a latency among them is the latency at. */
export function latencyAt(targets: readonly LearnedFigure[], { loop }: Conditions): Pick<AnswerData, "latency"> {
  if (!targets.some((target) => figureOf(target).latency)) return {};
  return { latency: loop === "closed" ? "at saturation" : "at a rate" };
}

/** Of trials that were asked for before: a slider that moves asks for those of thousands of them with each step. */
const kept = new WeakMap<TrialRecord, Conditions>();

function condition(
  key: ConditionKey,
  option: string,
  help: string,
  told: TrialCondition["told"],
  {
    name = text,
    phrase = (value) => `with ${name(value)}`,
    ...more
  }: Partial<Omit<TrialCondition, "key" | "option" | "help" | "told">>,
): TrialCondition {
  return { key, option, help, told, name, phrase, write: text, parse: (written) => written, ...more };
}

/** Bytes as sizes are written: `10K`. */
function sizeText(bytes: number): string {
  const unit = (
    [
      ["G", 2 ** 30],
      ["M", 2 ** 20],
      ["K", 2 ** 10],
    ] as const
  ).find(([, size]) => bytes % size === 0);
  return unit && bytes > 0 ? `${bytes / unit[1]}${unit[0]}` : String(bytes);
}
