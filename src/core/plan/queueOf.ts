import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { adaptiveQueue } from "./adaptive.ts";
import { floorQueue } from "./floor.ts";
import { gridQueue, type Queue } from "./queue.ts";

/** The queue of a spec's plan, without what an earlier run of the sweep has recorded. */
export function queueOf(spec: SweepSpec, earlier: readonly TrialRecord[] = []): Queue {
  if (spec.plan === "floor") return floorQueue(spec, earlier);
  if (spec.plan === "adaptive") return adaptiveQueue(spec, earlier.length);
  return gridQueue(spec, new Set(earlier.map(({ sequence }) => sequence)));
}
