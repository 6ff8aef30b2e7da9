import type { Point } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { messageOf } from "../../errors.ts";
import type { PlannedTrial } from "../../plan/plan.ts";
import type { Origins } from "../origin/origin.ts";
import { outsideOrigin, startOrigins } from "../origin/start.ts";
import type { Bench } from "../trial/bench.ts";
import type { Placement } from "../trial/placement.ts";
import { measureBaseline } from "../trial/trial.ts";
import type { TrialContext } from "../trial/trialContext.ts";
import type { SweepJob } from "./job.ts";

const baselineSeconds = 1;
/** Where origins are slow, a baseline takes as long as this many of their replies. */
const baselineReplies = 5;
/** A change of what load tool and origins can do that the reader of a sweep has to know of. */
const changeWorthSaying = 0.1;

/** What trials of a sweep share: origin servers for each number of them, and a baseline for each load. */
export class Supplies {
  readonly #bench: Bench;
  readonly #job: SweepJob;
  readonly #place: Placement | undefined;
  readonly #warned = new Set<string>();
  readonly #origins = new Map<number, Origins>();
  readonly #baselines = new Map<string, { trial: PlannedTrial; requestsPerSecond: number }>();

  constructor(bench: Bench, job: SweepJob, place: Placement | undefined) {
    this.#bench = bench;
    this.#job = job;
    this.#place = place;
  }

  /** Starts and measures what the trial needs and is not there yet. */
  async contextOf(trial: PlannedTrial): Promise<TrialContext> {
    const { point } = trial;
    const context = await this.#contextOf(trial);
    if (!this.#baselines.has(loadKey(point)) && this.#hasClosedLoop(point)) {
      const requestsPerSecond = await this.#measureBaseline(context, point, "before");
      if (requestsPerSecond !== undefined) this.#baselines.set(loadKey(point), { trial, requestsPerSecond });
    }
    return { ...context, ...this.knownBaseline(point) };
  }

  knownBaseline(point: Point): Pick<TrialRecord, "directRequestsPerSecond"> {
    const known = this.#baselines.get(loadKey(point));
    return known ? { directRequestsPerSecond: known.requestsPerSecond } : {};
  }

  /** Measures the baselines once more when the trials are over, and warns of those that changed meanwhile. */
  async repeatBaselines(): Promise<void> {
    for (const { trial, requestsPerSecond: before } of this.#baselines.values()) {
      const after = await this.#measureBaseline(await this.#contextOf(trial), trial.point, "after");
      if (after === undefined || Math.abs(after / before - 1) <= changeWorthSaying) continue;
      const figures = `${Math.round(before)} requests/s before the trials and ${Math.round(after)} after them`;
      this.#warn(`without a proxy ${trial.point.loadTool} made ${figures}: the machine changed meanwhile`);
    }
  }

  /** An open loop would give back the rate that it was asked for, not what could be reached. */
  #hasClosedLoop({ loadTool }: Point): boolean {
    return this.#bench.registry.get("load", loadTool).plugin.supports.loops.includes("closed");
  }

  async #contextOf({ sequence, point }: PlannedTrial): Promise<TrialContext> {
    return {
      bench: this.#bench,
      scenario: this.#job.spec.scenario,
      origins: await this.#originsOf(point.servers),
      ...(this.#place ? { place: this.#place } : {}),
      onFigures: (phase, figures) =>
        this.#bench.emit({ type: "sample", sweepId: this.#job.id, sequence, phase, ...figures }),
      onSampleFault: ({ message }) => {
        if (!this.#warned.has(message)) this.#warn(`no live figures: ${message}`);
        this.#warned.add(message);
      },
    };
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
  async #measureBaseline(context: TrialContext, point: Point, when: "before" | "after"): Promise<number | undefined> {
    const { loadTool, servers, concurrency } = point;
    const load = { loadTool, servers, concurrency };
    const seconds = Math.max(baselineSeconds, (baselineReplies * context.scenario.originDelayMs) / 1000);
    try {
      const requestsPerSecond = await measureBaseline(context, point, seconds);
      this.#bench.emit({ type: "baseline", sweepId: this.#job.id, when, ...load, requestsPerSecond });
      return requestsPerSecond;
    } catch (error) {
      this.#bench.signal.throwIfAborted();
      this.#warn(`no baseline: ${messageOf(error)}`);
      return undefined;
    }
  }

  #warn(message: string): void {
    this.#bench.emit({ type: "warning", sweepId: this.#job.id, message });
  }
}

function loadKey({ loadTool, servers, concurrency }: Point): string {
  return `${loadTool}/${servers}/${concurrency}`;
}
