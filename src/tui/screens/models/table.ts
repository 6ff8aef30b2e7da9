import type { ModelComparison } from "../../../core/answer/index.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import { formatFigure, formatMilliseconds, formatPercent, formatTimes } from "../../../core/domain/format.ts";
import {
  arrangerOf,
  type TableColumn,
  type TableKind,
  type TableState,
  wordsColumn,
} from "../../widgets/table/table.ts";
import { remember } from "../remember.ts";
import type { ModelsState } from "./state.ts";

export type ModelRow = ModelComparison["models"][number];

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

const withThreeDecimals = (value: number) => value.toFixed(3);

/** Models as rows; errors in the unit of the figure. `chosen`: the one that answers. */
function modelTable(chosen: string, unit: string): TableKind<ModelRow> {
  const inUnit = (value: number) => formatFigure(value, unit);
  const remark = ({ id, failure, comparisonOnly }: ModelRow) =>
    id === chosen ? "answers" : (failure ?? (comparisonOnly ? "for comparison only" : ""));
  return {
    keyOf: ({ id }) => id,
    columns: [
      {
        ...wordsColumn("model", 22, ({ id }) => id),
        cell: ({ id }) => `${id === chosen ? "★" : " "} ${id}`,
        style: ({ id, failure }) => (id === chosen ? "good" : failure === undefined ? "plain" : "faint"),
      },
      score("median", "median error", 12, 0, (row) => row.scores?.medianApe, formatPercent),
      score("mape", "MAPE", 6, 3, (row) => row.scores?.mape, formatPercent),
      score("rmse", "RMSE", 8, 4, (row) => row.scores?.rmse, inUnit),
      score("mae", "MAE", 8, 5, (row) => row.scores?.mae, inUnit),
      score("r2", "R2", 6, 1, (row) => row.scores?.r2, withThreeDecimals),
      score("coverage", "in 90 %", 7, 2, (row) => row.coverage?.share, formatPercent),
      score("width", "width", 6, 6, (row) => row.coverage?.width, formatTimes),
      score("fit", "fit", 8, 7, (row) => row.milliseconds?.fit, formatMilliseconds),
      {
        ...wordsColumn("why", 24, remark),
        title: "",
        drop: 8,
        style: ({ failure }) => (failure === undefined ? "faint" : "warning"),
      },
    ],
  };
}

/** The table of the models of a figure, with the one that answers marked; kept, as its rows are. */
const tableFor = remember((chosen: string, unit: string) => {
  const kind = modelTable(chosen, unit);
  return { kind, arrange: arrangerOf(kind) };
});

/** The models as the table shows them. */
export function shownModels({ chosen, models }: ModelComparison, target: ModelsState["target"], table: TableState) {
  const { kind, arrange } = tableFor(chosen, figureOf(target).unit);
  return { kind, shown: arrange(models, table) };
}

/** The table with its cursor: on the model that answers until it is moved. */
export function pointed({ chosen }: ModelComparison, { table }: ModelsState): TableState {
  return { ...table, cursor: table.cursor ?? chosen };
}
