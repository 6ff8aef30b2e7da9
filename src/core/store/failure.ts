import { LabError, messageOf } from "../errors.ts";

/** What can happen to a store, and what helps. */
const REASONS = {
  locked: ["another process has it locked", "try again once that has ended"],
  readOnly: ["it is read-only", "make it writable, or name another file with --store"],
  disk: ["the disk cannot be read or written", "look at the disk; what was stored before is untouched"],
  damaged: ["it is damaged", "see what can be read: ./lab store check"],
  full: ["the disk is full", "make room; what was stored before is untouched"],
  unopened: ["its permissions, or those of its folder, do not allow it", "check the path"],
  foreign: ["it is no SQLite file", "name another file with --store"],
} as const;

type Reason = keyof typeof REASONS;

/** By the primary result codes of SQLite, and by those of the system. */
const BY_CODE: Readonly<Record<string, Reason>> = {
  5: "locked",
  6: "locked",
  8: "readOnly",
  10: "disk",
  11: "damaged",
  13: "full",
  14: "unopened",
  26: "foreign",
  EROFS: "readOnly",
  EACCES: "readOnly",
  EPERM: "readOnly",
  ENOSPC: "full",
  EDQUOT: "full",
};

interface Cause {
  readonly errcode?: number;
  readonly code?: string;
}

/** What went wrong with a store as an error for people; one that is for people already stays as it is. */
export function storeFailure(path: string, doing: "opened" | "read" | "written", cause: unknown): LabError {
  if (cause instanceof LabError) return cause;
  const reason = reasonOf(cause);
  const [what, help] = reason ? REASONS[reason] : [messageOf(cause), "see what can be read: ./lab store check"];
  return new LabError("LAB_STORE", `the store ${path} cannot be ${doing}: ${what}`, { help, cause });
}

/** Whether it failed only because another process was at it. */
export function isLocked(error: unknown): boolean {
  return reasonOf(error instanceof LabError ? error.cause : error) === "locked";
}

/** Whether it may go well a little later: another process lets go, or somebody makes room. */
export function mayPass(error: unknown): boolean {
  const reason = reasonOf(error instanceof LabError ? error.cause : error);
  return reason === "locked" || reason === "full";
}

function reasonOf(cause: unknown): Reason | undefined {
  const { errcode, code } = (cause ?? {}) as Cause;
  return BY_CODE[errcode === undefined ? String(code) : errcode & 0xff];
}
