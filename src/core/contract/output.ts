import type { LoadOutput } from "./load.ts";

const loadFailureCode = "LOAD_FAILURE";

/**
 * For `parse` to throw: the tool failed, or printed what cannot be read. That is a fault of this run, not of the plugin;
 * the message, one line that names the tool, goes into the record of the trial.
 */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
  /** What it is known by: another thread, or another copy of this module, has another class. */
  readonly code = loadFailureCode;
}

/** Whether what was thrown is a LoadFailure, also one of another thread. */
export function isLoadFailure(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === loadFailureCode;
}

/** How a load tool ended and the most telling line that it wrote, an error if there is one: for messages of `parse`. */
export function lastWords({ stdout, stderr, code, signal }: LoadOutput): string {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  const ending = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
  const telling = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
  return `${ending} after ${telling ? `"${telling.trim().slice(0, 200)}"` : "no output"}`;
}
