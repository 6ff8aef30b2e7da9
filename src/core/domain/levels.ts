import { resolve } from "node:path";
import type { Arrivals } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import type { Rate } from "./point.ts";
import { MOST_LEVELS } from "./spec.ts";

/** A kind of value that people write as text: how it is written, and what the text means. */
export interface ValueKind<T = unknown> {
  /** Stands for the value in help, as in `--window <time>`; empty for a switch, which has none on the command line. */
  readonly name: string;
  /** What it is in an experiment file. `list`: also a single word or number. `lines`: a text or several; on the command line the option is repeated. */
  readonly written: "list" | "word" | "number" | "boolean" | "text" | "lines";
  /** The smallest number. */
  readonly least?: number;
  /** All values there are. */
  readonly choices?: readonly string[];
  /** The kind of plugins whose ids it lists. */
  readonly plugins?: "proxy" | "load" | "limiter";
  /** `name` of what is set, such as `--cpu`, begins the message of the error. Throws LAB_USAGE. */
  parse(text: string, name?: string): T;
}

function kind<T>(
  written: ValueKind["written"],
  name: string,
  parse: ValueKind<T>["parse"],
  more: Pick<ValueKind, "least" | "choices" | "plugins"> = {},
): ValueKind<T> {
  return { name, written, parse, ...more };
}

/** A list such as `a,b`, of which each part may stand for several values; each value once. */
function listOf<T>(name: string, parse: (part: string, name: string) => T[]): ValueKind<T[]> {
  return kind("list", name, (text, option = "") => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.some((part) => part === "")) throw wrong(option, text, "a list such as a,b");
    const values = [...new Set(parts.flatMap((part) => parse(part, option)))];
    if (values.length <= MOST_LEVELS) return values;
    throw new LabError("LAB_USAGE", `${option ? `${option}: ` : ""}more than ${MOST_LEVELS} levels`, {
      help: "give a range with fewer: 0.05..0.9/7",
    });
  });
}

const names = listOf("names", (part) => [part]);

const requestRate = "a number of requests per second, such as 2000, or a share of the capacity, such as 70%";
const rateLevels = listOf("rates", (part, name) => rangeOf(part) ?? [positive(part, name, requestRate)]);

/** Rates of an open loop in requests per second, or the share of the closed loop's capacity that is its rate. */
export type Rates = readonly number[] | Rate;

