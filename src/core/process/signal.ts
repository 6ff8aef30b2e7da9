/**
 * Sends a signal to a process, or to its group where the pid is negative; 0 only looks for it. False where there is none.
 * Never to this process's own group or to all (0 and -1), which is what the pid of a program that did not start would mean.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid === 0 || pid === -1) return false;
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it is there, but not ours
  }
}

/** Tells a process of the lab and its children to come to an end by themselves. */
export function interruptGroup(pid: number): void {
  sendSignal(-pid, "SIGINT");
}
