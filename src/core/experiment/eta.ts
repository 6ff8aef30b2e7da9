import type { Scenario } from "../records/point.ts";
import type { PlannedGroup } from "./plan.ts";

/** First guesses, replaced by what is measured. */
const guess = { openSeconds: 1, overheadSeconds: 0.5 };

/** How long the rest of a sweep will take, from how long its parts took so far. */
export class Eta {
  readonly #plannedSeconds: number;
  #trialsLeft: number;
  #groupsLeft: number;
  readonly #trialSeconds: number[] = [];
  readonly #openSeconds: number[] = [];

  constructor(scenario: Scenario, groups: readonly PlannedGroup[]) {
    this.#plannedSeconds = scenario.warmupSeconds + scenario.windowSeconds + guess.overheadSeconds;
    this.#trialsLeft = groups.reduce((sum, { trials }) => sum + trials.length, 0);
    this.#groupsLeft = groups.length;
  }

  /** A trial took `seconds`, of which `openedSeconds` went into starting a proxy where one was started. */
  measured(seconds: number, openedSeconds: number | undefined): void {
    this.#trialSeconds.push(Math.max(0, seconds - (openedSeconds ?? 0)));
    this.#trialsLeft--;
    if (openedSeconds === undefined) return;
    this.#openSeconds.push(openedSeconds);
    this.#groupsLeft--;
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
