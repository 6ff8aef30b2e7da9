import { inspect } from "node:util";
import { messageOf } from "../../errors.ts";

/** What came of a call or a promise, on its way to the other thread. */
export type Reply = { readonly ok: true; readonly value: unknown } | NoValue;

interface NoValue {
  readonly ok: false;
  readonly reason: string;
  /** An error was thrown: `reason` is what it says, and the rest is of it, where it has that. */
  readonly thrown: boolean;
  readonly code?: string | undefined;
  readonly stack?: string | undefined;
}

/** A call came to nothing: the other thread has ended, or what it returned cannot be passed on. The message says which. */
export class NoAnswer extends Error {}

/** For what was thrown. */
export function thrownReply(thrown: unknown): Reply {
  return { ok: false, reason: reasonOf(thrown), thrown: true, code: codeOf(thrown), stack: stackOf(thrown) };
}

/** For a value that cannot go to another thread. */
export function unpassable(cause: unknown): Reply {
  return { ok: false, reason: `returned what cannot be passed on: ${reasonOf(cause)}`, thrown: false };
}

/** Posts a reply; where it cannot go to another thread, one that says so. */
export function postReply(post: (reply: Reply) => void, reply: Reply): void {
  try {
    post(reply);
  } catch (cause) {
    post(unpassable(cause));
  }
}

/** The error to throw for a reply that is none. */
export function errorOf({ reason, thrown, code, stack }: NoValue): Error {
  if (!thrown) return new NoAnswer(reason);
  const error = stack === undefined ? new Error(reason) : new ThreadError(reason, stack);
  return Object.assign(error, code === undefined ? {} : { code });
}

/** An error that was thrown in another thread, with its stack there. */
export class ThreadError extends Error {
  override readonly stack: string;

  constructor(message: string, stack: string) {
    super(message);
    this.stack = stack;
  }
}

function codeOf(thrown: unknown): string | undefined {
  try {
    const { code } = thrown as { code?: unknown };
    return typeof code === "string" ? code : undefined;
  } catch {
    return undefined;
  }
}

function stackOf(thrown: unknown): string | undefined {
  try {
    return thrown instanceof Error && typeof thrown.stack === "string" ? thrown.stack : undefined;
  } catch {
    return undefined;
  }
}

/** What a thrown value says, in one line, whatever it is. */
export function reasonOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return messageOf(thrown) || thrown.name;
    return typeof thrown === "string" ? messageOf(thrown) : `threw ${messageOf(inspect(thrown, { depth: 1 }))}`;
  } catch {
    return "threw what cannot be shown";
  }
}
