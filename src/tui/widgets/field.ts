import { type Line, line, piece } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { displayWidth } from "../../core/cells/text.ts";
import type { KeyName } from "../keys.ts";

/** A line of text that is being typed. */
export interface TextField {
  readonly text: string;
  /** Characters before the cursor. */
  readonly cursor: number;
  /** Takes figures only; other letters are left to the screen. */
  readonly figures?: true;
}

/** A field with the cursor at its end. */
export function fieldOf(text: string): TextField {
  return { text, cursor: [...text].length };
}

/** The same for a figure. */
export function figureField(text: string): TextField {
  return { ...fieldOf(text), figures: true };
}

/** Puts text in at the cursor; of a pasted text the line breaks and control characters go. */
export function inserted(field: TextField, added: string): TextField {
  const { text, cursor, figures } = field;
  const clean = [...allowed(added, figures)];
  const characters = [...text];
  return { ...field, text: characters.toSpliced(cursor, 0, ...clean).join(""), cursor: cursor + clean.length };
}

function allowed(text: string, figures: true | undefined): string {
  return figures ? text.replace(/[^\d.]/g, "") : text.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "");
}

/** The field after a key; `undefined` where the key is none of a text field's. */
export function edited(field: TextField, key: KeyName): TextField | undefined {
  const { text, cursor, figures } = field;
  const characters = [...text];
  const moves: Readonly<Record<KeyName, number>> = {
    left: Math.max(0, cursor - 1),
    right: Math.min(characters.length, cursor + 1),
    home: 0,
    "ctrl+a": 0,
    end: characters.length,
    "ctrl+e": characters.length,
  };
  if (moves[key] !== undefined) return { ...field, cursor: moves[key] };
  const before = characters.slice(0, cursor).join("");
  const cuts: Readonly<Record<KeyName, readonly [from: number, to: number]>> = {
    backspace: [Math.max(0, cursor - 1), cursor],
    delete: [cursor, cursor + 1],
    "ctrl+u": [0, cursor],
    "ctrl+w": [[...before.replace(/[^\s,]+[\s,]*$/, "")].length, cursor],
  };
  if (cuts[key]) {
    const [from, to] = cuts[key];
    return { ...field, text: characters.toSpliced(from, to - from).join(""), cursor: from };
  }
  const added = key === "space" ? " " : key;
  return [...added].length !== 1 || (figures && !/[\d.]/.test(added)) ? undefined : inserted(field, added);
}

interface FieldOptions {
  readonly width: number;
  /** What is typed goes here. */
  readonly focused: boolean;
  /** Said faintly where nothing is typed yet. */
  readonly placeholder?: string;
}

/** A text field in exactly `width` columns; a long text moves so that the place where it is typed in is seen. */
export function fieldLine(field: TextField, { width, focused, placeholder = "" }: FieldOptions, pen: Pen): Line {
  if (field.text === "" && !focused) return pen.fit(line(placeholder, "faint"), width);
  const characters = [...field.text].map((character) => pen.clean(character));
  const cursor = Math.min(field.cursor, characters.length);
  let from = 0;
  while (from < cursor && displayWidth(characters.slice(from, cursor).join("")) > width - 1) from += 1;
  const [before, after] = [characters.slice(from, cursor), characters.slice(cursor)].map((part) => part.join(""));
  return pen.fit([piece(before!), { ...piece(after || " "), caret: focused }], width);
}
