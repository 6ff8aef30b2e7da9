import { formatFigure, formatMilliseconds, formatPercent, formatTimes } from "../../../core/domain/format.ts";
import { arrangerOf, type TableColumn, type TableKind } from "../../widgets/table/table.ts";
import type { ModelRow } from "./data.ts";

/** A column of a score; `rank` says when it goes, see `TableColumn`. */
function score(
  id: string,
  title: string,
  width: number,
  rank: number,
  read: (row: ModelRow) => number | undefined,
  text: (value: number) => string,
): TableColumn<ModelRow> {
  const cell = (row: ModelRow) => {
    const value = read(row);
    return value === undefined ? "-" : text(value);
  };
  return { id, title, width, align: "right", drop: rank, read, cell };
}

/** Models as rows; errors in the unit of the figure. `chosen`: the one that answers. */
function modelTable(chosen: string, unit: string): TableKind<ModelRow> {
  const inUnit = (value: number) => formatFigure(value, unit);
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
      score("median", "median error", 12, 0, (row) => row.scores?.medianApe, formatPercent),
      score("mape", "MAPE", 6, 3, (row) => row.scores?.mape, formatPercent),
      score("rmse", "RMSE", 8, 4, (row) => row.scores?.rmse, inUnit),
      score("mae", "MAE", 8, 5, (row) => row.scores?.mae, inUnit),
      score(
        "r2",
        "R2",
        6,
        1,
        (row) => row.scores?.r2,
        (value) => value.toFixed(3),
      ),
      score("coverage", "in 90 %", 7, 2, (row) => row.coverage?.share, formatPercent),
      score("width", "width", 6, 6, (row) => row.coverage?.width, formatTimes),
      score("fit", "fit", 8, 7, (row) => row.milliseconds?.fit, formatMilliseconds),
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