/** The kinds of values that options take. */
export const kinds = {
  /** In cores: `0.1,0.3`, or `0.05..0.9` for seven levels spaced evenly on a log scale, or `0.05..0.9/5` for five. */
  cpuLevels: listOf(
    "levels",
    (part, name) => rangeOf(part) ?? [positive(part, name, "a number of cores above 0, such as 0.25")],
  ),
  /** In requests per second, written as CPU levels are, or one share such as `70%`. */
  rates: kind("list", "rates", (text, name): Rates => {
    if (!text.includes("%")) return rateLevels.parse(text, name);
    const shareOfCapacity = Number(/^\s*(\d*\.?\d+)%\s*$/.exec(text)?.[1]) / 100;
    if (shareOfCapacity > 2) throw wrong(name, text, "at most 200%");
    if (shareOfCapacity > 0) return { shareOfCapacity };
    throw wrong(name, text, "one share alone, such as 70%; a share cannot stand beside other rates");
  }),
  /** In bytes: `64M,256M,1G`. */
  memoryLevels: listOf("levels", (part, name) => [bytes(part, name)]),
  counts: listOf("counts", (part, name) => [parseCount(part, name)]),
  count: kind("number", "number", parseCount, { least: 1 }),
  countOrNone: kind("number", "number", (text, name) => (text === "0" ? 0 : parseCount(text, name)), { least: 0 }),
  /** A TCP port. */
  port: kind("number", "number", (text, name) => {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536) return Number(text);
    throw wrong(name, text, "a port from 1 to 65535");
  }),
  /** In seconds, above 0. */
  time: kind("word", "time", parseSeconds),
  /** In seconds, or 0. */
  timeOrNone: kind("word", "time", parseSecondsOrNone),
  milliseconds: kind("word", "time", (text, name) => parseSecondsOrNone(text, name) * 1000),
  share: kind("word", "share", parseShare),
  /** When requests of an open loop come: `constant`, `poisson`, or `bursts:50`, so many at once. */
  arrivals: kind("word", "arrivals", (text, name): Arrivals => {
    const size = /^bursts:([1-9]\d{0,5})$/.exec(text)?.[1];
    if (size !== undefined) return { kind: "bursts", size: Number(size) };
    if (text === "constant" || text === "poisson") return { kind: text };
    throw wrong(name, text, "constant, poisson, or bursts:50 for 50 requests at once");
  }),
  size: kind("word", "size", parseSize),
  url: kind("text", "url", (text, name) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.username || url?.password) throw wrong(name, url.host, "free of a user and a password", "");
    if (url?.protocol === "http:") return text;
    throw wrong(name, text, "an http:// URL", "");
  }),
  /** Files and folders; relative ones begin at the working folder. */
  paths: listOf("paths", (part) => [resolve(part)]),
  /** `HOST:PORT` of this machine. */
  addresses: listOf("addresses", (part, name) => {
    const [host, port] = hostAndPort(part);
    if (isLoopback(host) && port > 0) return [`${host}:${port}`];
    throw wrong(name, part, "an address of this machine, such as 127.0.0.1:9001");
  }),
  /** An http or https URL of this machine, with a port or `{{listen}}`. */
  ownUrl: kind("text", "url", (text, name) => {
    const filled = text.replace("{{listen}}", "127.0.0.1:1");
    const url = URL.canParse(filled) ? new URL(filled) : undefined;
    if (url && /^https?:$/.test(url.protocol) && isLoopback(url.hostname)) return text;
    throw wrong(name, text, "an http or https URL of this machine, such as https://127.0.0.1:8443/", "");
  }),
  text: kind("text", "text", (text) => text),
  /** Options of plugins by dotted names, one a line: `haproxy.accessLog=on`. */
  pluginOptions: kind("lines", "setting", (text, name) => {
    const options = text.split("\n").map((line) => {
      const [, dotted, value] = /^([a-z][a-z0-9-]*\.[a-z][a-z0-9]*)=(.*)$/i.exec(line) ?? [];
      if (dotted !== undefined && value !== undefined) return { dotted, value };
      throw wrong(name, line, "an option of a plugin and its value, such as haproxy.accessLog=on");
    });
    const named = Map.groupBy(options, ({ dotted }) => dotted);
    return Object.fromEntries([...named].map(([dotted, ones]) => [dotted, ones.map(({ value }) => value)]));
  }),
  onOff: kind("boolean", "", (text) => text === "true"),
  plugins: (plugins: NonNullable<ValueKind["plugins"]>): ValueKind<string[]> => ({ ...names, plugins }),
  choice: <const T extends string>(choices: readonly T[]): ValueKind<T> =>
    kind("word", "name", (text, name) => parseChoice(text, choices, name), { choices }),
};

/** Names: `haproxy,traefik`. Throws LAB_USAGE. */
export const parseNames = names.parse;

/** Arrivals as they are read: `poisson`, `bursts:50`. */
export function arrivalsText(arrivals: Arrivals): string {
  return arrivals.kind === "bursts" ? `bursts:${arrivals.size}` : arrivals.kind;
}

/** One size in bytes: `1K`. Throws LAB_USAGE. */
export function parseSize(text: string, name?: string): number {
  if (text.includes(",")) throw wrong(name, text, "one size, such as 1K");
  return bytes(text.trim(), name);
}

