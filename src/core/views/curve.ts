import type { PredictedCurve } from "../answer/curve.ts";
import type { Chart } from "../cells/chartData.ts";
import type { Table } from "../cells/table.ts";
import { findFactor } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import { formatCpuLevel, formatFigure, formatPercent } from "../domain/format.ts";

/** A predicted curve over the CPU limits with the trials that it was learned from. */
export function curveChart(proxy: string, { points, measured, target, unit, confidence }: PredictedCurve): Chart {
  const { label } = figureOf(target);
  const x = findFactor("cpu");
  return {
    title: `${label} of ${proxy} against ${x.label}`,
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
  return {
    columns: [
      { title: "cpu", align: "right" },
      { title: "expected", align: "right" },
      { title: `${formatPercent(confidence)} interval`, align: "right" },
      { title: "surely above", align: "right", drop: 1 },
      { title: "", align: "left" },
    ],
    rows: points
      .filter((_, i) => i % 2 === 0)
      .map(({ cpu, estimate, low, high, lower, aboveCeiling }) => [
        formatCpuLevel(cpu),
        text(estimate),
        `${text(low)} to ${text(high)}`,
        text(lower),
        aboveCeiling ? "above what load tool and origins carried" : "",
      ]),
  };
}
