import { generator } from "../shared/random.ts";

/** Of the variance the part that lasts, and how much of that is left a period later. */
const lasting = { share: 0.35, kept: 0.9 };

/** Numbers of mean 0 and deviation 1 for one period after the other: what a machine does in one it half does in the next. */
export function disturbances(count: number, seed = 1): number[] {
  const draw = normal(generator(seed));
  let slow = draw();
  return Array.from({ length: count }, () => {
    slow = lasting.kept * slow + Math.sqrt(1 - lasting.kept ** 2) * draw();
    return Math.sqrt(lasting.share) * slow + Math.sqrt(1 - lasting.share) * draw();
  });
}

/** Of the normal distribution. Source: G. E. P. Box and M. E. Muller, Annals of Mathematical Statistics 29 (1958). */
export function normal(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
