import type { PredictedCurve } from "../answer/curve.ts";
import { type Chart, spansDecades } from "../cells/chartData.ts";
import { left, right, type Table, tableOf } from "../cells/table.ts";
import { factorOf } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import { formatCpuLevel, formatFigure, formatPercent } from "../domain/format.ts";
import { atItsSpeed } from "../words/speed.ts";

/** A predicted curve with the trials that it was learned from; along rates those at its CPU limit. */
export function curveChart(proxy: string, curve: PredictedCurve): Chart {
  const { points, target, unit, confidence, speed, along } = curve;
  const figure = figureOf(target);
  const label = atItsSpeed(figure.label, figure, speed);
  const x = factorOf(along);
  const trials = measuredAlong(curve);
  const series = [
    {
      name: "predicted",
      points: points.map(({ level, estimate, low, high }) => ({ x: level, y: estimate, low, high })),
    },
    ...(trials.length > 0 ? [{ name: "measured", points: trials }] : []),
  ];
  return {
    title: `${atItsSpeed(`${figure.label} of ${proxy}`, figure, speed)} against ${x.label}`,
    x: { label: x.label, unit: x.unit },
    y: {
      label,
      unit,
      ...(figure.latency && along === "requestsPerSecond" && spansDecades(series) && { scale: "log" }),
    },
    whiskers: `${formatPercent(confidence)} interval of one further run`,
    series,
  };
}

/** The trials behind a curve against its factor; along rates those at its CPU limit, which they would hide otherwise. */
export function measuredAlong({
  along,
  fixed,
  measured,
}: PredictedCurve): { readonly x: number; readonly y: number }[] {
  return measured.flatMap(({ levels, figure }) => {
    const x = levels[along];
    return x === undefined || (along !== "cpu" && levels.cpu !== fixed.cpu) ? [] : [{ x, y: figure }];
  });
}

/** The same curve in numbers, every other point. */
export function curveTable({ points, unit, confidence, along }: PredictedCurve): Table {
  const {
    unit: levelUnit,
    quantity: { short },
  } = factorOf(along);
  const text = (value: number) => formatFigure(value, unit);
  return tableOf(
    points.filter((_, i) => i % 2 === 0),
    [
      right(short, ({ level }) => (along === "cpu" ? formatCpuLevel(level) : formatFigure(level, levelUnit))),
      right("expected", ({ estimate }) => text(estimate)),
      right(`${formatPercent(confidence)} interval`, ({ low, high }) => `${text(low)} to ${text(high)}`),
      right("surely above", ({ lower }) => text(lower), 1),
      left("", ({ aboveCeiling }) => (aboveCeiling ? "above what load tool and origins carried" : "")),
    ],
  );
}
