import { join } from "node:path";

/** A command to run. */
export interface Step {
  /** What it does, for people. */
  readonly title: string;
  readonly argv: readonly [string, ...string[]];
  /** Variables added to the lab's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The programs that need it. */
  readonly programs: readonly string[];
  /** Folder that is there for the step and is removed again when it fails. */
  readonly makes?: string;
  /** The steps after it may do without it. */
  readonly optional?: boolean;
}

/** A folder of the lab's own for a program. The executables come to be in its folder bin, where the host looks for them. */
export function toolDir(dataDir: string, name: string): string {
  return join(dataDir, "tools", name.replaceAll("/", "-"));
}
