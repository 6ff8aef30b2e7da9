import type { MachineFacts } from "./machine.ts";

/** One thing that was looked at. */
export interface Check {
  readonly id: string;
  /** What it is, in a word or two. */
  readonly title: string;
  /** What was found, in one line. */
  readonly value: string;
  /** `warning`: figures may suffer. `problem`: something cannot work. */
  readonly state: "ok" | "warning" | "problem";
  /** What would help: a command where there is one. */
  readonly advice?: string;
}

/** A command as this user must write it. */
export function asRoot(command: string, { root }: Pick<MachineFacts, "root">): string {
  return root ? command : `sudo ${command}`;
}
