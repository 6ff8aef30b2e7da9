import { GRID, INK, MUTED } from "../html/palette.ts";

/** How all charts look. The page says what a chart shows, so Vega's own descriptions are left out. */
export const CONFIG = {
  aria: false,
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: MUTED[0],
    titleColor: INK[0],
    gridColor: GRID[0],
    domainColor: MUTED[0],
    tickColor: MUTED[0],
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 8,
    labelFlush: false,
  },
  title: { anchor: "start", frame: "group", color: INK[0], fontSize: 12, fontWeight: 500, offset: 10 },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  legend: {
    labelColor: INK[0],
    titleColor: INK[0],
    labelFontSize: 12,
    symbolSize: 70,
    symbolStrokeWidth: 2,
    labelLimit: 220,
  },
} as const;
