import type { Point } from "../../domain/point.ts";
import { type LabError, toLabError } from "../../errors.ts";
import type { Origins } from "../origin/origin.ts";
import { type PlannedStart, type Rig, startLimits } from "../rig/rig.ts";
import type { SweepParts } from "./job.ts";

interface FailedStart {
  readonly fault: LabError;
  /** Absent where it failed before there was a plan. */
  readonly planned: PlannedStart | undefined;
}

/**
 * Keeps proxies running for the trials that share them, and starts one anew after a trial that it did not survive, or
 * for a CPU limit that the running one cannot be given.
 */
export class RigKeeper {
  readonly #parts: SweepParts;
  readonly #onCloseFault: (fault: LabError) => void;
  readonly #rigs = new Map<string, Rig>();
  readonly #failed = new Map<string, FailedStart>();
  #planned: PlannedStart | undefined;
  /** How long it took to start the proxy for the trial; `undefined` where it was running already, or none was started. */
  startSeconds: number | undefined;

  /** `onCloseFault`: called for a limiter that did not end its process as it should. */
  constructor(parts: SweepParts, onCloseFault: (fault: LabError) => void) {
    this.#parts = parts;
    this.#onCloseFault = onCloseFault;
  }

  /** The running proxy of a key; `undefined` where none could be started. */
  rig(key: string): Rig | undefined {
    return this.#rigs.get(key);
  }

  /** How the proxy of a key was started for the trial, also if in vain; `undefined` where it was not. */
  planned(key: string): PlannedStart | undefined {
    return this.#rigs.get(key) ?? this.#planned;
  }

  /** No proxy was started for the trial that begins now. */
  beginTrial(): void {
    this.startSeconds = undefined;
    this.#planned = undefined;
  }

  /** A proxy for the next trial. A start that failed is not tried again: all its trials fail alike. */
  async rigFor(key: string, point: Point, origins: Origins): Promise<Rig> {
    const { registry, clock, startRig } = this.#parts;
    this.startSeconds = undefined;
    const start = `${key} ${JSON.stringify(startLimits(registry.get("limiter", point.limiter).plugin, point))}`;
    const failed = this.#failed.get(start);
    if (failed) {
      this.#planned = failed.planned;
      throw failed.fault;
    }
    const running = this.#rigs.get(key);
    if (running?.alive() && running.fits(point)) return running;
    await this.#close(key);
    const before = clock.now();
    try {
      const rig = await startRig(point, origins, (planned) => {
        this.#planned = planned;
      });
      this.#rigs.set(key, rig);
      return rig;
    } catch (error) {
      this.#failed.set(start, { fault: toLabError(error), planned: this.#planned });
      throw error;
    } finally {
      this.startSeconds = (clock.now() - before) / 1000;
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
