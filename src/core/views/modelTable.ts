import type { ComparedModel, ModelComparison } from "../answer/models.ts";
import { left, right, type Table, tableOf } from "../cells/table.ts";
import { ABSENT, formatMilliseconds, formatPercent, formatRate, formatTimes } from "../domain/format.ts";

/**
 * Comparison of prediction models on points left out, the one used marked: errors in the unit of the figure, share of the
 * points within their 90 % interval, its width as high / low, and the time of one fit and of one prediction.
 */
export function modelTable({ models, chosen }: ModelComparison): Table {
  const remark = ({ id, failure, comparisonOnly }: ComparedModel) =>
    id === chosen ? "used" : (failure ?? (comparisonOnly ? "for comparison" : ""));
  return tableOf(models, [
    left("model", ({ id }) => id),
    right("R2", ({ scores }) => scores?.r2?.toFixed(3) ?? ABSENT),
    right("RMSE", ({ scores }) => formatRate(scores?.rmse), 4),
    right("MAE", ({ scores }) => formatRate(scores?.mae), 5),
    right("MAPE", ({ scores }) => formatPercent(scores?.mape), 3),
    right("median error", ({ scores }) => formatPercent(scores?.medianApe)),
    right("in 90 %", ({ coverage }) => formatPercent(coverage?.share), 2),
    right("width", ({ coverage }) => formatTimes(coverage?.width), 1),
    right("fit", ({ milliseconds }) => formatMilliseconds(milliseconds?.fit), 6),
    right("predict", ({ milliseconds }) => formatMilliseconds(milliseconds?.predict), 7),
    left("", remark),
  ]);
}
