import { formatFigure, formatPercent } from "../../../core/views/index.ts";
import { arrangerOf, type TableColumn, type TableKind } from "../../widgets/table/table.ts";
import type { ModelRow } from "./data.ts";

const right = { align: "right" } as const;

function score(
  id: string,
  title: string,
  width: number,
  read: (row: ModelRow) => number | undefined,
  text: (value: number) => string,
  drop?: number,
): TableColumn<ModelRow> {
  const cell = (row: ModelRow) => {
    const value = read(row);
    return value === undefined ? "-" : text(value);
  };
  return { id, title, width, ...right, read, cell, ...(drop !== undefined && { drop }) };
}

/** Models as rows; errors in the unit of the figure. `chosen`: the one that answers. */
function modelTable(chosen: string, unit: string): TableKind<ModelRow> {
  return {
    keyOf: ({ id }) => id,
    columns: [
      {
        id: "model",
        title: "model",
        align: "left",
        width: 22,
        read: ({ id }) => id,
        cell: ({ id }) => `${id === chosen ? "★" : " "} ${id}`,
        style: ({ id, failure }) => (id === chosen ? "good" : failure === undefined ? "plain" : "faint"),
      },
      score("median", "median error", 12, (row) => row.scores?.medianApe, formatPercent),
      score("mape", "MAPE", 6, (row) => row.scores?.mape, formatPercent, 3),
      score(
        "rmse",
        "RMSE",
        8,
        (row) => row.scores?.rmse,
        (value) => formatFigure(value, unit),
        4,
      ),
      score(
        "mae",
        "MAE",
        8,
        (row) => row.scores?.mae,
        (value) => formatFigure(value, unit),
        5,
      ),
      score(
        "r2",
        "R2",
        6,
        (row) => row.scores?.r2,
        (value) => value.toFixed(3),
        1,
      ),
      score("coverage", "in 90 %", 7, (row) => row.coverage?.share, formatPercent, 2),
      score(
        "width",
        "width",
        6,
        (row) => row.coverage?.width,
        (value) => `x${value.toFixed(2)}`,
        6,
      ),
      score(
        "fit",
        "fit",
        8,
        (row) => row.milliseconds?.fit,
        (value) => `${value.toFixed(1)} ms`,
        7,
      ),
      {
        id: "why",
        title: "",
        align: "left",
        width: 24,
        drop: 8,
        read: remark,
        cell: remark,
        style: ({ failure }) => (failure === undefined ? "faint" : "warning"),
      },
    ],
  };
  function remark(row: ModelRow): string {
    if (row.id === chosen) return "answers";
    return row.failure ?? (row.comparisonOnly ? "for comparison only" : "");
  }
}

const tables = new Map<string, { kind: TableKind<ModelRow>; arrange: ReturnType<typeof arrangerOf<ModelRow>> }>();

/** The table of the models of a figure, with the one that answers marked; kept, as its rows are. */
export function tableFor(chosen: string, unit: string) {
  const key = `${chosen} ${unit}`;
  const known = tables.get(key);
  if (known) return known;
  const kind = modelTable(chosen, unit);
  const made = { kind, arrange: arrangerOf(kind) };
  tables.set(key, made);
  return made;
}
