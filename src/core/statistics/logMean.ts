import { mean, median, squaredDeviations } from "./means.ts";
import { studentQuantile } from "./quantiles.ts";
import { roundShare } from "./roundShare.ts";

/** The logarithm of a figure, or of a ratio, at one setting in one round. */
export interface LogSample {
  readonly setting: string;
  readonly round: number;
  readonly log: number;
}

/** A mean of logarithms, with what it is known by. */
export interface LogMean {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
  readonly degreesOfFreedom: number;
  /** Its observations are rounds: the settings had `enoughRounds`. */
  readonly byRounds?: true;
  /** Settings differ by more than their rounds do. */
  readonly differs?: true;
}

/** From so many rounds on the settings need not stand for each other. */
const enoughRounds = 6;
/** Farther from the middle of its setting, in standard deviations, a sample is odd. */
const odd = 2.5;
/** Of a normal distribution: standard deviation / median distance from the middle. */
const normalScale = 1.4826;
/** Where most samples differ by no more than this, they are the same but for rounding, and do not tell which are odd. */
const equal = 1e-9;
/** A difference between settings that is none is called with this probability. */
const called = 0.05;

/**
 * The mean over settings that were each measured in several rounds, every setting counting the same, such as log-ratios of two
 * sides. What happens to all settings of a round at once is no error of each of them: a round is one observation. Odd
 * samples are pulled in. With fewer rounds each sample is an observation, but for what a round's have in common
 * (`roundShare`), and settings that differ make the variance large. `undefined` for fewer than two samples.
 * Sources: P. Huber, Robust estimation of a location parameter, 1964 (one step, from the median); K.-Y. Liang and
 * S. Zeger, Longitudinal data analysis using generalized linear models, 1986 (sums over clusters); F. Satterthwaite,
 * An approximate distribution of estimates of variance components, 1946.
 */
export function logMean(samples: readonly LogSample[]): LogMean | undefined {
  if (samples.length < 2) return undefined;
  const settings = [...Map.groupBy(samples, ({ setting }) => setting).values()];
  return settings.every(({ length }) => length >= enoughRounds) ? overRounds(settings) : overSamples(samples);
}

/** Each sample is an observation, but for what all settings of a round have in common. */
function overSamples(samples: readonly LogSample[]): LogMean {
  const logs = samples.map(({ log }) => log);
  const rounds = new Set(samples.map(({ round }) => round)).size;
  const shared = roundShare(samples.map(({ setting, round, log }) => ({ setting, round, value: log })));
  const degreesOfFreedom = logs.length - 1;
  const ofOne = squaredDeviations(logs) / degreesOfFreedom;
  const variance = ofOne * ((1 - shared) / logs.length + shared / rounds);
  return { mean: mean(logs), variance, degreesOfFreedom };
}

function overRounds(groups: readonly (readonly LogSample[])[]): LogMean {
  const settings = groups.map(settingOf);
  /** Of each round what it adds to the deviation of the mean, and the variance that is expected of that. */
  const rounds = new Map<number, { deviation: number; expected: number }>();
  for (const { samples, deviations, variance } of settings) {
    const weight = 1 / settings.length / samples.length;
    samples.forEach(({ round }, at) => {
      const { deviation, expected } = rounds.get(round) ?? { deviation: 0, expected: 0 };
      rounds.set(round, {
        deviation: deviation + weight * deviations[at]!,
        expected: expected + weight ** 2 * variance * samples.length,
      });
    });
  }
  const expected = [...rounds.values()].map((round) => round.expected);
  const total = expected.reduce((sum, one) => sum + one, 0);
  return {
    mean: mean(settings.map((setting) => setting.mean)),
    variance: [...rounds.values()].reduce((sum, { deviation }) => sum + deviation ** 2, 0),
    degreesOfFreedom: total > 0 ? total ** 2 / expected.reduce((sum, one) => sum + one ** 2, 0) - 1 : rounds.size - 1,
    byRounds: true,
    ...(differ(settings) && { differs: true }),
  };
}

/** A setting by its samples. */
interface Setting {
  readonly samples: readonly LogSample[];
  readonly mean: number;
  /** From the mean, odd ones pulled in; as large as those of the true mean are expected to be. */
  readonly deviations: readonly number[];
  /** Of the mean. */
  readonly variance: number;
}

function settingOf(samples: readonly LogSample[]): Setting {
  const logs = samples.map(({ log }) => log);
  const middle = median(logs);
  const scale = normalScale * median(logs.map((log) => Math.abs(log - middle)));
  const reach = scale > equal ? odd * scale : Infinity;
  const pulled = logs.map((log) => Math.min(middle + reach, Math.max(middle - reach, log)));
  const centre = mean(pulled);
  const share = pulled.filter((log, at) => log === logs[at]).length / logs.length;
  const stretch = Math.sqrt(logs.length / (logs.length - 1)) / share;
  const deviations = pulled.map((log) => stretch * (log - centre));
  const variance = deviations.reduce((sum, one) => sum + one ** 2, 0) / logs.length ** 2;
  return { samples, mean: centre, deviations, variance };
}

/**
 * Whether one setting differs from the mean of the others, by Welch's test with Bonferroni's correction.
 * Source: B. Welch, The generalization of Student's problem when several different population variances are involved, 1947.
 */
function differ(settings: readonly Setting[]): boolean {
  return settings.some((one) => {
    const others = settings.filter((other) => other !== one);
    if (others.length === 0) return false;
    const parts = [one, ...others].map(({ variance, samples }, at) => ({
      variance: at === 0 ? variance : variance / others.length ** 2,
      degrees: samples.length - 1,
    }));
    const variance = parts.reduce((sum, part) => sum + part.variance, 0);
    const degrees = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
    const distance = Math.abs(one.mean - mean(others.map((other) => other.mean)));
    return distance > studentQuantile(1 - called / settings.length, degrees) * Math.sqrt(variance);
  });
}
