import { type LabError, toLabError } from "../errors.ts";
import type { Point, Scenario } from "../records/point.ts";
import type { Bench } from "./bench.ts";
import type { Placement } from "./placement.ts";
import { openRig, type Rig } from "./rig.ts";
import type { TrialContext } from "./trial.ts";

/** Keeps one proxy running for the trials of a group, and starts it anew after a trial that it did not survive. */
export class RigKeeper {
  readonly #bench: Bench;
  readonly #scenario: Scenario;
  readonly #place: Placement | undefined;
  #rig: Rig | undefined;
  #fault: LabError | undefined;
  #openedSeconds: number | undefined;

  constructor(bench: Bench, scenario: Scenario, place: Placement | undefined) {
    this.#bench = bench;
    this.#scenario = scenario;
    this.#place = place;
  }

  /** The running proxy; `undefined` where none could be started. */
  get rig(): Rig | undefined {
    return this.#rig;
  }

  /** How long it took to start the proxy for the last trial; `undefined` where it was running already. */
  get openedSeconds(): number | undefined {
    return this.#openedSeconds;
  }

  /** A proxy for the next trial. One that could not be started is not tried again: all its trials fail alike. */
  async rigFor({ origins }: TrialContext, point: Point): Promise<Rig> {
    this.#openedSeconds = undefined;
    if (this.#fault) throw this.#fault;
    if (this.#rig?.alive()) return this.#rig;
    await this.close();
    const before = performance.now();
    try {
      this.#rig = await openRig(this.#bench, point, this.#scenario, origins, this.#place);
      return this.#rig;
    } catch (error) {
      this.#fault = toLabError(error);
      throw error;
    } finally {
      this.#openedSeconds = (performance.now() - before) / 1000;
    }
  }

  async close(): Promise<void> {
    await this.#rig?.close();
    this.#rig = undefined;
  }
}
