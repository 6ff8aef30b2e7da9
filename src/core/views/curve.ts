import type { PredictedCurve } from "../answer/curve.ts";
import type { Chart } from "../cells/chartData.ts";
import { left, right, type Table, tableOf } from "../cells/table.ts";
import { findFactor } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import { formatCpuLevel, formatFigure, formatPercent } from "../domain/format.ts";
import { atItsSpeed } from "../words/speed.ts";

/** A predicted curve over the CPU limits with the trials that it was learned from. */
export function curveChart(proxy: string, curve: PredictedCurve): Chart {
  const { points, measured, target, unit, confidence, speed } = curve;
  const figure = figureOf(target);
  const label = atItsSpeed(figure.label, figure, speed);
  const x = findFactor("cpu");
  return {
    title: `${atItsSpeed(`${figure.label} of ${proxy}`, figure, speed)} against ${x.label}`,
    x: { label: x.label, unit: x.unit },
    y: { label, unit },
    whiskers: `${formatPercent(confidence)} interval of one further run`,
    series: [
      { name: "predicted", points: points.map(({ cpu, estimate, low, high }) => ({ x: cpu, y: estimate, low, high })) },
      { name: "measured", points: measured.map(({ cpu, figure }) => ({ x: cpu, y: figure })) },
    ],
  };
}

/** The same curve in numbers, every other point. */
export function curveTable({ points, unit, confidence }: PredictedCurve): Table {
  const text = (value: number) => formatFigure(value, unit);
  return tableOf(
    points.filter((_, i) => i % 2 === 0),
    [
      right("cpu", ({ cpu }) => formatCpuLevel(cpu)),
      right("expected", ({ estimate }) => text(estimate)),
      right(`${formatPercent(confidence)} interval`, ({ low, high }) => `${text(low)} to ${text(high)}`),
      right("surely above", ({ lower }) => text(lower), 1),
      left("", ({ aboveCeiling }) => (aboveCeiling ? "above what load tool and origins carried" : "")),
    ],
  );
}
