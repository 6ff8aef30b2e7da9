import type { Comparison } from "../statistics/trials/compare.ts";

/** Names of the sides of a comparison. */
export type SideNames = readonly [first: string, second: string];

/** The answer of a comparison with its interval, and what there is to know of that. */
export function comparisonInWords(
  { ratio, verdict, pairs, apart }: Comparison,
  label: string,
  [first, second]: SideNames,
): string[] {
  if (!ratio) {
    return [
      pairs > 1
        ? "too few runs were repeated within the sweeps to know how much sweeps differ: measure with --anchors or --replicates"
        : "one setting in common is too few for an interval: measure more levels or replicates",
    ];
  }
  const { estimate, low, high, confidence } = ratio;
  const figures = `${second} / ${first} = ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}`;
  const answer = verdict === "no difference" ? "no difference shown" : `${second} is ${verdict}`;
  return [
    `${label}: ${answer}; ${figures}, ${Number((100 * confidence).toPrecision(4))} %, ${pairs} pairs)`,
    ...(apart ? ["measured at different times: what runs differ by within each sweep is in the interval"] : []),
  ];
}

/** Why two sides cannot be compared by a figure. */
export function nothingInCommon(label: string, [first, second]: SideNames): string {
  return `${first} and ${second} have no setting in common with a ${label}`;
}
