import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { argumentsOf, type SweepFlags } from "../../core/experiment/arguments.ts";
import type { SweepCommand } from "../../core/experiment/control.ts";
import { engineOptions, type Named } from "../../core/places.ts";
import { startCompanion } from "../../core/process/companion.ts";
import type { LabEvent } from "../../core/records/events.ts";
import type { Problem } from "../services.ts";
import { filesOf } from "./client.ts";

/** A sweep that runs in a process of its own, steered by this one. It stops when this one ends, unless it was detached. */
export interface SweepProcess {
  tell(command: SweepCommand | { readonly do: "stop" }): void;
  /** Lets it run on when this process has ended; its events go to a file. Returns the name of the file. */
  detach(): string;
  /** Resolves when it has ended: with the reason where it failed. */
  readonly ended: Promise<Problem | undefined>;
}

/** Starts `lab sweep` with these flags. */
export function startSweep(flags: SweepFlags, named: Named, onEvent: (event: LabEvent) => void): SweepProcess {
  const args = ["sweep", "--json", "--steered", ...argumentsOf(flags), ...filesOf(named)];
  const command = startCompanion(args, (line, stream) => {
    if (stream === "stdout") onEvent(JSON.parse(line) as LabEvent);
  });
  return {
    tell: (told) => command.tell(JSON.stringify(told)),
    detach() {
      const folder = join(dirname(engineOptions(named).storeFile), "detached");
      mkdirSync(folder, { recursive: true });
      const log = join(folder, `${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.jsonl`);
      command.tell(JSON.stringify({ do: "detach", log }));
      command.release();
      return log;
    },
    ended: command.exited.then(({ code, stderr }) => problemOf(code, stderr)),
  };
}

/** What the command said last, where it did not measure; that trials failed, or were interrupted, is no fault of it. */
function problemOf(code: number | undefined, stderr: string): Problem | undefined {
  if (code === 0 || code === 3 || code === 130) return undefined;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const at = lines.findLastIndex((line) => line.startsWith("lab: "));
  if (at < 0) return code === 4 ? undefined : { code: "LAB_FAULT", message: "the sweep ended without a word" };
  const help = lines[at + 1]?.trim();
  return { code: "LAB_FAULT", message: lines[at]!.slice("lab: ".length), ...(help ? { help } : {}) };
}
