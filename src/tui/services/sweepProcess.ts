import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LabEvent } from "../../core/domain/events.ts";
import { argumentsOf, type SweepFlags } from "../../core/domain/options.ts";
import { findStoreFile, type Named } from "../../core/places.ts";
import { startCompanion } from "../../core/process/companion.ts";
import type { HeldSweep, Problem } from "../services.ts";
import { filesOf } from "./client.ts";

/** Starts `lab sweep` with these flags in a process of its own, which stops when this one ends, unless it was detached. */
export function startSweep(flags: SweepFlags, named: Named, onEvent: (event: LabEvent) => void): HeldSweep {
  const args = ["sweep", "--json", "--steered", ...argumentsOf(flags), ...filesOf(named)];
  const command = startCompanion(args, (line, stream) => {
    if (stream === "stdout") onEvent(JSON.parse(line) as LabEvent);
  });
  return {
    tell: (told) => command.tell(JSON.stringify(told)),
    detach() {
      const folder = join(dirname(findStoreFile(named.store)), "detached");
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
