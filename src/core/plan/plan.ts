import type { SweepEventBody } from "../domain/events.ts";
import { FACTORS } from "../domain/factors.ts";
import type { Point } from "../domain/point.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { random, shuffled } from "../statistics/random.ts";
import { withAnchors } from "./anchors.ts";
import type { RemainingWork } from "./eta.ts";
import { gridPoints } from "./grid.ts";
import { scatteredPoints } from "./scatter.ts";

/** One trial to be run. */
export interface PlannedTrial {
  /** Position in the order of execution, from 0. */
  readonly sequence: number;
  readonly replicate: number;
  /** It was added to repeat a point of the plan. */
  readonly anchor?: true;
  readonly point: Point;
  /** Why an adaptive plan chose it, in one line. */
  readonly reason?: string;
}

/** What is known when a round is finished; see the event of it. */
export type Round = Pick<
  Extract<SweepEventBody, { type: "round-finished" }>,
  "round" | "bands" | "halfWidth" | "wantedHalfWidth"
>;

/** Hands out the trials of a sweep one by one. */
export interface Queue {
  /** The next trial, with the records of those before it at hand; `undefined` when the sweep is done. */
  next(records: readonly TrialRecord[]): PlannedTrial | undefined;
  /** What is left, as far as it is known. */
  remaining(): RemainingWork;
  /** Of a plan of rounds: told once of each round that the newest record has finished. */
  round?(records: readonly TrialRecord[]): Round | undefined;
  /** Will a running proxy be needed again soon? */
  needs(rig: string): boolean;
}

/** Running proxies that are kept side by side; the idle ones cost next to nothing. */
export const mostRigs = 4;

/**
 * The order of execution: a block per replicate. In a block proxies take turns: the levels come in random order, and at
 * each level the proxies one after the other in random order, so that those compared are measured within seconds of each
 * other, whatever the machine does meanwhile. Deterministic for a seed, so that an interrupted sweep can go on.
 */
export function planSweep(spec: SweepSpec): PlannedTrial[] {
  const draw = random(spec.seed);
  const points = pointsOf(spec);
  const planned: Omit<PlannedTrial, "sequence">[] = [];
  for (let replicate = 0; replicate < spec.replicates; replicate++) {
    for (const batch of batches(points, draw)) {
      for (const point of takingTurns(batch, draw)) planned.push({ replicate, point });
    }
  }
  const most = spec.plan === "random" ? (spec.trials ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const anchors = Math.max(0, Math.min(spec.anchors ?? 0, most - planned.length));
  return withAnchors(planned, anchors).map((trial, sequence) => ({ sequence, ...trial }));
}

/** All points of a spec, each once. */
export function pointsOf(spec: SweepSpec): Point[] {
  return spec.plan === "random" ? scatteredPoints(spec) : gridPoints(spec);
}

/** Worker threads for a CPU limit. */
export function threadsFor(cpu: number): number {
  return Math.max(1, Math.ceil(cpu));
}

/** Names everything that a running proxy cannot be told to change. */
export function rigKey(point: Point): string {
  const levels = FACTORS.filter(({ restarts }) => restarts).map(({ read }) => read(point) ?? "unlimited");
  return [...levels, threadsFor(point.cpu)].join("/");
}

/** Points whose proxies run side by side, in random order; those that differ only in the proxy stay together. */
export function batches(points: readonly Point[], draw: () => number): Point[][] {
  const settings = shuffled([...Map.groupBy(points, (point) => rigKey({ ...point, proxy: "" })).values()], draw);
  return settings.flatMap((setting) => {
    const rigs = shuffled([...Map.groupBy(setting, rigKey).values()], draw);
    return chunks(rigs, mostRigs).map((some) => some.flat());
  });
}

/** Points level by level in random order, at each level the proxies one after the other, in random order too. */
export function takingTurns(points: readonly Point[], draw: () => number): Point[] {
  const levels = Map.groupBy(points, ({ proxy: _, ...level }) => JSON.stringify(level));
  return shuffled([...levels.values()], draw).flatMap((level) => shuffled(level, draw));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
