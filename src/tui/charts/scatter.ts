import type { Chart } from "../../core/cells/chartData.ts";

/** Predicted against measured figures of points that the model had not seen, with the line on which they are equal. */
export function predictedAgainstMeasured(
  series: readonly {
    readonly name: string;
    readonly measured: readonly number[];
    readonly predicted: readonly number[];
  }[],
  label: string,
  unit: string,
): Chart {
  const all = series.flatMap(({ measured, predicted }) => [...measured, ...predicted]).filter(Number.isFinite);
  const most = Math.max(0, ...all);
  const least = Math.min(most, ...all);
  const diagonal = [least, most].map((at) => ({ x: at, y: at }));
  return {
    title: `${label}: predicted without having seen the point, against measured`,
    x: { label: `measured ${label}`, unit },
    y: { label: `predicted ${label}`, unit },
    series: [
      ...series.map(({ name, measured, predicted }) => ({
        name,
        points: measured.map((x, row) => ({ x, y: predicted[row] })),
        curve: [],
      })),
      { name: "equal", points: [], curve: all.length > 0 ? diagonal : [] },
    ],
    lastValues: false,
  };
}
