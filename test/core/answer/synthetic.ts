import { fitPredictor, type Predictor } from "../../../src/core/answer/learning/predictor.ts";
import type { Rows } from "../../../src/core/answer/learning/rows.ts";
import type { ModelPlugin, Training } from "../../../src/core/contract/index.ts";
import type { Point } from "../../../src/core/domain/point.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { Bound } from "../../../src/core/domain/verdicts.ts";
import { trialRecord } from "../../fixtures/records.ts";

/** Numbers in [0, 1), the same for the same seed. */
export function generator(seed: number): () => number {
  let state = (seed * 7919) % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A standard normal number (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Rate at a CPU limit: 30,000 per core up to a plateau. */
export function rateAt(cpu: number, plateau = 12_000): number {
  return ((30_000 * cpu) ** -4 + plateau ** -4) ** -0.25;
}

/** Rows from CPU limits alone. */
export function rowsOf(cpus: readonly number[], y: readonly number[], extra: Partial<Rows> = {}): Rows {
  const training: Training = { factors: ["cpu"], x: cpus.map((cpu) => [cpu]), y };
  return { target: "requestsPerSecond", training, trials: [], excluded: {}, ceilings: [], ...extra };
}

/** CPU limits from 0.05 to 0.9 in equal ratios. */
export function spreadCpus(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 0.05 * 18 ** (i / (count - 1)));
}

export async function fitted(models: readonly ModelPlugin[], rows: Rows): Promise<Predictor> {
  const predictor = await fitPredictor(models, rows, 1);
  if (!predictor.ok) throw new Error(predictor.refusal.message);
  return predictor;
}

/** A trial record with only what the predictor reads filled in with care. */
export function trial(point: Partial<Point>, requestsPerSecond: number, bound: Bound = "proxy-bound"): TrialRecord {
  return trialRecord({
    id: `${JSON.stringify(point)} ${requestsPerSecond}`,
    point: { cpu: 0.5, ...point },
    result: { ...RESULT, requestsPerSecond, completedRequests: Math.round(requestsPerSecond * 10) },
    verdict: { bound, evidence: "made up" },
  });
}

const RESULT = {
  failedRequests: 0,
  failures: {},
  durationSeconds: 10,
  latencyMs: { mean: 3, p99: 40 },
  latencyKind: "service",
  loop: "closed",
} as const;
