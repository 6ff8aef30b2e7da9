import { mean } from "./means.ts";

/** Pearson's correlation of pairs; `undefined` where x or y is the same everywhere. */
export function pearson(x: readonly number[], y: readonly number[]): number | undefined {
  const [centreX, centreY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  x.forEach((value, i) => {
    const [dx, dy] = [value - centreX, y[i]! - centreY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  });
  // Deviations of equal values that are rounding alone.
  const nothing = (squares: number, centre: number) => squares <= x.length * (Math.abs(centre) * 1e-14) ** 2;
  if (x.length < 2 || nothing(xx, centreX) || nothing(yy, centreY)) return undefined;
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}
