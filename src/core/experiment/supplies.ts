import { messageOf } from "../errors.ts";
import type { Origins } from "../origin/origin.ts";
import { outsideOrigin, startOrigins } from "../origin/start.ts";
import type { Point } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";
import type { Bench } from "./bench.ts";
import type { SweepJob } from "./job.ts";
import type { Placement } from "./placement.ts";
import type { PlannedTrial } from "./plan.ts";
import { measureBaseline, type TrialContext } from "./trial.ts";

const baselineSeconds = 1;

/** What trials of a sweep share: origin servers for each number of them, and a baseline for each load. */
export class Supplies {
  readonly #bench: Bench;
  readonly #job: SweepJob;
  readonly #place: Placement | undefined;
  readonly #origins = new Map<number, Origins>();
  readonly #baselines = new Map<string, number>();

  constructor(bench: Bench, job: SweepJob, place: Placement | undefined) {
    this.#bench = bench;
    this.#job = job;
    this.#place = place;
  }

  /** Starts and measures what the trial needs and is not there yet. */
  async contextOf({ sequence, point }: PlannedTrial): Promise<TrialContext> {
    const context: TrialContext = {
      bench: this.#bench,
      scenario: this.#job.spec.scenario,
      origins: await this.#originsOf(point.servers),
      ...(this.#place ? { place: this.#place } : {}),
      onSample: (sample) => this.#bench.emit({ type: "sample", sweepId: this.#job.id, sequence, ...sample }),
    };
    if (!this.#baselines.has(loadKey(point))) await this.#measureBaseline(context, point);
    return { ...context, ...this.knownBaseline(point) };
  }

  knownBaseline(point: Point): Pick<TrialRecord, "directRequestsPerSecond"> {
    const rate = this.#baselines.get(loadKey(point));
    return rate === undefined ? {} : { directRequestsPerSecond: rate };
  }

  async close(): Promise<void> {
    for (const origins of this.#origins.values()) await origins.stop();
  }

  async #originsOf(count: number): Promise<Origins> {
    const known = this.#origins.get(count);
    if (known) return known;
    const { originUrl, bodyBytes, originDelayMs: delayMs } = this.#job.spec.scenario;
    const cores = this.#place ? { cores: this.#place.rest } : {};
    const origins = originUrl
      ? outsideOrigin(originUrl)
      : await startOrigins(this.#bench.host, { count, bodyBytes, delayMs, ...cores });
    this.#origins.set(count, origins);
    return origins;
  }

  /** A tool that fails here will say why in its trials. */
  async #measureBaseline(context: TrialContext, point: Point): Promise<void> {
    const { loadTool, servers, concurrency } = point;
    const sweepId = this.#job.id;
    try {
      const requestsPerSecond = await measureBaseline(context, point, baselineSeconds);
      this.#baselines.set(loadKey(point), requestsPerSecond);
      this.#bench.emit({ type: "baseline", sweepId, loadTool, servers, concurrency, requestsPerSecond });
    } catch (error) {
      this.#bench.signal.throwIfAborted();
      this.#bench.emit({ type: "warning", sweepId, message: `no baseline: ${messageOf(error)}` });
    }
  }
}

function loadKey({ loadTool, servers, concurrency }: Point): string {
  return `${loadTool}/${servers}/${concurrency}`;
}
