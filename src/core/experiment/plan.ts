import type { Point } from "../records/point.ts";
import type { SweepSpec } from "../records/spec.ts";
import { gridPoints } from "./grid.ts";
import { random, shuffled } from "./random.ts";

/** One trial to be run. */
export interface PlannedTrial {
  /** Position in the order of execution, from 0. */
  readonly sequence: number;
  readonly replicate: number;
  readonly point: Point;
}

/** Trials that one running proxy serves one after the other, with only its CPU limit and the load changing. */
export interface PlannedGroup {
  readonly trials: readonly PlannedTrial[];
}

/**
 * The order of execution: one block per replicate, in each block all groups in random order, in each group its points
 * in random order. Deterministic for a seed, so that an interrupted sweep can go on.
 */
export function planSweep(spec: SweepSpec): PlannedGroup[] {
  const draw = random(spec.seed);
  const groups: PlannedGroup[] = [];
  let sequence = 0;
  for (let replicate = 0; replicate < spec.replicates; replicate++) {
    for (const points of shuffled(grouped(gridPoints(spec), spec.scenario.fresh), draw)) {
      const trials = shuffled(points, draw).map((point) => ({ sequence: sequence++, replicate, point }));
      groups.push({ trials });
    }
  }
  return groups;
}

/** Worker threads for a CPU limit. */
export function threadsFor(cpu: number): number {
  return Math.max(1, Math.ceil(cpu));
}

function grouped(points: readonly Point[], fresh: boolean): Point[][] {
  if (fresh) return points.map((point) => [point]);
  return [...Map.groupBy(points, groupKey).values()];
}

/** Everything that a running proxy cannot be told to change. */
function groupKey({ proxy, limiter, role, memoryBytes, servers, cpu }: Point): string {
  return [proxy, limiter, role, memoryBytes ?? "unlimited", servers, threadsFor(cpu)].join("/");
}
