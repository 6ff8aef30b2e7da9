import type { Launch, LimiterPlugin, Limits } from "../../../contract/index.ts";
import { resolveLaunch } from "../../../process/launcher.ts";
import { door } from "../../door.ts";
import type { Held } from "../../held.ts";
import type { Entry } from "../../registry.ts";
import type { LiveLab } from "./lab.ts";
import { leavesNoProcess } from "./processes.ts";
import type { Steps } from "./steps.ts";

/** Memory that the hog takes at most, in kB: should its limit not be in force, the machine must not suffer. */
const hogKilobytes = 400_000;

/** Programs for /bin/sh. Those that end wait first: a limiter may need a moment to see that they run. */
export const scripts = {
  busy: "trap 'exit 0' TERM; while :; do :; done",
  ending: `{ env; echo "open files: $(ulimit -n)"; grep Cpus_allowed_list: /proc/self/status; } >surroundings
echo last words >&2; sleep 1; exit 7`,
  stubborn: "trap '' TERM; echo >ready; sleep 1000 & while :; do sleep 0.1; done",
  hog: `sleep 1; ulimit -v ${hogKilobytes}; exec tail /dev/zero`,
} as const;

/** A program that runs under the limiter. */
export interface HeldProgram {
  readonly confined: Held;
  readonly launch: Launch;
  /** Entries on the clean-up list before it was started. */
  readonly ownedBefore: number;
}

export interface ProgramWish {
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
  { rule, limits, ...what }: ProgramWish,
  body: (program: HeldProgram) => Promise<void>,
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

async function launchOf({ script, cores }: Pick<ProgramWish, "script" | "cores">, scratchDir: string): Promise<Launch> {
  const place = { name: "check", found: { available: true, executable: "/bin/sh" } as const, scratchDir, cores };
  const launch = await resolveLaunch({ argv: ["sh", "-c", script], env: ownVariable }, place);
  return { ...launch, openFiles: 1234 }; // a number that nobody has by chance
}
