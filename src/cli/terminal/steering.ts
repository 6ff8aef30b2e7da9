import { appendFileSync } from "node:fs";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { SweepControl } from "../../core/lab.ts";

const command = v.variant("do", [
  v.object({ do: v.picklist(["pause", "resume", "skip", "repeat"]) }),
  v.object({ do: v.literal("stop") }),
  v.object({ do: v.literal("budget"), seconds: v.exactOptional(v.pipe(v.number(), v.minValue(0))) }),
  v.object({ do: v.literal("detach"), log: v.string() }),
]);

/** A sweep in the hands of another program. */
export interface Steering {
  readonly control: SweepControl;
  /** Aborted when the sweep is to stop: it was told so, or whoever steered it has gone. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/**
 * Takes commands, one JSON object a line: pause, resume, skip, repeat, budget, stop, and detach, which makes the sweep go
 * on by itself and log its events to a file. Without that the sweep stops when the input ends.
 */
export function steeredBy(input: NodeJS.ReadableStream, printLine: (line: string) => void): Steering {
  const control = new SweepControl();
  const stopping = new AbortController();
  let log: string | undefined;
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    const read = v.safeParse(command, parsed(line));
    if (!read.success) return;
    const told = read.output;
    if (told.do === "stop") stopping.abort();
    else if (told.do === "detach") log = told.log;
    else control.tell(told);
  });
  lines.on("close", () => {
    if (log === undefined) stopping.abort();
  });
  // An input that is still open must not keep the process alive.
  (input as Partial<Socket>).unref?.();
  // Whoever read this may have gone.
  process.stderr.on("error", () => {});
  return {
    control,
    signal: stopping.signal,
    print: (line) => (log === undefined ? printLine(line) : appendFileSync(log, `${line}\n`)),
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
