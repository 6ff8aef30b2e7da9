import type { Candidate, Scores } from "../predict/index.ts";
import { formatPercent, formatRate } from "./format.ts";
import type { Table } from "./table.ts";

const titles = ["R2", "RMSE", "MAE", "MAPE", "median error"];

/** Comparison of prediction models on points left out; errors in the unit of the figure, the one used marked. */
export function modelTable(candidates: readonly Candidate[], used: string): Table {
  return {
    columns: [
      { title: "model", align: "left" },
      ...titles.map((title) => ({ title, align: "right" as const })),
      { title: "", align: "left" },
    ],
    rows: candidates.map(({ model, validation, failure }) => [
      model.id,
      ...(validation ? cells(validation.scores) : titles.map(() => "-")),
      model.id === used ? "used" : (failure ?? ""),
    ]),
  };
}

function cells({ r2, rmse, mae, mape, medianApe }: Scores): string[] {
  return [r2?.toFixed(3) ?? "-", formatRate(rmse), formatRate(mae), formatPercent(mape), formatPercent(medianApe)];
}
