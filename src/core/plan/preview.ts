import type { SweepSpec } from "../domain/spec.ts";
import { Eta } from "./eta.ts";
import { pointsOf } from "./plan.ts";
import { queueOf } from "./queue.ts";

/** What a sweep would be, before anything is started. */
export interface SweepPreview {
  readonly spec: SweepSpec;
  /** Different points; of an adaptive plan combinations of everything but CPU. */
  readonly points: number;
  readonly trials: number;
  /** As `sweep-planned` would say it, but never more than the budget. */
  readonly estimatedSeconds: number;
}

/** Counts the trials of a spec and estimates their time. */
export function previewSweep(spec: SweepSpec): SweepPreview {
  const remaining = queueOf(spec).remaining();
  const seconds = new Eta(spec.scenario).remainingSeconds(remaining);
  return {
    spec,
    points: pointsOf(spec.plan === "adaptive" ? { ...spec, cpu: spec.cpu.slice(0, 1) } : spec).length,
    trials: remaining.trials,
    estimatedSeconds: Math.min(seconds, spec.budgetSeconds ?? Number.POSITIVE_INFINITY),
  };
}
