/** Tells a process of the lab and its children to come to an end by themselves. One that is gone already is left alone. */
export function interruptGroup(pid: number): void {
  if (pid <= 1) return; // a program that could not be started; these would mean this process's own group, or all
  try {
    process.kill(-pid, "SIGINT");
  } catch {
    // Already gone.
  }
}
