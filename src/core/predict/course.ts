import { isotonic, risingAbove, risingBelow } from "./monotone.ts";
import { type Curves, curves, type Predictor } from "./predictor.ts";
import { locate, measuredLevels } from "./question.ts";
import type { Refused } from "./refusal.ts";
import type { Levels } from "./rows.ts";

/** Levels of the factors that stay fixed. */
export type FixedLevels = Omit<Levels, "cpu">;

/** What is expected along the measured range of CPU limits. */
export interface Course {
  /** CPU limits, in cores, from the least to the most that was measured. */
  readonly cpus: readonly number[];
  /** A row of the models along it, for the levels that stay fixed. */
  readonly x: readonly number[];
  readonly curves: Curves;
  readonly at: (cpus: readonly number[]) => Promise<Curves | Refused>;
}

const COARSE = 128;
const FINE = 64;
/** How each curve is made to rise: the bounds to the safe side, the estimate to the nearest. */
const RISING = { estimate: isotonic, low: risingBelow, lower: risingBelow, high: risingAbove } as const;

/** Follows a predictor along the measured CPU limits. Refuses what `locate` and `curves` refuse. */
export async function trace(predictor: Predictor, fixed: FixedLevels, confidence: number): Promise<Course | Refused> {
  const { factors, x } = predictor.rows.training;
  const column = factors.indexOf("cpu");
  const measured = measuredLevels(x.map((row) => row[column]!));
  const located = locate(predictor.rows, { ...fixed, cpu: measured[0]! });
  if (!located.ok) return located;
  const at = (cpus: readonly number[]) => {
    const rows = cpus.map((cpu) => located.x.with(column, cpu));
    return curves(predictor, rows, confidence);
  };
  const cpus = spread(measured[0]!, measured.at(-1)!, COARSE);
  const coarse = await at(cpus);
  return "ok" in coarse ? coarse : { cpus, x: located.x, curves: coarse, at };
}

/** The least CPU limit from which on a curve meets the goal; sought among the steps of the course, then within one. */
export async function crossing(
  { cpus, curves, at }: Course,
  name: keyof Curves,
  goal: number,
): Promise<number | undefined> {
  const step = RISING[name](curves[name]).findIndex((figure) => figure >= goal);
  if (step <= 0) return cpus[step];
  const within = spread(cpus[step - 1]!, cpus[step]!, FINE);
  const found = await at(within);
  if ("ok" in found) return cpus[step];
  const fine = RISING[name](found[name]).findIndex((figure) => figure >= goal);
  return within.at(fine);
}

/** Rising values in equal ratios, with both ends exact. */
function spread(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => (i === steps ? to : from * (to / from) ** (i / steps)));
}
