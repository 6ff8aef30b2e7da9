export { type ChartOptions, chartLines, drawChart, SMALLEST_CHART } from "./chart.ts";
export type { Axis, Chart, ChartPoint, ChartSeries, CurvePoint, Guide } from "./chartData.ts";
export { apartInWords, comparisonInWords, comparisonTable, settingWithout } from "./comparisonTable.ts";
export { type Deployment, deployment, formatLimit, type Setting } from "./deploy.ts";
export {
  FACTORS,
  type Factor,
  type FactorName,
  findFactor,
  formatCpuLevel,
  NUMERIC_FACTORS,
  type NumericFactor,
  plural,
} from "./factors.ts";
export { floorTable, howItFailed } from "./floorTable.ts";
export * from "./format.ts";
export { correlateTrials, heatMap } from "./heatMap.ts";
export { findMetric, METRICS, type Metric, metricOf } from "./metrics.ts";
export { modelTable } from "./modelTable.ts";
export { observationTable } from "./observationTable.ts";
export { type Effect, OBSERVED_FACTORS, OBSERVED_METRICS, type Observation, observe } from "./observe.ts";
export { ratioTable } from "./ratioTable.ts";
export { type ChartWish, type SeriesQuery, seriesQuery, trialSeries, variedFactors } from "./series.ts";
export { type Column, drawTable, type Table } from "./table.ts";
export { type Align, cleanText, displayWidth, fitTo, type TextOptions, truncate } from "./text.ts";
export { trialChart } from "./trialChart.ts";
export { trialTable } from "./trialTable.ts";
export { trustRemarks } from "./trust.ts";
