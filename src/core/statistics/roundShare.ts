import { likelihoodWeights, mean } from "./means.ts";

/** What was found at one setting in one round. */
export interface RoundSample {
  readonly setting: string;
  readonly round: string | number;
  readonly value: number;
}

/** Recorded sweeps of four proxies have 0 to 0.4, in the middle 0.2; without correction up to 0.7. */
const candidates = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7];

/**
 * Which share of the variance between samples of one setting is that of their rounds, which all settings of a round have
 * in common: the process that they were measured on, the machine of that time. The mean over candidates by their
 * likelihood, so that few rounds leave it near the candidates' own mean. 0 where no round has two settings, or nothing
 * was repeated: then it makes no difference.
 * Source: H. Patterson and R. Thompson, Recovery of inter-block information when block sizes are unequal, Biometrika 58 (1971).
 */
export function roundShare(samples: readonly RoundSample[]): number {
  const residuals = residualsOf(samples);
  const rounds = [...Map.groupBy(residuals, ({ round }) => round).values()];
  const settings = new Set(residuals.map(({ setting }) => setting)).size;
  const betweenDegrees = rounds.length - 1;
  const withinDegrees = residuals.length - settings - betweenDegrees;
  if (betweenDegrees < 1 || withinDegrees < 1) return 0;
  const between = rounds.reduce((sum, round) => sum + round.length * mean(round.map(({ value }) => value)) ** 2, 0);
  const within = Math.max(0, residuals.reduce((sum, { value }) => sum + value ** 2, 0) - between);
  const squares = rounds.reduce((sum, { length }) => sum + length ** 2, 0);
  const perRound = (residuals.length - squares / residuals.length) / betweenDegrees;
  const degrees = betweenDegrees + withinDegrees;
  const logs = candidates.map((share) => {
    const ratio = 1 + (perRound * share) / (1 - share);
    const scale = Math.max(between / ratio + within, Number.MIN_VALUE);
    return -(betweenDegrees * Math.log(ratio) + degrees * Math.log(scale)) / 2;
  });
  const weights = likelihoodWeights(logs);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, at) => sum + (weight / total) * candidates[at]!, 0);
}

/** From the mean of their setting, of those that were repeated. */
function residualsOf(samples: readonly RoundSample[]): RoundSample[] {
  const repeated = [...Map.groupBy(samples, ({ setting }) => setting).values()].filter(({ length }) => length > 1);
  return repeated.flatMap((own) => {
    const centre = mean(own.map(({ value }) => value));
    return own.map((sample) => ({ ...sample, value: sample.value - centre }));
  });
}
