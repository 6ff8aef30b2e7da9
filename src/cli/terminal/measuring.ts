import { SWEEP_OPTIONS } from "../../core/domain/options.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { EXIT } from "../../core/errors.ts";
import type { FinishedSweep, Lab } from "../../core/lab.ts";
import { interruptible } from "./interrupt.ts";
import { reporting, withProgress } from "./progress.ts";
import type { Steering } from "./steering.ts";

export interface Measuring {
  /** Prints events. */
  readonly json?: boolean | undefined;
  readonly port?: string | undefined;
  readonly resume?: string | undefined;
  readonly steering?: Steering | undefined;
}

/** Runs a sweep that a signal ends, with progress on stderr and, with `json`, events on stdout. */
export function measure(
  lab: Lab,
  spec: SweepSpec,
  { json, port, resume, steering }: Measuring,
): Promise<FinishedSweep> {
  const options = {
    ...(steering ? { control: steering.control } : {}),
    ...(resume === undefined ? {} : { resume }),
    ...(port === undefined ? {} : { proxyPort: SWEEP_OPTIONS.port.value.parse(port, "--port") }),
  };
  const told = { ...reporting(json), ...(json && steering ? { print: steering.print } : {}) };
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
