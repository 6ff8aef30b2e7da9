import { type Chart, type ChartOptions, chartLines } from "../../core/views/index.ts";
import { page } from "../text/layout.ts";
import type { Size, StyledLine } from "../text/line.ts";
import type { Theme } from "../theme.ts";

/** A chart in exactly the size. `title: false` leaves the title to the screen. */
export function chart(data: Chart, size: Size, theme: Theme, options: Pick<ChartOptions, "title"> = {}): StyledLine[] {
  return page(chartLines(data, { ...size, ...options, colour: theme.colour, ascii: theme.ascii }), size, theme.ascii);
}
