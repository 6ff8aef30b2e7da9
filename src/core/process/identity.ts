import { processStat } from "./kernel/processStat.ts";
import { sendSignal } from "./signal.ts";

/**
 * A process, told apart from later ones with the same pid: its pid and, where there is /proc, when it began, in ticks since
 * boot. `undefined` when it has ended.
 */
export function identityOf(pid: number): string | undefined {
  if (!sendSignal(pid, 0)) return undefined;
  const fields = processStat(pid);
  if (fields === undefined) return String(pid);
  return fields[0] === "Z" ? undefined : `${pid} ${fields[19]}`;
}

/** Whether the process of an identity still runs. */
export function isRunning(identity: string): boolean {
  return identityOf(Number.parseInt(identity, 10)) === identity;
}
