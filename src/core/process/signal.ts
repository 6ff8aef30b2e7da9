/**
 * Sends a signal to a process, or to its group if the pid is negative; 0 only checks that it exists. False if there is none.
 * Never signals this process's own group or all processes (0 and -1), which the pid of a program that did not start means.
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
