import { FACTORS } from "../domain/factors.ts";
import type { Point } from "../domain/point.ts";
import type { SweepSpec } from "../domain/spec.ts";

/** All combinations of the levels. What a proxy is started for changes least often, the CPU limit most often. */
export function gridPoints(spec: SweepSpec, factors = FACTORS): Point[] {
  const rank = ({ id, restarts }: (typeof factors)[number]) => (restarts ? 0 : id === "cpu" ? 2 : 1);
  const nested = factors.toSorted((a, b) => rank(a) - rank(b));
  const combinations = nested.reduce<(string | number | undefined)[][]>(
    (some, { levels }) => some.flatMap((one) => levels(spec).map((level) => [...one, level])),
    [[]],
  );
  const places = factors.map((factor) => [factor.key, nested.indexOf(factor)] as const);
  return combinations.map((levels) => {
    const point: Record<string, unknown> = {};
    for (const [key, place] of places) if (levels[place] !== undefined) point[key] = levels[place];
    return point as unknown as Point;
  });
}
