import type { Launch, LimiterPlugin, Limits } from "../../../contract/index.ts";
import { resolveLaunch } from "../../../process/launcher.ts";
import { door } from "../../door.ts";
import type { Held } from "../../held.ts";
import type { Entry } from "../../registry.ts";
import type { LiveLab } from "./lab.ts";
import { leavesNoProcess } from "./processes.ts";
import type { Steps } from "./steps.ts";

/** A program that runs under the limiter. */
export interface Program {
  readonly confined: Held;
  readonly launch: Launch;
  /** Entries on the clean-up list before it was started. */
  readonly ownedBefore: number;
}

export interface Wanted {
  /** What is tried first of all: that it can be started. */
  readonly rule: string;
  /** Text for /bin/sh. */
  readonly script: string;
  readonly limits: Limits;
  /** Cores that it is to run on; absent means any. */
  readonly cores?: readonly number[];
}

/** Starts a program, tries rules on it, and ends it. Without the program there is nothing to try. */
export async function withProgram(
  lab: LiveLab,
  entry: Entry<LimiterPlugin>,
  steps: Steps,
  { rule, limits, ...what }: Wanted,
  body: (program: Program) => Promise<void>,
): Promise<void> {
  const scratch = await lab.host.scratchDir();
  const ownedBefore = lab.owned();
  let confined: Held | undefined;
  try {
    const launch = await launchOf(what, scratch.path);
    confined = await steps.try(rule, (signal) => door.start(entry, launch, limits, lab.host, signal), {
      late: (late) => late.stop(0).catch(() => {}),
    });
    if (confined) await body({ confined, launch, ownedBefore });
  } finally {
    // What does not stop, or is left, is told by a rule.
    await confined?.stop(0).catch(() => {});
    if (confined) await leavesNoProcess(scratch.path, confined.pid).catch(() => {});
    await scratch.remove();
  }
}

/** Variable that a program must find in its environment. */
export const ownVariable = { LAB_CHECK: "given" };

async function launchOf({ script, cores }: Pick<Wanted, "script" | "cores">, scratchDir: string): Promise<Launch> {
  const place = { name: "check", found: { available: true, executable: "/bin/sh" } as const, scratchDir };
  const spec = { argv: ["sh", "-c", script], env: ownVariable } as const;
  const launch = await resolveLaunch(spec, { ...place, ...(cores ? { cores } : {}) });
  return { ...launch, openFiles: 1234 }; // a number that nobody has by chance
}
