import type { HeatMap } from "../../core/cells/heatMap.ts";
import { type Piece, piece } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { distinct, FACTORS } from "../../core/domain/factors.ts";
import { formatCpuLevel } from "../../core/domain/format.ts";
import type { Point } from "../../core/domain/point.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import { isOwnLimit } from "../../core/domain/verdicts.ts";

/** What of a plan is known: the points planned, each as often as it is to be measured, and what became of them. */
export interface PlanProgress {
  readonly planned: readonly Point[];
  readonly records: readonly TrialRecord[];
  /** The point in work. */
  readonly current?: Point | undefined;
}

/** CPU has the columns. */
const ROW_FACTORS = FACTORS.filter(({ id }) => id !== "cpu");
/** A factor with more levels than these was spread over its range, and would make a row of each point. */
const mostLevels = 8;

/** The plan as a heat map: a row for each proxy with whatever else varies, a column for each CPU level. */
export function planMap({ planned, records, current }: PlanProgress, pen: Pen): HeatMap {
  const points = [...planned, ...records.map(({ point }) => point), ...(current ? [current] : [])];
  const rowOf = rowNames(points);
  const cellKey = (point: Point) => `${rowOf(point)}\n${point.cpu}`;
  const plannedIn = Map.groupBy(planned, cellKey);
  const recordsIn = Map.groupBy(records, ({ point }) => cellKey(point));
  const inWork = current && cellKey(current);
  const cellOf = (point: Point) => {
    const key = cellKey(point);
    if (key === inWork) return piece(pen.glyphs.running, "accent");
    return signOf(plannedIn.get(key)?.length ?? 0, recordsIn.get(key) ?? [], pen);
  };
  return pointMap(points, cellOf, current);
}

/** Points as a heat map, of which `cellOf` draws the cells. `focus`: the point that has to be seen. */
export function pointMap(
  points: readonly Point[],
  cellOf: (point: Point) => Piece | undefined,
  focus: Point | undefined,
): HeatMap {
  const rowOf = rowNames(points);
  const cpus = distinct(points.map(({ cpu }) => cpu));
  const rows = Map.groupBy(points, rowOf);
  const names = [...rows.keys()];
  const cellsOf = (row: readonly Point[]) => {
    const byCpu = new Map(row.map((point) => [point.cpu, point]));
    return cpus.map((cpu) => byCpu.get(cpu)).map((point) => point && cellOf(point));
  };
  return {
    rows: names,
    columns: cpus.map(formatCpuLevel),
    corner: "cpu",
    cells: [...rows.values()].map(cellsOf),
    ...(focus && { focus: { row: names.indexOf(rowOf(focus)), column: cpus.indexOf(focus.cpu) } }),
  };
}

/** A sign and what it means. */
export type SignMeaning = readonly [sign: Piece, meaning: string];

/** What the cells mean, for those that are there. */
export function planLegend({ glyphs }: Pen): readonly SignMeaning[] {
  return [
    [piece(glyphs.done, "good"), "proxy-bound"],
    [piece(glyphs.notedMarks[0]!, "warning"), "held back"],
    [piece(glyphs.partlyDone), "some runs left"],
    [piece(glyphs.running, "accent"), "in work"],
    [piece(glyphs.planned, "faint"), "planned"],
    [piece(glyphs.failed, "bad"), "failed"],
  ];
}

/** Names of rows: the proxy, and what else the points differ in. */
function rowNames(points: readonly Point[]): (point: Point) => string {
  const varied = ROW_FACTORS.filter(({ id, read }) => {
    const levels = new Set(points.map(read)).size;
    return id === "proxy" || (levels > 1 && levels <= mostLevels);
  });
  return (point) => varied.map(({ describe }) => describe(point)).join(", ");
}

/** What became of a point that is planned so often. */
function signOf(planned: number, records: readonly TrialRecord[], { glyphs }: Pen): Piece | undefined {
  if (records.length === 0) return planned > 0 ? piece(glyphs.planned, "faint") : undefined;
  if (records.some(({ status }) => status === "failed")) return piece(glyphs.failed, "bad");
  if (records.length < planned) return piece(glyphs.partlyDone);
  if (records.every(({ status }) => status === "skipped")) return piece(glyphs.skipped, "faint");
  const own = records.some(({ verdict }) => isOwnLimit(verdict?.bound));
  return own ? piece(glyphs.done, "good") : piece(glyphs.notedMarks[0]!, "warning");
}