/** One of some words. Throws LAB_USAGE. */
export function parseChoice<T extends string>(text: string, choices: readonly T[], name?: string): T {
  const choice = choices.find((one) => one === text);
  if (choice) return choice;
  throw wrong(name, text, choices.join(" or "), "");
}

/** One of many names, which the help of the error lists. Throws LAB_USAGE. */
export function parseKnown<T extends string>(text: string, known: readonly T[], name: string): T {
  const found = known.find((one) => one === text);
  if (found) return found;
  throw new LabError("LAB_USAGE", `${name}: there is no "${text}"`, { help: `choose from: ${known.join(", ")}` });
}

/** A whole number above 0. Throws LAB_USAGE. */
export function parseCount(text: string, name?: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw wrong(name, text, "a whole number above 0");
}

/** Any number above 0. Throws LAB_USAGE. */
export function parsePositive(text: string, name?: string): number {
  return positive(text, name, "a number above 0");
}

/** A time in seconds, above 0: `10`, `10s`, `500ms`, `2m`. Throws LAB_USAGE. */
export function parseSeconds(text: string, name?: string): number {
  const seconds = secondsOf(text);
  if (seconds) return seconds;
  throw wrong(name, text, "a time such as 10s, 500ms or 2m");
}

/** A latency in milliseconds, the unit where the text has none: `20`, `20ms`, `1s`. Throws LAB_USAGE. */
export function parseLatency(text: string, name?: string): number {
  return Number((1000 * parseSeconds(/^[\d.]+$/.test(text) ? `${text}ms` : text, name)).toPrecision(12));
}

/** A time in seconds, or `0` for none. Throws LAB_USAGE. */
function parseSecondsOrNone(text: string, name?: string): number {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds;
  throw wrong(name, text, "a time such as 10s, 500ms or 2m, or 0");
}

/** A share between 0 and 1 from `5%` or `0.05`. Throws LAB_USAGE. */
export function parseShare(text: string, name?: string): number {
  const match = /^(\d*\.?\d+)(%?)$/.exec(text.trim());
  const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (share > 0 && share < 1) return share;
  throw wrong(name, text, "a share such as 5% or 0.05", "");
}

function secondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * { ms: 0.001, s: 1, m: 60, h: 3600 }[(match[2] ?? "s") as "ms" | "s" | "m" | "h"];
}

/** Levels of a range `low..high` without a count. */
const defaultRangeCount = 7;

/** The ends are what was asked for; the levels between them have two digits. */
function rangeOf(part: string): number[] | undefined {
  const match = /^(\d*\.?\d+)\.\.(\d*\.?\d+)(?:\/(\d+))?$/.exec(part);
  if (!match) return undefined;
  const [low, high, count] = [Number(match[1]), Number(match[2]), Number(match[3] ?? defaultRangeCount)];
  if (low <= 0 || high <= low || count < 2 || count > MOST_LEVELS) return undefined;
  const between = Array.from({ length: count - 2 }, (_, index) => low * (high / low) ** ((index + 1) / (count - 1)));
  return [low, ...between.map((level) => Math.min(high, Math.max(low, Number(level.toPrecision(2))))), high];
}

function positive(part: string, name: string | undefined, wanted: string): number {
  const value = /^\d*\.?\d+$/.test(part) ? Number(part) : Number.NaN;
  if (value > 0 && value < Infinity) return value;
  throw wrong(name, part, wanted);
}

const memoryUnits: Record<string, number> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function bytes(part: string, name?: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(part);
  const size = match && Math.round(Number(match[1]) * memoryUnits[match[2]!.toUpperCase()]!);
  if (size) return size;
  throw wrong(name, part, "a size such as 64M or 1G");
}

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

function wrong(name: string | undefined, value: string, wanted: string, help = "see ./lab help sweep"): LabError {
  return new LabError("LAB_USAGE", `${name ? `${name}: ` : ""}"${value}" is not ${wanted}`, {
    help: help || undefined,
  });
}
