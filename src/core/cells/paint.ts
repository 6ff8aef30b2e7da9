import picocolors from "picocolors";
import { displayWidth, truncate } from "./text.ts";

/** Role of a piece of text; a number is the index of a series. */
export type Style = "plain" | "title" | "faint" | number;

/** A piece of text in one style. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

type Colours = ReturnType<typeof picocolors.createColors>;
// Red is left out: it is kept for failures.
const SERIES = ["cyan", "yellow", "magenta", "green", "blue", "white"] as const;

/** Columns of a line, without colour codes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, span) => sum + displayWidth(span.text), 0);
}

/** Cuts a line to a number of columns. */
export function clipLine(line: Line, width: number, ascii: boolean): Line {
  if (lineWidth(line) <= width) return line;
  const kept: Span[] = [];
  let left = width;
  for (const span of line) {
    const taken = displayWidth(span.text);
    if (taken >= left) return [...kept, { ...span, text: truncate(`${span.text} `, left, ascii) }];
    kept.push(span);
    left -= taken;
  }
  return kept;
}

/** Turns lines into text, with colour codes only if `colour`; blanks at the ends of lines go. */
export function paint(lines: readonly Line[], colour: boolean): string {
  const colours = picocolors.createColors(colour);
  return lines
    .map((line) =>
      trimEnd(line)
        .map((span) => paintSpan(span, colours))
        .join(""),
    )
    .join("\n");
}

function paintSpan({ text, style }: Span, colours: Colours): string {
  if (style === "plain" || text.trim() === "") return text;
  if (style === "title") return colours.bold(text);
  if (style === "faint") return colours.dim(text);
  return colours[SERIES[style % SERIES.length]!](text);
}

function trimEnd(line: Line): Line {
  const end = line.findLastIndex((span) => span.text.trimEnd() !== "");
  return line.slice(0, end + 1).map((span, index) => (index === end ? { ...span, text: span.text.trimEnd() } : span));
}
