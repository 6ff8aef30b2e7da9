import type { Scenario } from "../domain/point.ts";
import { mean } from "../statistics/index.ts";

/** What is still to be done. */
export interface RemainingWork {
  readonly trials: number;
  /** Proxies to be started. */
  readonly starts: number;
}

/** First guesses, replaced by what is measured. */
const guess = { startSeconds: 1, overheadSeconds: 0.5 };
/** The least that a visit takes beside its window. */
const usualVisit = { settlingSeconds: 0.3, overheadSeconds: 0.2 };
/** A window goes on while its rate is not steady; most end well before their longest time. */
const shareOfExtension = 0.4;

/** How long the rest of a sweep will take, from how long its parts took so far. */
export class Eta {
  readonly #plannedSeconds: number;
  readonly #trialSeconds: number[] = [];
  readonly #startSeconds: number[] = [];

  constructor({ method, warmupSeconds, windowSeconds, maxWindowSeconds }: Scenario) {
    if (method === "visit") {
      this.#plannedSeconds = usualVisit.settlingSeconds + windowSeconds + usualVisit.overheadSeconds;
      return;
    }
    const extension = shareOfExtension * (maxWindowSeconds - windowSeconds);
    this.#plannedSeconds = warmupSeconds + windowSeconds + extension + guess.overheadSeconds;
  }

  /** A trial took `seconds`, of which `startSeconds` went into starting a proxy where one was started. */
  measured(seconds: number, startSeconds: number | undefined): void {
    this.#trialSeconds.push(Math.max(0, seconds - (startSeconds ?? 0)));
    if (startSeconds !== undefined) this.#startSeconds.push(startSeconds);
  }

  remainingSeconds({ trials, starts }: RemainingWork): number {
    const trial = this.#trialSeconds.length > 0 ? mean(this.#trialSeconds) : this.#plannedSeconds;
    const start = this.#startSeconds.length > 0 ? mean(this.#startSeconds) : guess.startSeconds;
    return trials * trial + starts * start;
  }
}
