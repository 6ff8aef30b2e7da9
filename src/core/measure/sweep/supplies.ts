import type { LatencyMs, LoadReport } from "../../contract/index.ts";
import type { Point } from "../../domain/point.ts";
import type { SpeedReading, TrialRecord } from "../../domain/record.ts";
import { LabError, messageOf } from "../../errors.ts";
import { type Origins, originUrls } from "../origin/origin.ts";
import type { SpeedProbe } from "../speed/probe.ts";
import type { LoadWish } from "../trial/loadRun.ts";
import type { SweepJob, SweepParts } from "./job.ts";

const baselineSeconds = 1;
/** Of a hundredth of the requests something is to be seen. */
const tailSeconds = 2;
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
  /** Of open loops. */
  readonly #tails = new Map<string, LatencyMs>();

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
    if (point.requestsPerSecond !== undefined && !this.#tails.has(openKey(point))) {
      const latencyMs = await this.#tailOf(origins, point, point.requestsPerSecond);
      if (latencyMs) this.#tails.set(openKey(point), latencyMs);
    }
    return origins;
  }

  /** Rate and latencies without a proxy, as far as they are known. */
  knownBaseline(point: Point): Pick<TrialRecord, "directRequestsPerSecond" | "directLatencyMs"> {
    const [known, directLatencyMs] = [this.#baselines.get(loadKey(point)), this.#tails.get(openKey(point))];
    return {
      ...(known && { directRequestsPerSecond: known.requestsPerSecond }),
      ...(directLatencyMs && { directLatencyMs }),
    };
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

  /** A tail as long as the goal is looked at once more: it would refuse the goal, and a moment's disturbance is no reason. */
  async #tailOf(origins: Origins, point: Point, rate: number): Promise<LatencyMs | undefined> {
    const { goal } = this.#job.spec;
    const first = await this.#measureTail(origins, point, rate);
    if (goal === undefined || first?.p99 === undefined || first.p99 < goal.p99Ms) return first;
    const second = await this.#measureTail(origins, point, rate);
    return second?.p99 !== undefined && second.p99 < first.p99 ? second : first;
  }

  /** The latencies of an open loop straight at the origins. A tool that fails here will say why in its trials. */
  async #measureTail(origins: Origins, point: Point, rate: number): Promise<LatencyMs | undefined> {
    const { loadTool, servers, concurrency } = point;
    const { arrivals } = this.#job.spec.scenario;
    const loop = { loop: "open", requestsPerSecond: rate, ...(arrivals && { arrivals }) } as const;
    try {
      const { latencyMs, completedRequests, durationSeconds } = await this.#straight(
        origins,
        point,
        loop,
        this.#secondsFor(tailSeconds),
      );
      const requestsPerSecond = completedRequests / durationSeconds;
      const p99 = latencyMs.p99 === undefined ? {} : { p99Ms: latencyMs.p99 };
      this.#job.emit({ type: "baseline", when: "before", loadTool, servers, concurrency, requestsPerSecond, ...p99 });
      return latencyMs;
    } catch (error) {
      this.#parts.signal.throwIfAborted();
      this.#job.emit({ type: "warning", message: `no baseline at ${rate} requests/s: ${messageOf(error)}` });
      return undefined;
    }
  }

  /** The rate of a load tool straight at the origins: what it and they can do without a proxy. */
  async #direct(origins: Origins, point: Point): Promise<number> {
    const seconds = this.#secondsFor(baselineSeconds);
    const { completedRequests, durationSeconds } = await this.#straight(origins, point, { loop: "closed" }, seconds);
    if (completedRequests > 0) return completedRequests / durationSeconds;
    throw new LabError("LAB_LOAD", `${point.loadTool} got no reply from the origins in ${seconds} s`);
  }

  /** Runs a load tool straight at the origins. */
  #straight(
    origins: Origins,
    { loadTool, concurrency }: Point,
    loop: Pick<LoadWish, "loop" | "requestsPerSecond" | "arrivals">,
    seconds: number,
  ): Promise<LoadReport> {
    const { registry, signal, runLoad } = this.#parts;
    const { keepAlive } = this.#job.spec.scenario;
    const [url] = originUrls(origins);
    const wish: LoadWish = { urls: [url], concurrency, keepAlive, ...loop, until: { seconds } };
    return runLoad(registry.get("load", loadTool), wish, signal);
  }

  /** Slow origins need longer. */
  #secondsFor(least: number): number {
    return Math.max(least, (baselineReplies * this.#job.spec.scenario.originDelayMs) / 1000);
  }
}

function openKey(point: Point): string {
  return `${loadKey(point)}/${point.requestsPerSecond}`;
}

function loadKey({ loadTool, servers, concurrency }: Point): string {
  return `${loadTool}/${servers}/${concurrency}`;
}
