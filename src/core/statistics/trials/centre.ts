import type { Figure } from "../../domain/figures.ts";
import { isFigure } from "../../domain/format.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { geometricMean, logInterval, median, type Spread } from "../index.ts";
import { bandsByConfiguration } from "./bands.ts";
import { configurationKey, spreadOf } from "./repeated.ts";

/** The middle of a figure and the range around it, as far as they are known. */
interface Centre {
  readonly y?: number;
  readonly low?: number;
  readonly high?: number;
}

/**
 * How the middle of a group of trials at one level is told, by what all `records` say. The rate of one configuration is
 * its smooth band (`bandsByConfiguration`). Else it is the geometric mean of rates, whose ratios count, and the median of
 * all other figures, which a single odd trial does not move; the range is the 95 % interval if it is known how runs of a
 * configuration of the proxy differ, or else those of other proxies, or else that of two or more trials.
 */
export function centresOf(records: readonly TrialRecord[], figure: Figure): (group: readonly TrialRecord[]) => Centre {
  const bands = figure.id === "requestsPerSecond" ? bandsByConfiguration(records) : undefined;
  const proxies = Map.groupBy(records, ({ point }) => point.proxy);
  const all = spreadOf(records, figure.of);
  const spreads = new Map([...proxies].map(([proxy, own]) => [proxy, spreadOf(own, figure.of) ?? all]));
  return (group) => {
    const configurations = new Set(group.map(configurationKey));
    const band = configurations.size === 1 ? bands?.get([...configurations][0]!) : undefined;
    if (band) return { y: band.smooth.estimate, low: band.smooth.low, high: band.smooth.high };
    return centreOf(group, figure, group[0] && spreads.get(group[0].point.proxy));
  };
}

function centreOf(records: readonly TrialRecord[], { of, unit }: Figure, spread: Spread | undefined): Centre {
  const values = records.map(of).filter(isFigure);
  if (values.length === 0) return {};
  const y = unit.endsWith("/s") ? geometricMean(values) : median(values);
  if (spread && y > 0) {
    const { low, high } = logInterval(y, values.length, spread);
    return { y, low, high: unit === "share" ? Math.min(1, high) : high };
  }
  return values.length > 1 ? { y, low: Math.min(...values), high: Math.max(...values) } : { y };
}
