import { distinct } from "../domain/factors.ts";
import { niceSteps, TINY, type XScale } from "./scale.ts";
import { displayWidth } from "./text.ts";

/** From the largest, each `base` times the next. */
const suffixes = (base: number, names: readonly string[]) =>
  names.map((suffix, index) => ({ factor: base ** (names.length - index), suffix }));
const DECIMAL_SUFFIXES = suffixes(1000, ["T", "G", "M", "k"]);
const BINARY_SUFFIXES = suffixes(1024, [" TiB", " GiB", " MiB", " KiB"]);
const MOST_LEVELS = 14;
const COLUMNS_PER_TICK = 8;
/** Levels that end before this share of the axis would leave the rest of it without a tick. */
const LEAST_REACH = 0.75;

/** Labels of ticks, all in one unit and with the same number of decimals: `0`, `2.5k`, `5.0k`. */
export function tickLabels(values: readonly number[], unit: string): string[] {
  if (unit === "share") return oneForm(values, 0.01, " %");
  return inUnitFor(2 * smallestGap(values), values, unit);
}

/** Labels of ticks on a log scale, each in a unit and with the decimals of its own: `0.5`, `20`, `1k`. */
export function logTickLabels(values: readonly number[], unit: string): string[] {
  return values.flatMap((value) => (unit === "share" ? tickLabels([value], unit) : inUnitFor(value, [value], unit)));
}

/** Labels in the largest unit that is at most `size`. */
function inUnitFor(size: number, values: readonly number[], unit: string): string[] {
  const binary = unit.startsWith("bytes");
  const one = { factor: 1, suffix: binary ? " B" : "" };
  const known = binary ? BINARY_SUFFIXES : DECIMAL_SUFFIXES;
  const { factor, suffix } = known.find((entry) => entry.factor <= size) ?? one;
  return oneForm(values, factor, binary ? suffix + unit.slice("bytes".length) : suffix);
}

function oneForm(values: readonly number[], factor: number, suffix: string): string[] {
  const scaled = values.map((value) => value / factor);
  if (scaled.some((value) => Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-6))) {
    return values.map((value) => `${Number(value.toPrecision(3)).toExponential()}`);
  }
  const decimals = Math.max(...scaled.map(decimalsOf));
  return scaled.map((value) => (value === 0 ? "0" : value.toFixed(decimals) + suffix));
}

/** Decimals that a value needs in four significant digits. */
function decimalsOf(value: number): number {
  const [mantissa, exponent] = value.toExponential(3).split("e") as [string, string];
  return Math.min(20, Math.max(0, mantissa.replace(/\.?0+$/, "").replace(/^-?\d\.?/, "").length - Number(exponent)));
}

function smallestGap(values: readonly number[]): number {
  const sorted = distinct(values);
  const gaps = sorted.slice(1).map((value, index) => value - sorted[index]!);
  return gaps.length > 0 ? Math.min(...gaps) : Math.abs(sorted[0] ?? 0);
}

export interface XTick {
  readonly column: number;
  /** Absent where a neighbour's label needs the room. */
  readonly label?: { readonly text: string; readonly start: number };
}

/** Ticks of the x axis: the measured levels while they are few and reach far, else round values; labels stand under their ticks. */
export function xTicks(levels: readonly number[], scale: XScale, columns: number, unit: string): XTick[] {
  const values = tickValues(levels, scale, columns, unit);
  const labels = tickLabels(values, unit);
  const taken: { start: number; end: number }[] = [];
  const ticks: XTick[] = [];
  for (const index of byImportance(values.length)) {
    const [column, text] = [Math.round(scale.column(values[index]!)), labels[index]!];
    const width = displayWidth(text);
    const start = Math.max(0, Math.min(columns - width, column - Math.floor((width - 1) / 2)));
    const free = taken.every((other) => start > other.end + 1 || start + width < other.start);
    if (free) taken.push({ start, end: start + width - 1 });
    ticks[index] = free ? { column, label: { text, start } } : { column };
  }
  return ticks;
}

function tickValues(levels: readonly number[], scale: XScale, columns: number, unit: string): number[] {
  const tried = distinct([scale.low, ...levels]);
  const span = scale.high - scale.low;
  const reaches = tried.at(-1)! - scale.low >= LEAST_REACH * span;
  if ((levels.length > 0 && tried.length <= MOST_LEVELS && reaches) || span < TINY) return tried;
  const least = span / (columns / COLUMNS_PER_TICK);
  const step = niceSteps(least, span, unit).find((candidate) => candidate >= least) ?? span;
  const first = Math.ceil(scale.low / step - 1e-9);
  const count = Math.floor(scale.high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The ends first, then from left to right. */
function byImportance(count: number): number[] {
  return [...new Set([count - 1, ...Array(count).keys()])].filter((index) => index >= 0);
}
