import { formatCount, formatDuration, formatPercent } from "../domain/format.ts";
import type { Difference } from "../domain/machines.ts";
import type { Comparison } from "../statistics/sides/compare.ts";
import type { GateOutcome } from "../statistics/sides/gate.ts";

/** Names of the sides of a comparison. */
export type SideNames = readonly [first: string, second: string];

/** The answer of a comparison with its interval, and what there is to know of that. */
export function comparisonInWords(found: Comparison, label: string, names: SideNames): string[] {
  return [...answerInWords(found, label, names), ...remarksOn(found)];
}

function answerInWords(
  { ratio, verdict, pairs, matters }: Comparison,
  label: string,
  [first, second]: SideNames,
): string[] {
  if (!ratio) {
    return [
      pairs > 1
        ? "too few runs were repeated within the sweeps to know how much sweeps differ: measure with --rounds, --anchors or --replicates"
        : "one setting in common is too few for an interval: measure more levels, --rounds or --replicates",
    ];
  }
  const { estimate, low, high, confidence } = ratio;
  const figures = `${second} / ${first} = ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}`;
  const answer = {
    higher: `${second} is higher`,
    lower: `${second} is lower`,
    unstable: `unstable: no difference and one of ${formatPercent(matters)} are both possible`,
    "no difference": answerForTable(verdict),
    "too few": verdict,
  }[verdict];
  return [`${label}: ${answer}; ${figures}, ${Number((100 * confidence).toPrecision(4))} %, ${pairs} pairs)`];
}

/** For the cell of a table. */
export function answerForTable(verdict: Comparison["verdict"]): string {
  return verdict === "no difference" ? "no difference shown" : verdict;
}

/** What a reader has to know of the figures. */
function remarksOn(found: Comparison): string[] {
  const { ratio, verdict, needs, apart, varies, machines, versions, options, protocols } = found;
  const differences = (title: string, differ: readonly Difference[]) =>
    differ.length > 0 ? [`${title}: ${differ.map(differenceInWords).join("; ")}`] : [];
  return [
    ...(needs ? [needsInWords(needs)] : []),
    ...(verdict === "unstable" && !needs
      ? ["more of the same would not tell: measure both in one sweep, in rounds"]
      : []),
    ...(varies ? ["the ratio is not the same at all settings, by more than noise explains: see each"] : []),
    ...(apart && ratio
      ? ["measured at different times: what runs differ by within each sweep is in the interval"]
      : []),
    ...differences("measured on other machines", machines.differ),
    ...differences("measured with other versions", versions.differ),
    ...differences("measured with other options", options.differ),
    ...differences("clients spoke otherwise", protocols.differ),
  ];
}

function needsInWords({ runs, seconds }: NonNullable<Comparison["needs"]>): string {
  const time = seconds === undefined ? "" : ` (${formatDuration(seconds)})`;
  return `${formatCount(runs)} rounds or replicates of both${time} would likely tell`;
}

/** `kernel 6.1 and 6.8`. */
function differenceInWords({ what, first, second }: Difference): string {
  return `${what} ${first.join(", ")} and ${second.join(", ")}`;
}

const GATES: Readonly<Record<GateOutcome, string>> = {
  passed: "not worse by more than --max-regress allows",
  regressed: "worse by more than --max-regress allows",
  unstable: "cannot tell whether it is worse by more than --max-regress allows",
  "other machines": "not judged by --max-regress, as the machines differ: --across-machines judges all the same",
};

/** Whether the second side is worse than it may be. */
export function gateInWords(outcome: GateOutcome): string {
  return GATES[outcome];
}

/** Why two sides cannot be compared by a figure. */
export function nothingInCommon(label: string, [first, second]: SideNames): string {
  return `${first} and ${second} have no setting in common with a ${label}`;
}
