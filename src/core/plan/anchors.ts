import type { Point } from "../domain/point.ts";

interface Trial {
  readonly replicate: number;
  readonly anchor?: true;
  readonly point: Point;
}

/** Plans with fewer points are not worth a repetition. */
const fewestPoints = 4;
/** Share of the points that repetitions may add. */
const mostShare = 0.5;

/**
 * Adds at most `most` trials that repeat points of the plan: they show how much runs differ, and whether the machine
 * drifts. The reference, in the middle of the CPU levels, is measured first, last and between; after two repetitions of
 * it come those of the lowest and the highest level.
 */
export function withAnchors(trials: readonly Trial[], most: number): Trial[] {
  const count = trials.length < fewestPoints ? 0 : Math.min(most, Math.ceil(trials.length * mostShare));
  if (count === 0) return [...trials];
  const byCpu = trials.toSorted((a, b) => a.point.cpu - b.point.cpu);
  const [lowest, reference, highest] = [byCpu[0]!, byCpu[byCpu.length >> 1]!, byCpu.at(-1)!];
  const repeated = Array.from({ length: count }, (_, index) => (index < 2 ? reference : [lowest, highest][index % 2]!));
  const referenceFirst = [reference, ...trials.filter((trial) => trial !== reference)];
  return repeated.reduce<Trial[]>((plan, { point }) => withRepetition(plan, point), referenceFirst);
}

/** Puts another trial of a point where it is farthest from those that are there; only the reference comes first and last. */
function withRepetition(plan: readonly Trial[], point: Point): Trial[] {
  const taken = plan.flatMap((trial, index) => (trial.point === point ? [index + 0.5] : []));
  const distance = (place: number) => Math.min(...taken.map((index) => Math.abs(index - place)));
  const last = plan[0]?.point === point ? plan.length : plan.length - 1;
  let best = 1;
  for (let place = 2; place <= last; place++) if (distance(place) > distance(best)) best = place;
  return plan.toSpliced(best, 0, { replicate: taken.length, anchor: true, point });
}
