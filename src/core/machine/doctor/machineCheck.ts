import type { Advice } from "../advice.ts";

/** One thing of the machine that was looked at. */
export interface MachineCheck {
  readonly id: string;
  /** What it is, in a word or two. */
  readonly title: string;
  /** What was found, in one line. */
  readonly value: string;
  /** `warning`: figures may suffer. `problem`: something cannot work. */
  readonly state: "ok" | "warning" | "problem";
  /** What would help. */
  readonly advice?: Advice;
}

type Found = Pick<MachineCheck, "id" | "title" | "value">;

/** A warning if there is advice, else ok. */
export function warnIf(found: Found, advice: Advice | undefined): MachineCheck {
  return advice ? { ...found, state: "warning", advice } : { ...found, state: "ok" };
}

/** Something cannot work. */
export function problem(found: Found, advice: Advice): MachineCheck {
  return { ...found, state: "problem", advice };
}
