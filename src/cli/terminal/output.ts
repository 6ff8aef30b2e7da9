import { forTerminal } from "../../core/cells/text.ts";
import { asProblem, type LabError, toLabError } from "../../core/errors.ts";
import { type Named, tellStarter } from "../../core/lab.ts";

/** Options that mean the same for every command. */
export interface CommonOptions extends Named {
  readonly json?: boolean;
  /** Hosts beside this machine that load may be sent to. */
  readonly allowTarget?: string;
}

// A reader that has read enough (`| head`) is no fault, also when it turns out after the last line.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

/** The only writer of stdout. */
export function printLine(text: string): void {
  process.stdout.write(shown(`${text}\n`, process.stdout));
}

/** Prints a value for a program to read. */
export function printJson(value: unknown): void {
  printLine(JSON.stringify(value));
}

/** Prints data as it is. */
export function printData(data: string | Uint8Array): void {
  process.stdout.write(typeof data === "string" ? shown(data, process.stdout) : data);
}

/** Text as it is, but on a terminal without what would do more than to show and to colour it. */
function shown(text: string, { isTTY }: { readonly isTTY?: boolean }): string {
  return isTTY ? forTerminal(text) : text;
}

/** How to draw on the standard output. */
export interface Terminal {
  readonly width: number;
  readonly colour: boolean;
  readonly ascii: boolean;
}

const widthOfAPage = 100;
/** Lines of a chart. */
export const chartHeight = 20;

export function terminal(): Terminal {
  const { stdout, env } = process;
  return {
    width: Math.min(stdout.columns ?? widthOfAPage, 160),
    colour: (stdout.isTTY ?? false) && !env.NO_COLOR && env.TERM !== "dumb",
    ascii: env.TERM === "dumb" || !/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "utf8"),
  };
}

/** Says on stderr what the user should know, in one line. */
export function warn(text: string): void {
  process.stderr.write(shown(`lab: ${text}\n`, process.stderr));
}

/** Says on stderr, in one line and one of help, what went wrong; returns the exit code. */
export function reportError(thrown: unknown): number {
  const error = toLabError(thrown);
  tellStarter(asProblem(error));
  const say = (text: string) => process.stderr.write(shown(text, process.stderr));
  say(`lab: ${error.message}\n${error.help ? `  ${error.help}\n` : ""}`);
  if (process.env.LAB_DEBUG) say(`${error.code}\n${stackOf(error)}\n`);
  else if (error.code === "LAB_FAULT") process.stderr.write("  this is a fault of the lab; LAB_DEBUG=1 shows where\n");
  return error.exitCode;
}

function stackOf(error: LabError): string {
  return (error.cause instanceof Error ? error.cause.stack : error.stack) ?? "";
}

/** A value under a dotted name: `latencyMs.p99` -> `{ latencyMs: { p99: value } }`. */
export function nested(name: string, value: unknown): object {
  return name.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}
