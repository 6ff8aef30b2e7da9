/** A sign and its variant of 7-bit characters. */
function both<T>(unicode: T, ascii: T): { readonly unicode: T; readonly ascii: T } {
  return { unicode, ascii };
}

/** All that charts and widgets are drawn with. A colour never carries meaning alone: there is a sign for it. */
const TABLE = {
  /** Marks of measured points, by series. */
  marks: both(["●", "▲", "■", "◆", "▼", "★", "▰", "◢"], ["*", "+", "o", "x", "#", "@", "%", "$"]),
  /** The same for a point with a note, such as one that the load tool held back. */
  notedMarks: both(["○", "△", "□", "◇", "▽", "☆", "▱", "◿"], ["?"]),
  /** Marks of several series in one place. */
  shared: both("◉", "&"),
  whisker: both("┊", ":"),
  /** Fills the band of a curve. */
  band: both("·", "."),
  /** Guides: across the plot, and up it. */
  guide: both({ level: "┄", upright: "┆" }, { level: "-", upright: ":" }),
  /** Line styles by series: the ten characters that asciichart takes. */
  strokes: both(
    ["─╰╭╮╯│", "╌╰╭╮╯╎", "┈╰╭╮╯┆"].map(asciichartSymbols),
    ["-'..'|", "~'..'|", "='..'|"].map(asciichartSymbols),
  ),
  axis: both(
    { upright: "│", yTick: "┤", corner: "└", level: "─", xTick: "┬" },
    { upright: "|", yTick: "|", corner: "-", level: "-", xTick: "|" },
  ),
  bar: both({ full: "█", empty: "░" }, { full: "#", empty: "." }),
  /** Parts of a full cell of a bar, from the smallest; empty where bars know whole cells only. */
  barParts: both("▏▎▍▌▋▊▉", ""),
  limit: both("▏", "|"),
  /** From low to high. */
  sparks: both([..."▁▂▃▄▅▆▇█"], [..."_.-=+*#@"]),
  /** Strength of a correlation, in steps of a fifth. */
  shades: both([..."·░▒▓█"], [..." .+*#"]),
  unsure: both("·", "~"),
  /** A level that was tried and has no value; a trial that failed. */
  failed: both("×", "!"),
  planned: both("·", "."),
  running: both("◐", ">"),
  partlyDone: both("◔", "o"),
  done: both("●", "*"),
  skipped: both("–", "-"),
  winner: both("★", "*"),
  checked: both("[✓]", "[x]"),
  unchecked: both("[ ]", "[ ]"),
  chosen: both("(•)", "(*)"),
  notChosen: both("( )", "( )"),
  pointer: both("▸", ">"),
  ok: both("✓", "ok"),
  warning: both("!", "!"),
  problem: both("✗", "x"),
  arrow: both("→", "->"),
  up: both("▲", "^"),
  down: both("▼", "v"),
  /** Stands where a text was cut. */
  more: both("…", "~"),
  slider: both({ left: "├", right: "┤", track: "─", knob: "●" }, { left: "|", right: "|", track: "-", knob: "O" }),
  box: both({ corners: [..."╭╮╰╯"], level: "─", upright: "│" }, { corners: [..."++++"], level: "-", upright: "|" }),
};

export type Glyphs = { readonly [Name in keyof typeof TABLE]: (typeof TABLE)[Name]["unicode"] };

/** All signs in one alphabet. */
export const GLYPHS = { unicode: inAlphabet("unicode"), ascii: inAlphabet("ascii") };

function inAlphabet(alphabet: "unicode" | "ascii"): Glyphs {
  return Object.fromEntries(Object.entries(TABLE).map(([name, one]) => [name, one[alphabet]])) as Glyphs;
}

/** Index of the level piece among the characters of a stroke. */
export const LEVEL = 4;

/** The entry of a list that belongs to a series; lists start again when they end. */
export function ofSeries<T>(list: readonly T[], series: number): T {
  return list[series % list.length]!;
}

/** The first four draw asciichart's own axis, which is cut off. */
function asciichartSymbols(line: string): string[] {
  return [" ", " ", " ", " ", ...line];
}
