import {
  parseChoice,
  parseCount,
  parseCountLevels,
  parseCpuLevels,
  parseMemoryLevels,
  parseNames,
  parsePort,
  parseRate,
  parseSeconds,
  parseSecondsOrNone,
  parseShare,
  parseSize,
  parseUrl,
} from "./levels.ts";

/** A kind of value that people write as text. */
export interface ValueKind<T = unknown> {
  /** Stands for the value in help, as in `--window <time>`. */
  readonly name: string;
  /** What it is in an experiment file. `list`: also a single word or number. */
  readonly written: "list" | "word" | "number" | "boolean" | "text";
  /** The smallest number. */
  readonly least?: number;
  /** All values there are. */
  readonly choices?: readonly string[];
  /** The kind of plugins whose ids it lists. */
  readonly plugins?: "proxy" | "load" | "limiter";
  /** `name` begins the message of an error. Throws LAB_USAGE. */
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

/** The kinds of values that options take; in cores, bytes, seconds, requests per second, or shares of 1. */
export const kinds = {
  cpuLevels: kind("list", "levels", parseCpuLevels),
  memoryLevels: kind("list", "levels", parseMemoryLevels),
  counts: kind("list", "counts", parseCountLevels),
  count: kind("number", "number", parseCount, { least: 1 }),
  countOrNone: kind("number", "number", (text, name) => (text === "0" ? 0 : parseCount(text, name)), { least: 0 }),
  port: kind("number", "number", parsePort, { least: 1 }),
  time: kind("word", "time", parseSeconds),
  timeOrNone: kind("word", "time", parseSecondsOrNone),
  milliseconds: kind("word", "time", (text, name) => parseSecondsOrNone(text, name) * 1000),
  share: kind("word", "share", parseShare),
  rate: kind("word", "rate", parseRate),
  size: kind("word", "size", parseSize),
  url: kind("text", "url", parseUrl),
  text: kind("text", "text", (text) => text),
  /** Without a value on the command line. */
  onOff: kind("boolean", "", (text) => text === "true"),
  plugins: (plugins: NonNullable<ValueKind["plugins"]>) => kind("list", "names", parseNames, { plugins }),
  choice: <const T extends string>(choices: readonly T[]) =>
    kind("word", "name", (text, name) => parseChoice(text, choices, name), { choices }),
};
