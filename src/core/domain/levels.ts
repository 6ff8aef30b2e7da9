import { LabError } from "../errors.ts";
import type { Rate } from "./point.ts";

/*
 * Parsers of what people type. Each takes the text and the name of what is set, such as `--cpu`, which begins the message of
 * an error; without a name the message is of the text alone.
 */

/** Levels of a range `low..high` without a count. */
const defaultRangeCount = 7;

const memoryUnits: Record<string, number> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/**
 * CPU levels in cores: `0.1,0.3`, or `0.05..0.9` for seven levels spaced evenly on a log scale, or `0.05..0.9/5` for five.
 * Throws LAB_USAGE.
 */
export function parseCpuLevels(text: string, name = ""): number[] {
  return levels(
    text,
    name,
    (part) => rangeOf(part) ?? [positive(part, name, "a number of cores above 0, such as 0.25")],
  );
}

/** Memory levels in bytes: `64M,256M,1G`. Throws LAB_USAGE. */
export function parseMemoryLevels(text: string, name = ""): number[] {
  return levels(text, name, (part) => [memoryBytes(part, name)]);
}

/** Counts: `1,3`. Throws LAB_USAGE. */
export function parseCountLevels(text: string, name = ""): number[] {
  return levels(text, name, (part) => [parseCount(part, name)]);
}

/** One size in bytes: `1K`. Throws LAB_USAGE. */
export function parseSize(text: string, name = ""): number {
  if (text.includes(",")) throw wrong(name, text, "one size, such as 1K");
  return memoryBytes(text.trim(), name);
}

/** One of some words. Throws LAB_USAGE. */
export function parseChoice<T extends string>(text: string, choices: readonly T[], name = ""): T {
  const choice = choices.find((one) => one === text);
  if (choice) return choice;
  throw wrong(name, text, choices.join(" or "), "");
}

/** Names: `haproxy,traefik`. Throws LAB_USAGE. */
export function parseNames(text: string, name = ""): string[] {
  return levels(text, name, (part) => [part]);
}

/** A whole number above 0. Throws LAB_USAGE. */
export function parseCount(text: string, name = ""): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw wrong(name, text, "a whole number above 0");
}

/** A TCP port. Throws LAB_USAGE. */
export function parsePort(text: string, name = ""): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw wrong(name, text, "a port from 1 to 65535");
}

/** An `http://` URL. Throws LAB_USAGE. */
export function parseUrl(text: string, name = ""): string {
  if (URL.canParse(text) && new URL(text).protocol === "http:") return text;
  throw wrong(name, text, "an http:// URL");
}

/** Any number above 0. Throws LAB_USAGE. */
export function parsePositive(text: string, name = ""): number {
  return positive(text, name, "a number above 0");
}

/** A time in seconds, above 0: `10`, `10s`, `500ms`, `2m`. Throws LAB_USAGE. */
export function parseSeconds(text: string, name = ""): number {
  const seconds = secondsOf(text);
  if (seconds) return seconds;
  throw wrong(name, text, "a time such as 10s, 500ms or 2m");
}

/** The same, or `0` for none. Throws LAB_USAGE. */
export function parseSecondsOrNone(text: string, name = ""): number {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds;
  throw wrong(name, text, "a time such as 10s, 500ms or 2m, or 0");
}

/** A share between 0 and 1 from `5%` or `0.05`. Throws LAB_USAGE. */
export function parseShare(text: string, name = ""): number {
  const match = /^(\d*\.?\d+)(%?)$/.exec(text.trim());
  const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (share > 0 && share < 1) return share;
  throw wrong(name, text, "a share such as 5% or 0.05", "");
}

/** The rate of an open loop: `2000` requests per second, or `70%` of what the closed loop reaches. Throws LAB_USAGE. */
export function parseRate(text: string, name = ""): Rate {
  const share = /^(\d*\.?\d+)%$/.exec(text)?.[1];
  const wanted = "requests per second, such as 2000, or a share of the capacity, such as 70%";
  if (share === undefined) return { requestsPerSecond: positive(text, name, wanted) };
  const shareOfCapacity = positive(share, name, wanted) / 100;
  if (shareOfCapacity <= 2) return { shareOfCapacity };
  throw wrong(name, text, "at most 200%");
}

function levels<T>(text: string, name: string, parse: (part: string) => T[]): T[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => part === "")) throw wrong(name, text, "a list such as a,b");
  return [...new Set(parts.flatMap(parse))];
}

function secondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * { ms: 0.001, s: 1, m: 60, h: 3600 }[(match[2] ?? "s") as "ms" | "s" | "m" | "h"];
}

/** The ends are what was asked for; the levels between them have two digits. */
function rangeOf(part: string): number[] | undefined {
  const match = /^(\d*\.?\d+)\.\.(\d*\.?\d+)(?:\/(\d+))?$/.exec(part);
  if (!match) return undefined;
  const [low, high, count] = [Number(match[1]), Number(match[2]), Number(match[3] ?? defaultRangeCount)];
  if (low <= 0 || high <= low || count < 2) return undefined;
  const between = Array.from({ length: count - 2 }, (_, index) => low * (high / low) ** ((index + 1) / (count - 1)));
  return [low, ...between.map((level) => Math.min(high, Math.max(low, twoDigits(level)))), high];
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}

function positive(part: string, name: string, wanted: string): number {
  const value = /^\d*\.?\d+$/.test(part) ? Number(part) : Number.NaN;
  if (value > 0) return value;
  throw wrong(name, part, wanted);
}

function memoryBytes(part: string, name = ""): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(part);
  const bytes = match && Math.round(Number(match[1]) * memoryUnits[match[2]!.toUpperCase()]!);
  if (bytes) return bytes;
  throw wrong(name, part, "a size such as 64M or 1G");
}

function wrong(name: string, value: string, wanted: string, help = "see ./lab help sweep"): LabError {
  return new LabError("LAB_USAGE", `${name === "" ? "" : `${name}: `}"${value}" is not ${wanted}`, {
    help: help || undefined,
  });
}
