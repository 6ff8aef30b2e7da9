import type { PredictedCurve } from "../../../core/answer/index.ts";
import { type Chart, type ChartSeries, type Guide, spansDecades } from "../../../core/cells/chartData.ts";
import { factorOf } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import { formatMilliseconds, formatPercent, formatRate } from "../../../core/domain/format.ts";
import { measuredAlong } from "../../../core/views/curve.ts";
import type { LabState } from "../../store/labState.ts";
import { askedBy } from "./goals.ts";
import { type PredictState, rankedProxy } from "./state.ts";

/** The predicted p99 of the chosen proxy against the offered rate, with the goal and the rate that are asked for. */
export function rateChart(state: PredictState, lab: LabState): Chart | undefined {
  const proxy = rankedProxy(state, lab)?.proxy;
  const [main, ...others] = (state.outlook?.proxy === proxy && state.outlook?.rates) || [];
  if (proxy === undefined || !main) return undefined;
  const [figure, rate] = [figureOf(main.target), factorOf(main.along)];
  const series = [seriesOf(main, true), ...others.map((curve) => seriesOf(curve, false))];
  return {
    title: `${figure.label} of ${proxy} against ${rate.label}`,
    x: { label: rate.label, unit: rate.unit },
    y: { label: figure.label, unit: figure.unit, ...(spansDecades(series) && { scale: "log" }) },
    bands: `${formatPercent(main.confidence)} interval of one further run`,
    series,
    // Of some lines it would be a trial, of others an estimate.
    lastValues: false,
    guides: guidesOf(state, proxy),
  };
}

/** A line for the CPU limit of a curve; its band only where the others leave room for it. */
function seriesOf(curve: PredictedCurve, banded: boolean): ChartSeries {
  return {
    name: factorOf("cpu").quantity.describe(curve.fixed.cpu!),
    points: measuredAlong(curve),
    curve: curve.points.map(({ level, estimate, low, high }) => ({
      x: level,
      y: estimate,
      ...(banded && { low, high }),
    })),
  };
}

function guidesOf({ fields, answers }: PredictState, proxy: string): Guide[] {
  const asked = askedBy(fields);
  const goal = asked.ok ? asked.goals.p99Ms : undefined;
  const rate = answers[proxy]?.data?.levels.requestsPerSecond;
  return [
    ...(goal === undefined ? [] : [{ axis: "y", at: goal, label: `goal ${formatMilliseconds(goal)}` } as const]),
    ...(rate === undefined ? [] : [{ axis: "x", at: rate, label: `${formatRate(rate)} requests/s` } as const]),
  ];
}
