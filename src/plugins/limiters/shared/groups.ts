import { setTimeout as sleep } from "node:timers/promises";
import type { LimiterHost } from "../../../core/contract/index.ts";

/** Where control groups are mounted. */
export const mount = "/sys/fs/cgroup";

const pollMs = 5;

/**
 * Removes a control group once its processes have gone, which they have not at once when they were killed. False when that
 * takes too long; it is left to the lab's own clean-up then. `until` as of `Date.now()`; `meanwhile` is done between tries.
 */
export async function removeGroup(
  path: string,
  host: LimiterHost,
  until: number,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<boolean> {
  while (!(await succeeds(host.removeDir(path)))) {
    if (Date.now() > until) return false;
    await meanwhile();
    await sleep(pollMs);
  }
  return true;
}

export function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
