import { LabError } from "../../../errors.ts";
import { attempt, type CheckResult } from "../attempt.ts";

/** Time for a step that does not say otherwise: nothing that a sound plugin does takes nearly as long. */
const stepTimeoutMs = 10_000;
/** A step whose signal is aborted gets this long to end what it has started. */
const patienceMs = 5_000;

/** Who wants to see the rules while they are tried. */
export interface StepWatch {
  readonly onBegin?: (name: string) => void;
  readonly onResult?: (result: CheckResult) => void;
}

export interface StepOptions<T> {
  /** What was measured, in a few words; unless given, the value itself if it is a text. */
  readonly detail?: (value: T) => string;
  /** Ends what a step has started that came back after its time, or after the user wanted no more. Never rejects. */
  readonly late?: (value: T) => Promise<void>;
  readonly timeoutMs?: number;
}

/** Tries live rules one after the other and tells of each. */
export class Steps {
  readonly #signal: AbortSignal;
  readonly #watch: StepWatch;

  constructor(signal: AbortSignal, watch: StepWatch = {}) {
    this.#signal = signal;
    this.#watch = watch;
  }

  /**
   * Tries a rule: what `run` resolves to, `undefined` where it throws or takes too long. The signal that `run` gets is
   * aborted at the end of its time. Throws LAB_INTERRUPTED when the user wants no more.
   */
  async try<T>(
    name: string,
    run: (signal: AbortSignal) => T | Promise<T>,
    { detail, late, timeoutMs = stepTimeoutMs }: StepOptions<T> = {},
  ): Promise<T | undefined> {
    this.#throwIfAborted();
    this.#watch.onBegin?.(name);
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)]);
    const bounds = { timeoutMs: timeoutMs + patienceMs, late };
    const { result, value } = await attempt(name, () => run(signal), bounds);
    if (this.#signal.aborted && result.ok) await late?.(value as T);
    this.#throwIfAborted();
    this.#watch.onResult?.({
      ...result,
      ...(result.ok && detail && { detail: detail(value as T) }),
      ...(typeof value === "string" && { detail: value }),
      ...(signal.aborted && !result.ok ? { reason: `was not done in ${timeoutMs / 1000} s` } : {}),
      live: true,
    });
    return value;
  }

  #throwIfAborted(): void {
    if (this.#signal.aborted) throw new LabError("LAB_INTERRUPTED", "interrupted");
  }
}
