import { type Line, piece } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { formatFigure, isFigure } from "../../core/domain/format.ts";

type Figure = number | undefined;

export interface SparklineOptions {
  readonly width: number;
  /** Height of the lowest sign; the smallest figure unless given. */
  readonly from?: number;
}

/**
 * Figures over time, one sign per part of the time, from the smallest to the largest; a part without a figure is blank.
 * More figures than columns are averaged, so that the whole time is always seen.
 */
export function sparkline(figures: readonly Figure[], { width, from }: SparklineOptions, { glyphs }: Pen): string {
  const parts = averaged(figures, Math.max(0, width));
  const known = parts.filter(isFigure);
  const low = from ?? Math.min(...known);
  const high = Math.max(...known);
  const last = glyphs.sparks.length - 1;
  const signOf = (value: number): string => {
    // Halves first: the difference of two very large figures may be no number.
    const share = high / 2 - low / 2 > 0 ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
    return glyphs.sparks[Math.max(0, Math.min(last, Math.round(share * last)))]!;
  };
  return parts.map((value) => (isFigure(value) ? signOf(value) : " ")).join("");
}

/** The same between its smallest and its largest figure: `8.10k ▂▄▆▇▇ 12.0k`, in exactly `width` columns. */
export function sparklineWithRange(
  figures: readonly Figure[],
  unit: string,
  options: SparklineOptions,
  pen: Pen,
): Line {
  const known = figures.filter(isFigure);
  const text = (value: Figure) => pen.clean(formatFigure(value, unit));
  if (known.length === 0) return pen.fit([piece("-", "faint")], options.width);
  const [low, high] = [text(Math.min(...known)), text(Math.max(...known))];
  const width = options.width - low.length - high.length - 2;
  if (width < 1) return pen.fit([piece(`${low} ${high}`, "faint")], options.width);
  const signs = sparkline(figures, { ...options, width }, pen);
  const line = [piece(`${low} `, "faint"), piece(signs, "accent"), piece(` ${high}`, "faint")];
  return pen.fit(line, options.width);
}

function averaged(figures: readonly Figure[], width: number): Figure[] {
  if (figures.length <= width) return [...figures];
  return Array.from({ length: width }, (_, part) => {
    const [from, to] = [part, part + 1].map((edge) => Math.floor((edge * figures.length) / width));
    const known = figures.slice(from, to).filter(isFigure);
    return known.length > 0 ? known.reduce((sum, value) => sum + value / known.length, 0) : undefined;
  });
}
