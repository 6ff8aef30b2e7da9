import type { Confined, ControlGroup, Limits, Process, UsageCounters } from "../../../core/contract/index.ts";
import { isLate } from "./late.ts";

const defaultGraceMs = 2_000;
const strayWaitMs = 500;

/** What holds a process under its limits. */
export interface Holding {
  readonly group: ControlGroup;
  update(limits: Limits): Promise<void>;
  /** Kills all that is in the group, whatever process group it is in. */
  kill(): Promise<unknown>;
  /** Leaves nothing of the group. */
  remove(): Promise<unknown>;
}

/** A child of the lab in a control group. Its counters can be read after its end: they are kept when the group goes. */
export function confinedIn({ group, update, kill, remove }: Holding, child: Process): Confined {
  let last: UsageCounters | undefined;
  const exited = child.exited.then(async (exit) => {
    last ??= await group.usage();
    await remove();
    return exit;
  });
  return {
    ...child,
    exited,
    usage: async () => last ?? (await group.usage()),
    limits: () => group.limits(),
    update,
    async stop(graceMs = defaultGraceMs) {
      // What left the process group can hold the program's output open, and the program is then not seen to end.
      if (await isLate(child.stop(graceMs), graceMs + strayWaitMs)) {
        last = await group.usage();
        await kill();
      }
      await exited;
    },
  };
}
