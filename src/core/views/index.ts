export { type ChartSize, chartLines, drawChart, SMALLEST_CHART } from "../cells/chart.ts";
export type { Chart, ChartAxis, ChartPoint, ChartSeries, Guide } from "../cells/chartData.ts";
export { type Column, drawnTable, drawTable, type Table } from "../cells/table.ts";
export { type Align, cleanText, displayWidth, fitTo, type TextOptions, truncate } from "../cells/text.ts";
export {
  FACTORS,
  type Factor,
  type FactorName,
  findFactor,
  type NumericFactor,
  quantities,
  settingWithout,
  variedFactors,
} from "../domain/factors.ts";
export {
  FIGURES,
  type Figure,
  figureOf,
  findFigure,
  type LearnedFigure,
  learnable,
  offsetOf,
} from "../domain/figures.ts";
export * from "../domain/format.ts";
export { correlateTrials } from "../statistics/trials/correlation.ts";
export {
  type Effect,
  OBSERVED_FACTORS,
  OBSERVED_FIGURES,
  type Observation,
  observe,
} from "../statistics/trials/observe.ts";
export { type Deployment, deployment, formatLimit } from "../words/deploy.ts";
export { trustRemarks } from "../words/trust.ts";
export { comparisonTable } from "./comparisonTable.ts";
export { floorTable } from "./floorTable.ts";
export { heatMap } from "./heatMap.ts";
export { modelTable } from "./modelTable.ts";
export { observationTable } from "./observationTable.ts";
export { ratioTable } from "./ratioTable.ts";
export {
  type ChartWish,
  type SeriesQuery,
  seriesQuery,
  trialSeries,
} from "./series.ts";
export { trialChart } from "./trialChart.ts";
export { trialTable } from "./trialTable.ts";
