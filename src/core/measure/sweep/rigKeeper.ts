import type { Point, Scenario } from "../../domain/point.ts";
import { type LabError, toLabError } from "../../errors.ts";
import type { Bench } from "../trial/bench.ts";
import type { Placement } from "../trial/placement.ts";
import { openRig, type Rig, startLimits } from "../trial/rig.ts";
import type { TrialContext } from "../trial/trialContext.ts";

/**
 * Keeps proxies running for the trials that share them, and starts one anew after a trial that it did not survive, or
 * for a CPU limit that the running one cannot be given.
 */
export class RigKeeper {
  readonly #bench: Bench;
  readonly #scenario: Scenario;
  readonly #place: Placement | undefined;
  readonly #connections: number;
  readonly #onCloseFault: (fault: LabError) => void;
  readonly #rigs = new Map<string, Rig>();
  readonly #faults = new Map<string, LabError>();
  #startSeconds: number | undefined;

  /**
   * `connections`: the most that any trial makes; `onCloseFault`: told of a limiter that did not end its process as it
   * should.
   */
  constructor(
    bench: Bench,
    scenario: Scenario,
    place: Placement | undefined,
    connections: number,
    onCloseFault: (fault: LabError) => void,
  ) {
    this.#bench = bench;
    this.#scenario = scenario;
    this.#place = place;
    this.#connections = connections;
    this.#onCloseFault = onCloseFault;
  }

  /** The running proxy of a key; `undefined` where none could be started. */
  rig(key: string): Rig | undefined {
    return this.#rigs.get(key);
  }

  /** How long it took to start the proxy for the last trial; `undefined` where it was running already. */
  get startSeconds(): number | undefined {
    return this.#startSeconds;
  }

  /** A proxy for the next trial. A start that failed is not tried again: all its trials fail alike. */
  async rigFor(key: string, { origins }: TrialContext, point: Point): Promise<Rig> {
    this.#startSeconds = undefined;
    const start = `${key} ${JSON.stringify(startLimits(this.#bench, point))}`;
    const fault = this.#faults.get(start);
    if (fault) throw fault;
    const running = this.#rigs.get(key);
    if (running?.alive() && running.fits(point)) return running;
    await this.#close(key);
    const before = performance.now();
    try {
      const rig = await openRig(this.#bench, point, this.#scenario, origins, this.#connections, this.#place);
      this.#rigs.set(key, rig);
      return rig;
    } catch (error) {
      this.#faults.set(start, toLabError(error));
      throw error;
    } finally {
      this.#startSeconds = (performance.now() - before) / 1000;
    }
  }

  /** Ends the proxies that are not needed any more. */
  async keepOnly(needed: (key: string) => boolean): Promise<void> {
    for (const key of [...this.#rigs.keys()]) if (!needed(key)) await this.#close(key);
  }

  async #close(key: string): Promise<void> {
    const rig = this.#rigs.get(key);
    this.#rigs.delete(key);
    await rig?.close().catch((error) => this.#onCloseFault(toLabError(error)));
  }
}
