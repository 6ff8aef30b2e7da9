import { formatFigure, formatWithUnit } from "../domain/format.ts";
import type { Chart, DrawnPoint, DrawnSeries } from "./chartData.ts";
import { type Line, lineWidth, type Span } from "./paint.ts";
import { LEVEL, ofSeries, type Symbols } from "./symbols.ts";
import { cleanText, displayWidth, truncate } from "./text.ts";

const LONGEST_NAME = 32;

/** What a legend is made from. */
export interface LegendInput {
  readonly chart: Chart;
  readonly series: readonly DrawnSeries[];
  readonly symbols: Symbols;
  readonly ascii: boolean;
  /** Marks of several series stand in one place somewhere. */
  readonly shared: boolean;
}

/** What the marks of a chart mean, one entry per line: the series with their last values, then the other signs. */
export function legendEntries(input: LegendInput): Line[] {
  const { chart, series, symbols, ascii } = input;
  const named = series.map((one, index): Line => {
    const name: Span = {
      text: `${signOf(one, index, symbols)} ${truncate(one.name, LONGEST_NAME, ascii)}`,
      style: index,
    };
    if (chart.lastValues === false) return [name];
    const value = cleanText(formatFigure(lastOf(one)?.y, chart.y.unit), ascii);
    return [name, { text: ` ${value}`, style: "plain" }];
  });
  return [...named, ...signs(input).map(([sign, meaning]): Line => [{ text: `${sign} ${meaning}`, style: "faint" }])];
}

/** The mark of a series, or its kind of line where it has no points. */
function signOf({ points, line }: DrawnSeries, index: number, { marks, lines }: Symbols): string {
  return points.length === 0 && line.length > 0 ? ofSeries(lines, index)[LEVEL]! : ofSeries(marks, index);
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
    return [name!, { text: " ".repeat(gap) + value.text, style: value.style }];
  });
}

/** Where the last values of the series were measured: `at 1.00 cores`. */
export function legendHead({ chart, series, ascii }: LegendInput): Line {
  const ends = new Set(series.flatMap((one) => lastOf(one)?.x ?? []));
  if (ends.size !== 1) return [{ text: "last values", style: "faint" }];
  const [x] = ends;
  return [{ text: `at ${cleanText(formatWithUnit(x, chart.x.unit), ascii)}`, style: "faint" }];
}

function signs({ chart, series, symbols, ascii, shared }: LegendInput): (readonly [sign: string, meaning: string])[] {
  const points = series.flatMap((one) => one.points);
  const noted = series.flatMap((one, index) => (one.points.some(({ note }) => note) ? [index] : []));
  const notedMarks = new Set(noted.map((index) => ofSeries(symbols.notedMarks, index)));
  const whiskers = points.some(({ low, high }) => low < high);
  const all: [sign: string, meanings: readonly string[]][] = [
    [symbols.whisker, whiskers ? [cleanText(chart.whiskers ?? "low to high", ascii)] : []],
    [symbols.band, series.some(({ band }) => band) ? [cleanText(chart.bands ?? "low to high", ascii)] : []],
    [[...notedMarks].join(""), points.flatMap(({ note }) => note ?? [])],
    [symbols.absent, series.flatMap(({ absent }) => absent.map(({ note }) => note))],
    [symbols.shared, shared ? ["several series"] : []],
  ];
  return all.flatMap(([sign, meanings]) =>
    meanings.length > 0 ? [[sign, [...new Set(meanings)].join(", ")] as const] : [],
  );
}

/** Entries side by side, in at most `most` lines; `+3` stands for those that have no room. */
export function flow(entries: readonly Line[], width: number, most: number): Line[] {
  const lines: Line[] = [];
  let line: Line = [];
  for (const [index, entry] of entries.entries()) {
    const longer: Line = [...line, { text: " ".repeat(line.length === 0 ? 1 : 3), style: "plain" }, ...entry];
    const reserve = lines.length + 1 === most && index + 1 < entries.length ? 4 : 0;
    if (line.length === 0 || lineWidth(longer) + reserve <= width) {
      line = longer;
    } else if (lines.length + 1 < most) {
      lines.push(line);
      line = [{ text: " ", style: "plain" }, ...entry];
    } else {
      return [...lines, [...line, { text: ` +${entries.length - index}`, style: "faint" }]];
    }
  }
  return [...lines, line];
}
