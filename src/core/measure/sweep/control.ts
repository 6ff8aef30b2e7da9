/** What a sweep can be told while it runs; an abort goes by its signal. */
export type SteeringCommand =
  /** Begin no further trial until told to resume. The trial in work goes on: it would be spoilt. */
  | { readonly do: "pause" }
  | { readonly do: "resume" }
  /** Give up the trial in work, and never measure it. */
  | { readonly do: "skip" }
  /** Begin the trial in work anew; what it measured so far is dropped. */
  | { readonly do: "repeat" }
  /** Time after which no further trial is begun, from the start of the sweep, pauses not counted; absent: none. */
  | { readonly do: "budget"; readonly seconds?: number };

/** What became of a command. */
export type Steered = "pausing" | "paused" | "resumed" | "skipped" | "repeated" | "budget";

/** A monotonic clock, in milliseconds. */
export interface MonotonicClock {
  now(): number;
}

/** Steers a running sweep: told by whoever watches it, asked by the sweep between its steps. */
export class SweepControl {
  /** Told of each command that changed something. */
  onSteered: (what: Steered) => void = () => {};
  #pause: PromiseWithResolvers<void> | undefined;
  #trial: AbortController | undefined;
  #wish: "skip" | "repeat" | undefined;
  #budget: { readonly seconds: number | undefined } | undefined;
  #pausedMs = 0;
  readonly #clock: MonotonicClock;

  constructor(clock: MonotonicClock = performance) {
    this.#clock = clock;
  }

  tell(command: SteeringCommand): void {
    if (command.do === "pause") this.#stand();
    else if (command.do === "resume") this.#goOn();
    else if (command.do === "budget") this.#setBudget(command.seconds);
    else this.#giveUp(command.do);
  }

  /** Time that the sweep stood still, in seconds. */
  get pausedSeconds(): number {
    return this.#pausedMs / 1000;
  }

  /** The budget to keep, where another one was planned. */
  budgetSeconds(planned: number | undefined): number | undefined {
    return this.#budget ? this.#budget.seconds : planned;
  }

  /** Resolves at once, or when the sweep is to go on; also when it was aborted meanwhile. */
  async untilResumed(signal: AbortSignal): Promise<void> {
    if (!this.#pause || signal.aborted) return;
    const before = this.#clock.now();
    this.onSteered("paused");
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await Promise.race([this.#pause.promise, aborted]);
    this.#pausedMs += this.#clock.now() - before;
  }

  /**
   * Runs a trial: again where it is told to repeat, `undefined` where it is told to skip. `run` gets the signal of the
   * sweep and of these two together, and throws once it is aborted; what it returns after such a wish is dropped.
   */
  async trial<T>(sweep: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    for (;;) {
      const trial = new AbortController();
      this.#trial = trial;
      this.#wish = undefined;
      try {
        const result = await run(AbortSignal.any([sweep, trial.signal]));
        if (!trial.signal.aborted) return result;
      } catch (error) {
        sweep.throwIfAborted();
        if (!trial.signal.aborted) throw error;
      } finally {
        this.#trial = undefined;
      }
      if (this.#wish !== "repeat") return undefined;
    }
  }

  #stand(): void {
    if (this.#pause) return;
    this.#pause = Promise.withResolvers();
    this.onSteered("pausing");
  }

  #goOn(): void {
    if (!this.#pause) return;
    this.#pause.resolve();
    this.#pause = undefined;
    this.onSteered("resumed");
  }

  #setBudget(seconds: number | undefined): void {
    this.#budget = { seconds };
    this.onSteered("budget");
  }

  #giveUp(wish: "skip" | "repeat"): void {
    if (!this.#trial || this.#trial.signal.aborted) return;
    this.#wish = wish;
    this.onSteered(wish === "skip" ? "skipped" : "repeated");
    this.#trial.abort();
  }
}
