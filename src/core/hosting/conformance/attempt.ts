import { LabError, messageOf } from "../../errors.ts";
import { reasonWithPlace } from "../thread/place.ts";

/** What became of one rule. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, in one line. */
  readonly reason?: string;
  /** The last lines that its program wrote, where that says why. */
  readonly output?: string;
  /** What was measured, where that says more than that the rule holds. */
  readonly detail?: string;
  /** Of the live part: it was tried on the real program. */
  readonly live?: true;
}

export interface Attempt<T> {
  readonly result: CheckResult;
  /** What `run` resolved to; absent where it failed. */
  readonly value?: T;
  /** It had not ended when its time was over. */
  readonly hangs: boolean;
}

/**
 * Runs a rule within its time; what it throws is why the rule is broken. Never rejects. `late` gets what `run` resolved to
 * after its time was over.
 */
export async function attempt<T>(
  name: string,
  run: () => T | Promise<T>,
  { timeoutMs, late }: { readonly timeoutMs: number; readonly late?: ((value: T) => void) | undefined },
): Promise<Attempt<T>> {
  const unsettled = new Error(`did not settle in ${timeoutMs / 1000} s`);
  const running = (async () => run())();
  try {
    return { result: { name, ok: true }, value: await within(timeoutMs, running, unsettled), hangs: false };
  } catch (cause) {
    if (late) void running.then(late, () => {});
    const output = cause instanceof LabError ? cause.output : undefined;
    const result = { name, ok: false, reason: reasonOf(cause), ...(output === undefined ? {} : { output }) };
    return { result, hangs: cause === unsettled };
  }
}

/** What a promise resolves to. Throws `late` where it is not settled in time. */
export async function within<T>(timeoutMs: number, running: Promise<T>, late: Error): Promise<T> {
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late), timeoutMs);
  try {
    return await Promise.race([running, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** The help of an error of the lab is often what the program itself said. */
function reasonOf(cause: unknown): string {
  const help = cause instanceof LabError ? cause.help : undefined;
  return help ? `${messageOf(cause)}: ${help}` : reasonWithPlace(cause);
}
