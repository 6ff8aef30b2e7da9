import { kernelText } from "./kernel/kernelText.ts";

/**
 * A process, told apart from later ones with the same pid: its pid and, where there is /proc, when it began, in ticks since
 * boot. `undefined` when it has ended. Source: proc_pid_stat(5).
 */
export function identityOf(pid: number): string | undefined {
  if (!exists(pid)) return undefined;
  const text = kernelText(`/proc/${pid}/stat`);
  if (text === undefined) return String(pid);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // a process may be named "a) b"
  return fields[0] === "Z" ? undefined : `${pid} ${fields[19]}`;
}

/** Whether the process of an identity still runs. */
export function isRunning(identity: string): boolean {
  return identityOf(Number.parseInt(identity, 10)) === identity;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
