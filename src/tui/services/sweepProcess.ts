import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LabEvent } from "../../core/domain/events.ts";
import { argumentsOf, type SweepFlags } from "../../core/domain/options.ts";
import { EXIT, type Problem } from "../../core/errors.ts";
import { findStoreFile, type Named } from "../../core/places.ts";
import { startCompanion } from "../../core/process/companion.ts";
import { pinSelf } from "../../core/process/pin.ts";
import type { HeldSweep } from "../services.ts";
import { filesOf } from "./client.ts";

/** Starts `lab sweep` with these flags in a process of its own, which stops when this one ends, unless it was detached. */
export function startSweep(flags: SweepFlags, named: Named, onEvent: (event: LabEvent) => void): HeldSweep {
  const args = ["sweep", "--json", "--steered", ...argumentsOf(flags), ...filesOf(named)];
  const place = new Place();
  const command = startCompanion(args, (line, stream) => {
    if (stream !== "stdout") return;
    const event = JSON.parse(line) as LabEvent;
    place.heed(event);
    onEvent(event);
  });
  return {
    tell: (told) => command.tell(JSON.stringify(told)),
    detach() {
      const folder = join(dirname(findStoreFile(named.store)), "detached");
      mkdirSync(folder, { recursive: true });
      const log = join(folder, `${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.jsonl`);
      command.tell(JSON.stringify({ do: "detach", log }));
      command.release();
      void place.leave();
      return log;
    },
    ended: command.exited.then(async (exit) => {
      await place.leave();
      return problemIn(exit);
    }),
  };
}

/**
 * Where the console runs while a sweep measures: on the cores of the load tool, once the first trial has told which these
 * are. What drawing takes from the proxy's core would be missing from the rates.
 */
class Place {
  #moved: Promise<() => Promise<void>> | undefined;

  heed(event: LabEvent): void {
    if (event.type === "trial-finished") this.#moved ??= pinSelf(event.record.environment.placement?.rest);
  }

  async leave(): Promise<void> {
    await (await this.#moved)?.();
  }
}

/** Why nothing was measured; that trials failed, or were interrupted, is no fault of the command. */
function problemIn({ code, problem }: { readonly code?: number; readonly problem?: Problem }): Problem | undefined {
  if (code === EXIT.ok || code === EXIT.someFailed || code === EXIT.interrupted) return undefined;
  if (problem || code === EXIT.nothingMeasured) return problem;
  return { code: "LAB_FAULT", message: "the sweep ended without a word" };
}
