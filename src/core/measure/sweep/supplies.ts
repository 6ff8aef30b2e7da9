import type { Point } from "../../domain/point.ts";
import type { SpeedReading } from "../../domain/record.ts";
import { LabError, messageOf } from "../../errors.ts";
import { type Origins, originUrls } from "../origin/origin.ts";
import type { SpeedProbe } from "../speed/probe.ts";
import type { SweepJob, SweepParts } from "./job.ts";

const baselineSeconds = 1;
/** Where origins are slow, a baseline takes as long as this many of their replies. */
const baselineReplies = 5;
/** A change of what load tool and origins can do that the reader of a sweep has to know of. */
const changeWorthSaying = 0.1;

/** What trials of a sweep share: a speed probe, origin servers for each number of them, and a baseline for each load. */
export class Supplies {
  readonly #job: Pick<SweepJob, "spec" | "emit">;
  readonly #parts: SweepParts;
  #probe: SpeedProbe | undefined;
  readonly #origins = new Map<number, Origins>();
  readonly #baselines = new Map<string, { readonly point: Point; readonly requestsPerSecond: number }>();

  constructor(job: Pick<SweepJob, "spec" | "emit">, parts: SweepParts) {
    this.#job = job;
    this.#parts = parts;
  }

  /** Starts the speed probe. Without one figures are as the machine's speed of the moment makes them, which is told. */
  async open(): Promise<void> {
    this.#probe = await this.#parts.startProbe();
    if (this.#probe || !this.#job.spec.probe) return;
    const why = this.#parts.proxyCores === undefined ? "the proxy has no cores of its own" : "it did not start";
    this.#job.emit({ type: "warning", message: `no speed probe (${why}): figures are as measured` });
  }

  /** What the probe says of the time between two moments, in seconds of `performance.now()`; `undefined` without one. */
  speed(fromSeconds: number, toSeconds: number): SpeedReading | undefined {
    return this.#probe?.between(fromSeconds, toSeconds);
  }

  /** The origins of a point, its baseline known; starts and measures what is not there yet. */
  async provide(point: Point): Promise<Origins> {
    const origins = await this.#originsOf(point.servers);
    if (!this.#baselines.has(loadKey(point)) && this.#hasClosedLoop(point)) {
      const requestsPerSecond = await this.#measureBaseline(origins, point, "before");
      if (requestsPerSecond !== undefined) this.#baselines.set(loadKey(point), { point, requestsPerSecond });
    }
    return origins;
  }

  /** The rate without a proxy, as far as it is known. */
  knownBaseline(point: Point): { readonly directRequestsPerSecond?: number } {
    const known = this.#baselines.get(loadKey(point));
    return known ? { directRequestsPerSecond: known.requestsPerSecond } : {};
  }

  /** Measures the baselines once more when the trials are over, and warns of those that changed meanwhile. */
  async repeatBaselines(): Promise<void> {
    for (const { point, requestsPerSecond: before } of this.#baselines.values()) {
      const after = await this.#measureBaseline(await this.#originsOf(point.servers), point, "after");
      if (after === undefined || Math.abs(after / before - 1) <= changeWorthSaying) continue;
      const figures = `${Math.round(before)} requests/s before the trials and ${Math.round(after)} after them`;
      const message = `without a proxy ${point.loadTool} made ${figures}: the machine changed meanwhile`;
      this.#job.emit({ type: "warning", message });
    }
  }

  async close(): Promise<void> {
    await this.#probe?.stop();
    for (const origins of this.#origins.values()) await origins.stop();
  }

  /** An open loop would give back the rate that it was asked for, not what could be reached. */
  #hasClosedLoop({ loadTool }: Point): boolean {
    return this.#parts.registry.get("load", loadTool).plugin.supports.loops.includes("closed");
  }

  async #originsOf(count: number): Promise<Origins> {
    const origins = this.#origins.get(count) ?? (await this.#parts.startOrigins(count));
    this.#origins.set(count, origins);
    return origins;
  }

  /** A tool that fails here will say why in its trials. */
  async #measureBaseline(origins: Origins, point: Point, when: "before" | "after"): Promise<number | undefined> {
    const { loadTool, servers, concurrency } = point;
    try {
      const requestsPerSecond = await this.#direct(origins, point);
      this.#job.emit({ type: "baseline", when, loadTool, servers, concurrency, requestsPerSecond });
      return requestsPerSecond;
    } catch (error) {
      this.#parts.signal.throwIfAborted();
      this.#job.emit({ type: "warning", message: `no baseline: ${messageOf(error)}` });
      return undefined;
    }
  }

  /** The rate of a load tool straight at the origins: what it and they can do without a proxy. */
  async #direct(origins: Origins, { loadTool, concurrency }: Point): Promise<number> {
    const { registry, signal, runLoad } = this.#parts;
    const { keepAlive, originDelayMs } = this.#job.spec.scenario;
    const seconds = Math.max(baselineSeconds, (baselineReplies * originDelayMs) / 1000);
    const [url] = originUrls(origins);
    const wish = { urls: [url], concurrency, keepAlive, loop: "closed", until: { seconds } } as const;
    const { completedRequests, durationSeconds } = await runLoad(registry.get("load", loadTool), wish, signal);
    if (completedRequests > 0) return completedRequests / durationSeconds;
    throw new LabError("LAB_LOAD", `${loadTool} got no reply from the origins in ${seconds} s`);
  }
}

function loadKey({ loadTool, servers, concurrency }: Point): string {
  return `${loadTool}/${servers}/${concurrency}`;
}
