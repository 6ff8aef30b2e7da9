import type { Point } from "../domain/point.ts";
import type { SweepSpec } from "../domain/spec.ts";

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
