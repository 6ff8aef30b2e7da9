/** Colours of a terminal with 16 of them, by their names in the terminal's own palette. */
export type Colour = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white" | "gray" | "blackBright";

/** What a colour means; an absent one leaves the text as it is. */
export interface Palette {
  /** What the keys act on. */
  readonly accent: Colour | undefined;
  readonly good: Colour | undefined;
  readonly warning: Colour | undefined;
  readonly bad: Colour | undefined;
  /** What is said in passing: units, frames, axes. */
  readonly faint: Colour | undefined;
  /** Of series, in order; red is left out: it is kept for failures. */
  readonly series: readonly (Colour | undefined)[];
}

/** Characters that carry meaning; a colour never does so alone. */
export interface Glyphs {
  /** Of series, in the order of their colours. */
  readonly marks: readonly string[];
  readonly notedMarks: readonly string[];
  readonly failed: string;
  readonly planned: string;
  readonly inWork: string;
  readonly done: string;
  readonly checked: string;
  readonly unchecked: string;
  readonly chosen: string;
  readonly notChosen: string;
  readonly pointer: string;
  readonly ok: string;
  readonly warning: string;
  readonly problem: string;
  readonly line: string;
  readonly separator: string;
  readonly arrow: string;
  readonly more: string;
  /** From empty to full. */
  readonly bar: { readonly full: string; readonly empty: string };
  /** From low to high. */
  readonly sparks: readonly string[];
}

export interface Theme {
  readonly palette: Palette;
  readonly glyphs: Glyphs;
  /** 7-bit characters only. */
  readonly ascii: boolean;
  readonly colour: boolean;
}

const coloured: Palette = {
  accent: "cyan",
  good: "green",
  warning: "yellow",
  bad: "red",
  faint: "gray",
  series: ["cyan", "yellow", "magenta", "green", "blue", "white"],
};

const plain: Palette = {
  accent: undefined,
  good: undefined,
  warning: undefined,
  bad: undefined,
  faint: undefined,
  series: [undefined],
};

const unicode: Glyphs = {
  marks: ["●", "▲", "■", "◆", "▼", "★"],
  notedMarks: ["○", "△", "□", "◇", "▽", "☆"],
  failed: "×",
  planned: "·",
  inWork: "◐",
  done: "●",
  checked: "[✓]",
  unchecked: "[ ]",
  chosen: "(•)",
  notChosen: "( )",
  pointer: "▸",
  ok: "✓",
  warning: "!",
  problem: "✗",
  line: "─",
  separator: "·",
  arrow: "→",
  more: "…",
  bar: { full: "█", empty: "░" },
  sparks: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
};

const sevenBit: Glyphs = {
  marks: ["*", "+", "o", "x", "#", "@"],
  notedMarks: ["?"],
  failed: "!",
  planned: ".",
  inWork: ">",
  done: "*",
  checked: "[x]",
  unchecked: "[ ]",
  chosen: "(*)",
  notChosen: "( )",
  pointer: ">",
  ok: "ok",
  warning: "!",
  problem: "x",
  line: "-",
  separator: "-",
  arrow: "->",
  more: "~",
  bar: { full: "#", empty: "." },
  sparks: ["_", ".", "-", "=", "+", "*", "#", "@"],
};

/** How the console looks on a terminal. */
export function themeFor({ colour, ascii }: Pick<Theme, "colour" | "ascii">): Theme {
  return { palette: colour ? coloured : plain, glyphs: ascii ? sevenBit : unicode, colour, ascii };
}

/** Mark and colour of the series of an index; both start again when they end. */
export function seriesStyle({ palette, glyphs }: Theme, index: number): { mark: string; colour: Colour | undefined } {
  return {
    mark: glyphs.marks[index % glyphs.marks.length]!,
    colour: palette.series[index % palette.series.length],
  };
}
