import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** How text is put on a page of character cells. */
export interface TextOptions {
  /** Columns; no line is wider. */
  readonly width: number;
  /** Use ANSI colour codes. They are not counted in widths. */
  readonly colour: boolean;
  /** Use 7-bit characters only. */
  readonly ascii: boolean;
}

export type Align = "left" | "right";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const PRINTABLE_ASCII = /^[ -~]*$/;
/** Latin letters, punctuation, arrows, lines and marks: one column each. Most text is this, and is measured at no cost. */
const NARROW = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc]*$/;
const BIDI_CONTROL = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a reader takes for one character each. */
export function* graphemesOf(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

/** Columns that a text takes in a terminal, as Ink counts them: wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** Whether a text is fit for a line as it is, each character in a column of its own: most are, and this is soon seen. */
export function isSimple(text: string, ascii: boolean): boolean {
  return (ascii ? PRINTABLE_ASCII : NARROW).test(text);
}

/** Makes a text from outside fit for one line: no escape codes, control or direction characters; 7-bit if asked. */
export function cleanText(text: string, ascii: boolean): string {
  if (isSimple(text, ascii)) return text;
  const line = stripVTControlCharacters(text)
    .replace(/\p{Cc}/gu, " ")
    .replace(BIDI_CONTROL, "")
    .toWellFormed();
  return ascii ? toAscii(line) : line;
}

/** All that a terminal obeys; of escape codes those that colour are told apart. */
const OBEYED = /\p{Cc}(?:\[[\d;]*m)?|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Makes lines fit for a terminal: escape codes in them can colour text, and nothing else. */
export function forTerminal(text: string): string {
  return text.replace(OBEYED, (code) => {
    const isColour = code.startsWith("\u001b") && code.length > 1;
    return isColour || /^[\n\t]/.test(code) ? code : code.slice(1);
  });
}

const SPELLED: Readonly<Record<string, string>> = {
  μ: "u",
  ρ: "r",
  "×": "x",
  "±": "+-",
  "≤": "<=",
  "≥": ">=",
  "–": "-",
  "—": "-",
  "−": "-",
  "·": "-",
  "’": "'",
  "★": "*",
};

function toAscii(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{Mark}/gu, "");
  return plain.replace(/[^ -~]/gu, (character) => SPELLED[character] ?? "?");
}

/** Cuts a text to a number of columns and shows that it did. */
export function truncate(text: string, width: number, ascii: boolean): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return "";
  let kept = "";
  let used = 1;
  for (const segment of graphemesOf(text)) {
    used += displayWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept.trimEnd() + (ascii ? "~" : "…");
}

/** Brings a text to exactly `width` columns. */
export function fitTo(text: string, width: number, align: Align, ascii: boolean): string {
  const cut = truncate(text, width, ascii);
  const space = " ".repeat(Math.max(0, width - displayWidth(cut)));
  return align === "left" ? cut + space : space + cut;
}

/** A text as lines of whole words, none wider than `width` unless a word is. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
