/** Characters that a chart is drawn with. */
export interface Symbols {
  /** Mark of a measured point, by series. */
  readonly marks: readonly string[];
  /** The same for a point with a note, such as one that the load tool held back. */
  readonly notedMarks: readonly string[];
  /** Marks of several series in one place. */
  readonly shared: string;
  /** A level that was tried and has no value; stands on the x axis. */
  readonly absent: string;
  readonly whisker: string;
  /** Fills the band of a curve. */
  readonly band: string;
  /** Guides: across the plot, and up it. */
  readonly guide: { readonly level: string; readonly upright: string };
  /** Line styles by series: the ten characters that asciichart takes. */
  readonly lines: readonly (readonly string[])[];
  readonly axis: {
    readonly upright: string;
    readonly yTick: string;
    readonly corner: string;
    readonly level: string;
    readonly xTick: string;
  };
}

const UNICODE: Symbols = {
  marks: ["●", "▲", "■", "◆", "▼", "★"],
  notedMarks: ["○", "△", "□", "◇", "▽", "☆"],
  shared: "◉",
  absent: "×",
  whisker: "┊",
  band: "·",
  guide: { level: "┄", upright: "┆" },
  lines: [asciichartSymbols("─╰╭╮╯│"), asciichartSymbols("╌╰╭╮╯╎"), asciichartSymbols("┈╰╭╮╯┆")],
  axis: { upright: "│", yTick: "┤", corner: "└", level: "─", xTick: "┬" },
};

const ASCII: Symbols = {
  marks: ["*", "+", "o", "x", "#", "@"],
  notedMarks: ["?"],
  shared: "&",
  absent: "!",
  whisker: ":",
  band: ".",
  guide: { level: "-", upright: ":" },
  lines: [asciichartSymbols("-'..'|"), asciichartSymbols("~'..'|"), asciichartSymbols("='..'|")],
  axis: { upright: "|", yTick: "|", corner: "-", level: "-", xTick: "|" },
};

export function symbols(ascii: boolean): Symbols {
  return ascii ? ASCII : UNICODE;
}

/** Index of the level piece among the characters of a line style. */
export const LEVEL = 4;

/** The entry of a list that belongs to a series; lists start again when they end. */
export function ofSeries<T>(list: readonly T[], series: number): T {
  return list[series % list.length]!;
}

// The first four draw asciichart's own axis, which is cut off.
function asciichartSymbols(line: string): readonly string[] {
  return [" ", " ", " ", " ", ...line];
}
