import type { Line } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { type Chart, type ChartSize, chartLines } from "../../core/views/index.ts";

/** A chart in exactly the size. */
export function chart(data: Chart, size: ChartSize, pen: Pen): Line[] {
  return pen.page(chartLines(data, size, pen), size);
}
