import picocolors from "picocolors";
import { displayWidth } from "./text.ts";

/** What a piece of text means, which decides its colour; a number is the index of a series. */
export type Style = "plain" | "title" | "faint" | "good" | "warning" | "bad" | "accent" | number;

/** A piece of text in one style. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
  /** Swaps the colours of text and ground: the place where keys act. */
  readonly inverse?: boolean;
  /** The terminal's cursor belongs on its first column: what is typed goes there. */
  readonly caret?: boolean;
}

/** A line of a page, still to be painted. */
export type Line = readonly Piece[];

/** Columns and rows. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const BLANK: Line = [];

export function piece(text: string, style: Style = "plain"): Piece {
  return { text, style };
}

/** A line of one piece. */
export function line(text: string, style: Style = "plain"): Line {
  return [piece(text, style)];
}

/** Columns that a line takes. */
export function widthOf(pieces: Line): number {
  return pieces.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Where the terminal's cursor belongs, as column and row; `undefined` where nothing is typed. */
export function caretOf(lines: readonly Line[]): { readonly x: number; readonly y: number } | undefined {
  const before = (pieces: Line) => pieces.findIndex(({ caret }) => caret);
  const y = lines.findIndex((pieces) => before(pieces) >= 0);
  const pieces = lines[y];
  return pieces && { x: widthOf(pieces.slice(0, before(pieces))), y };
}

/** The line with neighbours of one style as one piece; blanks take any style. */
export function joined(pieces: Line): Line {
  const line: { text: string; style: Style }[] = [];
  for (const { text, style } of pieces) {
    const last = line.at(-1);
    if (last && (last.style === style || text === " ")) last.text += text;
    else line.push({ text, style });
  }
  return line;
}

/** The text of lines without their styles; blanks at the ends of lines go. */
export function plainText(lines: readonly Line[]): string {
  return paint(lines, false);
}

/** Turns lines into text, with colour codes only if `colour`; blanks at the ends of lines go. */
export function paint(lines: readonly Line[], colour: boolean): string {
  return lines.map((pieces) => paintLine(trimmedEnd(pieces), colour, "dim")).join("\n");
}

function trimmedEnd(pieces: Line): Line {
  const end = pieces.findLastIndex(({ text }) => text.trimEnd() !== "");
  return pieces.slice(0, end + 1).map((one, at) => (at === end ? { ...one, text: one.text.trimEnd() } : one));
}

/** One line as text, with its blanks. `faint`: what is said in passing is darker, or grey. */
export function paintLine(pieces: Line, colour: boolean, faint: "dim" | "gray"): string {
  return pieces.map((one) => (colour ? painted(one, faint) : one.text)).join("");
}

const codes = picocolors.createColors(true);
/** Red is left out: it is kept for failures. */
const SERIES = ["cyan", "yellow", "magenta", "green", "blue", "white"] as const;
const STYLES = { title: "bold", good: "green", warning: "yellow", bad: "red", accent: "cyan" } as const;

function painted({ text, style, inverse }: Piece, faint: "dim" | "gray"): string {
  if (inverse) return codes.inverse(painted({ text, style }, faint));
  if (style === "plain" || text.trim() === "") return text;
  if (style === "faint") return codes[faint](text);
  return codes[typeof style === "number" ? SERIES[style % SERIES.length]! : STYLES[style]](text);
}
