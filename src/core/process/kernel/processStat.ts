import { kernelText } from "./kernelText.ts";

/**
 * Fields of /proc/PID/stat from the third on: state, parent, process group, session and so on; `undefined` when the process
 * has ended, or where there is no /proc. Source: proc_pid_stat(5).
 */
export function processStat(pid: number): string[] | undefined {
  const text = kernelText(`/proc/${pid}/stat`);
  return text === undefined ? undefined : statFields(text);
}

/** The same from the text. */
export function statFields(text: string): string[] {
  return text.slice(text.lastIndexOf(")") + 2).split(" "); // a process may be named "a) b"
}
