import type { Figure } from "../domain/figures.ts";
import { formatFigure, formatPercent, formatRate, plural } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { type SpeedBasis, speedBasisOf } from "../statistics/trials/speeds.ts";

const unhelpfulProbe = "it explains too little of what runs differ by";

/** A figure as titles call it: `requests/s at reference speed`; bare where no probe ran, or it does not follow the speed. */
export function atItsSpeed(label: string, { followsSpeed }: Figure, speed: SpeedBasis | undefined): string {
  return followsSpeed && speed ? `${label} ${speed.figures}` : label;
}

/** What stands under figures of trials, if anything: what speed they are at, what that changed, and how it is known. */
export function speedRemarks(speed: SpeedBasis | undefined): string[] {
  return speed ? [speedInWords(speed)] : [];
}

/** The same, where one of the figures follows the speed. */
export function speedRemarksOn(figures: readonly Figure[], records: readonly TrialRecord[]): string[] {
  return figures.some(({ followsSpeed }) => followsSpeed) ? speedRemarks(speedBasisOf(records)) : [];
}

/** `at reference speed: probe 9.8 µs, rates changed -14 % to +11 %, from 120 trials`: short, to fit under a chart. */
export function speedInWords({ figures, readings, probeMicros, correction, unhelpful }: SpeedBasis): string {
  const probe = probeMicros === undefined ? "of each machine" : `probe ${formatFigure(probeMicros, "µs")}`;
  const changes = correction ? [`rates changed ${rangeInWords(correction.rates)}`] : [];
  const why = unhelpful ? [unhelpfulProbe] : [];
  return `${figures}: ${[probe, ...changes, ...why].join(", ")}, from ${plural(readings, "trial")}`;
}

/** How fast the machine was, and how the time of each proxy followed it: `haproxy: CPU time follows the probe's by 0.81 ±0.04`. */
export function correctionInWords({ correction }: SpeedBasis): string[] {
  if (!correction) return [];
  const slopes = correction.slopes.map(({ proxy, slope, slopeError }) =>
    slope === 0
      ? `${proxy}: as measured, ${unhelpfulProbe}`
      : `${proxy}: CPU time follows the probe's by ${slope.toFixed(2)} ±${slopeError.toFixed(2)}`,
  );
  return [`the machine's speed: ${rangeInWords(correction.speeds)} of the reference`, ...slopes];
}

/** What a trial says of its own speed, each fact with its name; none where no probe ran. */
export function speedFacts({ speed, correction, result }: TrialRecord): [name: string, fact: string][] {
  const facts: [string, string][] = [];
  if (result?.countedBy) facts.push(["counted by", `the ${result.countedBy}, in the window`]);
  if (!speed) return facts;
  const spread = formatPercent(Math.expm1(speed.logDeviation));
  const pieces = `geometric mean of ${plural(speed.samples, "piece")} of work that differ by ${spread}`;
  facts.push(["speed probe", `${formatFigure(speed.probeMicros, "µs")}, ${pieces}`]);
  if (correction && result)
    facts.push([
      "requests/s",
      `${formatRate(correction.requestsPerSecond)} as measured, ${formatRate(result.requestsPerSecond)} at reference speed`,
    ]);
  return facts;
}

function rangeInWords([least, most]: readonly [number, number]): string {
  return `${signed(least)} to ${signed(most)}`;
}

function signed(share: number): string {
  return `${share < 0 ? "-" : "+"}${formatPercent(Math.abs(share))}`;
}
