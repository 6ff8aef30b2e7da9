import type { Scenario } from "../records/point.ts";
import type { PlannedGroup } from "./plan.ts";

/** First guesses, replaced by what is measured. */
const guess = { openSeconds: 1, overheadSeconds: 0.5 };

/** How long the rest of a sweep will take, from how long its parts took so far. */
export class Eta {
  readonly #plannedSeconds: number;
  #trialsLeft: number;
  #groupsLeft: number;
  #opening = 0;
  readonly #trialSeconds: number[] = [];
  readonly #openSeconds: number[] = [];

  constructor(scenario: Scenario, groups: readonly PlannedGroup[]) {
    this.#plannedSeconds = scenario.warmupSeconds + scenario.windowSeconds + guess.overheadSeconds;
    this.#trialsLeft = groups.reduce((sum, { trials }) => sum + trials.length, 0);
    this.#groupsLeft = groups.length;
  }

  /** A proxy took this long to start; the time is also part of the trial that needed it. */
  opened(seconds: number): void {
    this.#openSeconds.push(seconds);
    this.#opening += seconds;
    this.#groupsLeft--;
  }

  measured(seconds: number): void {
    this.#trialSeconds.push(Math.max(0, seconds - this.#opening));
    this.#opening = 0;
    this.#trialsLeft--;
  }

  remainingSeconds(): number {
    const trial = mean(this.#trialSeconds) ?? this.#plannedSeconds;
    const open = mean(this.#openSeconds) ?? guess.openSeconds;
    return this.#trialsLeft * trial + Math.max(0, this.#groupsLeft) * open;
  }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
