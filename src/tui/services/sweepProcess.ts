import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LabEvent } from "../../core/domain/events.ts";
import { argumentsOf, type SweepFlags } from "../../core/domain/options.ts";
import { EXIT, type Problem } from "../../core/errors.ts";
import { findStoreFile, type Named } from "../../core/places.ts";
import { startCompanion } from "../../core/process/companion.ts";
import type { HeldSweep } from "../services.ts";
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
    ended: command.exited.then(problemIn),
  };
}

/** Why nothing was measured; that trials failed, or were interrupted, is no fault of the command. */
function problemIn({ code, problem }: { readonly code?: number; readonly problem?: Problem }): Problem | undefined {
  if (code === EXIT.ok || code === EXIT.someFailed || code === EXIT.interrupted) return undefined;
  if (problem || code === EXIT.nothingMeasured) return problem;
  return { code: "LAB_FAULT", message: "the sweep ended without a word" };
}
