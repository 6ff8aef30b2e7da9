import { setTimeout as sleep } from "node:timers/promises";
import type { LimiterHost } from "../../../core/contract/index.ts";

/** Where control groups are mounted. */
export const mount = "/sys/fs/cgroup";

const pollMs = 5;

/**
 * Removes a control group once its processes are gone: a killed process stays for a moment. False if that takes too long;
 * the lab's own clean-up then removes it. `until` as of `Date.now()`; `meanwhile` is done between tries.
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
