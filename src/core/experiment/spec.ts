import type { Role } from "../contract/index.ts";
import type { Point, Scenario } from "./point.ts";

/** What a sweep varies (lists of levels) and what it keeps fixed. */
export interface SweepSpec {
  readonly title?: string;
  readonly proxies: readonly string[];
  readonly loadTools: readonly string[];
  readonly limiters: readonly string[];
  readonly role: Role;
  /** CPU limits in cores. */
  readonly cpu: readonly number[];
  /** Memory limits in bytes; an empty list means no limit. */
  readonly memoryBytes: readonly number[];
  readonly servers: readonly number[];
  readonly concurrency: readonly number[];
  readonly replicates: number;
  readonly plan: "grid";
  readonly seed: number;
  readonly scenario: Scenario;
}

/** All combinations of the levels. */
export function gridPoints(spec: SweepSpec): Point[] {
  const memory: readonly (number | undefined)[] = spec.memoryBytes.length > 0 ? spec.memoryBytes : [undefined];
  const points: Point[] = [];
  for (const proxy of spec.proxies)
    for (const limiter of spec.limiters)
      for (const memoryBytes of memory)
        for (const servers of spec.servers)
          for (const loadTool of spec.loadTools)
            for (const concurrency of spec.concurrency)
              for (const cpu of spec.cpu) {
                const limit = memoryBytes === undefined ? {} : { memoryBytes };
                points.push({ proxy, loadTool, limiter, role: spec.role, cpu, ...limit, servers, concurrency });
              }
  return points;
}
