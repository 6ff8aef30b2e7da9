import type { LabEvent } from "../../core/domain/events.ts";
import type { Face } from "../../core/domain/face.ts";
import { SWEEP_OPTIONS } from "../../core/domain/options.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { EXIT } from "../../core/errors.ts";
import { type FinishedSweep, Lab } from "../../core/lab.ts";
import { noticeInWords } from "../../core/words/notice.ts";
import { interruptible } from "./interrupt.ts";
import { type CommonOptions, printLine, terminal, warn } from "./output.ts";
import { Progress, type Whole } from "./progress.ts";
import type { Steering } from "./steering.ts";

/** Does work in the lab that the common options ask for, and closes it. */
export async function inLab<T>(options: CommonOptions, work: (lab: Lab) => T | Promise<T>): Promise<T> {
  const lab = await Lab.open(options, faceFor(options), targetsNamedBy(options));
  try {
    return await work(lab);
  } finally {
    lab.close();
  }
}

/** Hosts that load may be sent to: an origin that a program passes on may come from a file, and counts for nothing. */
function targetsNamedBy({ allowTarget, ...flags }: CommonOptions): string[] {
  const { origin, steered } = flags as { readonly origin?: string; readonly steered?: boolean };
  const named = origin !== undefined && !steered && URL.canParse(origin) ? [new URL(origin).hostname] : [];
  return [...(allowTarget?.split(",").map((host) => host.trim()) ?? []), ...named];
}

function faceFor({ json = false }: CommonOptions): Face {
  return {
    onNotice: (notice) => warn(noticeInWords(notice)),
    running: (work) => interruptible((signal) => withProgress({ quiet: json }, (onEvent) => work({ signal, onEvent }))),
  };
}

/** How work that measures is told of. */
export interface Telling {
  /** Say nothing on stderr unless it is a terminal (`--json` in a pipeline). */
  readonly quiet?: boolean | undefined;
  /** Gets each event as a line of JSON. */
  readonly print?: ((line: string) => void) | undefined;
  readonly whole?: Whole;
}

/** With `--json` events are printed. */
export function telling(json = false): Telling {
  return { quiet: json, print: json ? printLine : undefined };
}

/** Does work that measures, with progress on stderr. */
export async function withProgress<T>(
  { quiet = false, print, whole }: Telling,
  work: (onEvent: (event: LabEvent) => void) => Promise<T>,
): Promise<T> {
  const progress = new Progress(process.stderr, { quiet, ascii: terminal().ascii, whole });
  try {
    return await work((event) => {
      print?.(JSON.stringify(event));
      progress.see(event);
    });
  } finally {
    progress.close();
  }
}

export interface Measuring {
  /** Prints events. */
  readonly json?: boolean | undefined;
  readonly port?: string | undefined;
  readonly resume?: string | undefined;
  readonly resumeImported?: boolean | undefined;
  readonly steering?: Steering | undefined;
}

/** Runs a sweep that a signal ends, with progress on stderr and, with `json`, events on stdout. */
export function measure(
  lab: Lab,
  spec: SweepSpec,
  { json, port, resume, resumeImported, steering }: Measuring,
): Promise<FinishedSweep> {
  const options = {
    ...(steering ? { control: steering.control } : {}),
    ...(resume === undefined ? {} : { resume, resumeImported: resumeImported ?? false }),
    ...(port === undefined ? {} : { proxyPort: SWEEP_OPTIONS.port.value.parse(port, "--port") }),
  };
  const told = { ...telling(json), ...(json && steering ? { print: steering.print } : {}) };
  const run = (signal: AbortSignal) =>
    withProgress(told, (onEvent) => {
      const ended = steering ? AbortSignal.any([signal, steering.signal]) : signal;
      return lab.sweeps.run(spec, { ...options, signal: ended, onEvent });
    });
  // Who steers it says by closing stdin that it is gone, unless it was detached.
  return interruptible(run, { heedReader: steering === undefined });
}

/** The exit code of a sweep. */
export function exitCodeOf({ status, completed, failed }: FinishedSweep): number {
  if (status === "interrupted") return EXIT.interrupted;
  if (completed === 0 && failed > 0) return EXIT.nothingMeasured;
  return failed > 0 ? EXIT.someFailed : EXIT.ok;
}
