export { correlationInterval, type Interval, shareInterval, usualConfidence } from "./interval.ts";
export { geometricMean, mean, median, squaredDeviations } from "./means.ts";
export { pearson } from "./pearson.ts";
export { normalQuantile, studentQuantile } from "./quantiles.ts";
export { random, shuffled } from "./random.ts";
export { type Pairs, type RankCorrelation, rankCorrelation, ranks, spearman } from "./rankCorrelation.ts";
export { logInterval, pooledSpread, type Spread } from "./spread.ts";
