import { type ChartSize, chartLines } from "../../core/cells/chart.ts";
import type { Chart } from "../../core/cells/chartData.ts";
import type { Line } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";

/** A chart in exactly the size. */
export function chart(data: Chart, size: ChartSize, pen: Pen): Line[] {
  return pen.page(chartLines(data, size, pen), size);
}
