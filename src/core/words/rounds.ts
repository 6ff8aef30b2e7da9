import type { SweepEventBody } from "../domain/events.ts";
import { formatDuration, formatPercent, formatRate, plural } from "../domain/format.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { type Band, widestOf } from "../domain/summary.ts";
import { pointsOf } from "../plan/plan.ts";
import { mostRounds } from "../plan/rounds.ts";
import { placeInWords } from "./trials.ts";

type RoundFinished = Extract<SweepEventBody, { type: "round-finished" }>;
/** What is told of a round that has ended. */
export type RoundTold = Pick<RoundFinished, "round" | "bands" | "halfWidth" | "wantedHalfWidth">;

/** A half-width: `±7.2 %`. */
export function halfWidthInWords(share: number | undefined): string {
  return `±${formatPercent(share)}`;
}

/**
 * `round 4, widest band ±7.2 % (wanted ±5 %), about 40 s left`, and shorter texts that say the same. `told`: of the last
 * whole round; before there is one, `visits` are counted.
 */
export function roundProgressInWords(
  told: RoundTold | undefined,
  visits: number,
  spec: SweepSpec,
  secondsLeft?: number,
): string[] {
  const left = !secondsLeft ? [] : [`${formatDuration(secondsLeft)} left`];
  const about = left.map((text) => `about ${text}`);
  const join = (...parts: readonly (readonly string[])[]) => parts.flat().join(", ");
  if (!told) {
    const points = pointsOf(spec).length;
    const visit = ["round 1", `visit ${Math.min(visits + 1, points)} of ${points}`];
    return [join(visit, about), join(visit)];
  }
  const round = [`round ${told.round}`];
  const width = told.halfWidth === undefined ? [] : [halfWidthInWords(told.halfWidth)];
  const wanted = told.wantedHalfWidth === undefined ? "" : ` (wanted ${halfWidthInWords(told.wantedHalfWidth)})`;
  const beside = width.map((text) => text + wanted);
  const widest = beside.map((text) => `widest band ${text}`);
  return [join(round, widest, about), join(round, beside, left), join(round, width, left)];
}

/** A round in one line, with the configuration that is known least: `round 4: widest ±7.2 % (traefik 0.05 cpu)`. */
export function roundInWords({ round, bands, halfWidth }: RoundTold): string {
  if (halfWidth === undefined) return `round ${round}: no band is known yet`;
  const widest = bands.find((band) => band.halfWidth === halfWidth);
  return `round ${round}: widest ${halfWidthInWords(halfWidth)}${widest ? ` (${placeInWords(widest.point)})` : ""}`;
}

/** What rounds are made for: `rounds of 10 points, until every band is within ±5 %`. */
export function roundsPlanInWords(spec: SweepSpec): string {
  const points = plural(pointsOf(spec).length, "point");
  if (spec.rounds !== undefined) return `${plural(spec.rounds, "round")} of ${points}`;
  return `rounds of ${points}, until every band is within ${halfWidthInWords(spec.precision)}`;
}

/** How a sweep in rounds has ended: after `round` of them, or when it was interrupted. */
export interface RoundsEnd extends Pick<RoundTold, "bands" | "round"> {
  readonly interrupted: boolean;
}

/** How wide the bands are after the last round, and why there was no further one. */
export function roundsEndInWords(spec: SweepSpec, end: RoundsEnd): string {
  const rounds = plural(end.round, "round");
  const widest = widestOf(end.bands);
  if (!widest) return `after ${rounds} nothing says how wide the bands are`;
  const wanted = spec.rounds === undefined ? spec.precision : undefined;
  const width = halfWidthInWords(widest.halfWidth);
  if (wanted !== undefined && widest.halfWidth <= wanted)
    return `the precision was reached after ${rounds}: widest band ${width} (wanted ${halfWidthInWords(wanted)})`;
  const place = [placeInWords(widest.point), ...(wanted === undefined ? [] : [`wanted ${halfWidthInWords(wanted)}`])];
  return `${stopInWords(spec, end, rounds, widest)}: the widest band is ${width} (${place.join("; ")})`;
}

function stopInWords(spec: SweepSpec, { round, interrupted }: RoundsEnd, rounds: string, { runs }: Band): string {
  if (interrupted) return `interrupted after ${rounds}`;
  if (spec.rounds !== undefined && round >= spec.rounds) return `${rounds}, as asked`;
  if (runs >= mostRounds) return `the precision was not reached in ${mostRounds} rounds, the most there are`;
  return spec.budgetSeconds === undefined ? `ended after ${rounds}` : `the time was up after ${rounds}`;
}

/** The rate of a configuration: `traefik 0.05 cpu: 1.23k req/s ±4.1 %, 4 runs`. */
export function bandInWords({ point, smooth, halfWidth, runs }: Band): string {
  return `${placeInWords(point)}: ${formatRate(smooth.estimate)} req/s ${halfWidthInWords(halfWidth)}, ${plural(runs, "run")}`;
}
