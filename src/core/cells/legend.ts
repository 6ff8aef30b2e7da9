import { formatFigure, formatWithUnit } from "../domain/format.ts";
import type { Chart, DrawnPoint, DrawnSeries } from "./chartData.ts";
import { LEVEL, ofSeries } from "./glyphs.ts";
import { type Line, line, piece, widthOf } from "./line.ts";
import type { Pen } from "./pen.ts";
import { displayWidth } from "./text.ts";

const LONGEST_NAME = 32;

/** What a legend is made from. */
export interface LegendInput {
  readonly chart: Chart;
  readonly series: readonly DrawnSeries[];
  readonly pen: Pen;
  /** Marks of several series stand in one place somewhere. */
  readonly shared: boolean;
}

/** What the marks of a chart mean, one entry per line: the series with their last values, then the other signs. */
export function legendEntries(input: LegendInput): Line[] {
  const { chart, series, pen } = input;
  const named = series.map((one, index): Line => {
    const name = piece(`${signOf(one, index, pen)} ${pen.cut(one.name, LONGEST_NAME)}`, index);
    if (chart.lastValues === false) return [name];
    return [name, piece(` ${formatFigure(lastOf(one)?.y, chart.y.unit)}`)];
  });
  return [...named, ...signs(input).map(([sign, meaning]) => line(`${sign} ${meaning}`, "faint"))];
}

/** The mark of a series, or its kind of line where it has no points. */
function signOf({ points, line }: DrawnSeries, index: number, { glyphs }: Pen): string {
  const noPoints = points.length === 0 && line.length > 0;
  return noPoints ? ofSeries(glyphs.strokes, index)[LEVEL]! : ofSeries(glyphs.marks, index);
}

function lastOf({ points, line }: DrawnSeries): DrawnPoint | undefined {
  return points.at(-1) ?? line.at(-1);
}

/** Entries one under the other, the values of the series in a column. */
export function stack(entries: readonly Line[]): Line[] {
  const widths = [0, 1].map((part) =>
    Math.max(0, ...entries.filter((entry) => entry.length === 2).map((entry) => displayWidth(entry[part]!.text))),
  );
  return entries.map(([name, value]) => {
    if (!value) return [name!];
    const gap = widths[0]! + 1 + widths[1]! - displayWidth(name!.text) - displayWidth(value.text);
    return [name!, piece(" ".repeat(gap) + value.text, value.style)];
  });
}

/** Where the last values of the series were measured: `at 1.00 cores`. */
export function legendHead({ chart, series }: LegendInput): Line {
  const ends = new Set(series.flatMap((one) => lastOf(one)?.x ?? []));
  const [x] = ends;
  return line(ends.size === 1 ? `at ${formatWithUnit(x, chart.x.unit)}` : "last values", "faint");
}

function signs({ chart, series, pen, shared }: LegendInput): (readonly [sign: string, meaning: string])[] {
  const { glyphs } = pen;
  const points = series.flatMap((one) => one.points);
  const noted = series.flatMap((one, index) => (one.points.some(({ note }) => note) ? [index] : []));
  const notedMarks = new Set(noted.map((index) => ofSeries(glyphs.notedMarks, index)));
  const whiskers = points.some(({ low, high }) => low < high);
  const all: [sign: string, meanings: readonly string[]][] = [
    [glyphs.whisker, whiskers ? [chart.whiskers ?? "low to high"] : []],
    [glyphs.band, series.some(({ band }) => band) ? [chart.bands ?? "low to high"] : []],
    [[...notedMarks].join(""), points.flatMap(({ note }) => note ?? [])],
    [glyphs.failed, series.flatMap(({ absent }) => absent.map(({ note }) => note))],
    [glyphs.shared, shared ? ["several series"] : []],
  ];
  return all.flatMap(([sign, meanings]) =>
    meanings.length > 0 ? [[sign, [...new Set(meanings)].join(", ")] as const] : [],
  );
}

/** Entries side by side, in at most `most` lines; `+3` stands for those that have no room. */
export function flow(entries: readonly Line[], width: number, most: number): Line[] {
  const lines: Line[] = [];
  let last: Line = [];
  for (const [index, entry] of entries.entries()) {
    const longer: Line = [...last, piece(" ".repeat(last.length === 0 ? 1 : 3)), ...entry];
    const reserve = lines.length + 1 === most && index + 1 < entries.length ? 4 : 0;
    if (last.length === 0 || widthOf(longer) + reserve <= width) {
      last = longer;
    } else if (lines.length + 1 < most) {
      lines.push(last);
      last = [piece(" "), ...entry];
    } else {
      return [...lines, [...last, piece(` +${entries.length - index}`, "faint")]];
    }
  }
  return [...lines, last];
}
