/** Tells a process of the lab and its children to come to an end by themselves. One that is gone already is left alone. */
export function interruptGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGINT");
  } catch {
    // Already gone.
  }
}
