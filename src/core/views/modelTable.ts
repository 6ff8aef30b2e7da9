import type { ComparedModel, ModelComparison } from "../answer/models.ts";
import type { Column, Table } from "../cells/table.ts";
import { formatMilliseconds, formatPercent, formatRate, formatTimes } from "../domain/format.ts";

const columns: readonly Column[] = [
  { title: "model", align: "left" },
  { title: "R2", align: "right" },
  { title: "RMSE", align: "right", drop: 4 },
  { title: "MAE", align: "right", drop: 5 },
  { title: "MAPE", align: "right", drop: 3 },
  { title: "median error", align: "right" },
  { title: "in 90 %", align: "right", drop: 2 },
  { title: "width", align: "right", drop: 1 },
  { title: "fit", align: "right", drop: 6 },
  { title: "predict", align: "right", drop: 7 },
  { title: "", align: "left" },
];

/**
 * Comparison of prediction models on points left out, the one used marked: errors in the unit of the figure, share of the
 * points within their 90 % interval, its width as high / low, and the time of one fit and of one prediction.
 */
export function modelTable({ models, chosen }: ModelComparison): Table {
  return {
    columns,
    rows: models.map((model) => [
      model.id,
      ...cells(model),
      model.id === chosen ? "used" : (model.failure ?? (model.comparisonOnly ? "for comparison" : "")),
    ]),
  };
}

function cells({ scores, milliseconds, coverage }: ComparedModel): string[] {
  if (!scores || !milliseconds) return columns.slice(2).map(() => "-");
  const { r2, rmse, mae, mape, medianApe } = scores;
  return [
    r2?.toFixed(3) ?? "-",
    formatRate(rmse),
    formatRate(mae),
    formatPercent(mape),
    formatPercent(medianApe),
    formatPercent(coverage?.share),
    formatTimes(coverage?.width),
    formatMilliseconds(milliseconds.fit),
    formatMilliseconds(milliseconds.predict),
  ];
}
