export { type Interval, shareInterval, usualConfidence } from "./interval.ts";
export { geometricMean, mean, median } from "./means.ts";
export { normalQuantile, studentQuantile } from "./quantiles.ts";
export { logInterval, pooledSpread, type Spread } from "./spread.ts";
