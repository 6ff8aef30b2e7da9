import type { KeyName } from "../keys.ts";

/** A line of text that is being typed. */
export interface TextField {
  readonly text: string;
  /** Characters before the cursor. */
  readonly cursor: number;
}

/** A field with the cursor at its end. */
export function fieldOf(text: string): TextField {
  return { text, cursor: [...text].length };
}

/** Puts text in at the cursor; of a pasted text the line breaks and control characters go. */
export function inserted({ text, cursor }: TextField, added: string): TextField {
  const clean = [...added.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "")];
  const characters = [...text];
  return { text: characters.toSpliced(cursor, 0, ...clean).join(""), cursor: cursor + clean.length };
}

/** The field after a key; `undefined` where the key is none of a text field's. */
export function edited(field: TextField, key: KeyName): TextField | undefined {
  const characters = [...field.text];
  const at = (cursor: number) => ({ text: field.text, cursor: Math.max(0, Math.min(characters.length, cursor)) });
  const without = (start: number, count: number) => ({
    text: characters.toSpliced(start, count).join(""),
    cursor: start,
  });
  switch (key) {
    case "left":
      return at(field.cursor - 1);
    case "right":
      return at(field.cursor + 1);
    case "home":
    case "ctrl+a":
      return at(0);
    case "end":
    case "ctrl+e":
      return at(characters.length);
    case "backspace":
      return field.cursor > 0 ? without(field.cursor - 1, 1) : field;
    case "delete":
      return without(field.cursor, 1);
    case "ctrl+u":
      return without(0, field.cursor);
    case "ctrl+w": {
      const before = characters.slice(0, field.cursor).join("");
      const kept = [...before.replace(/[^\s,]+[\s,]*$/, "")].length;
      return without(kept, field.cursor - kept);
    }
    case "space":
      return inserted(field, " ");
    default:
      return [...key].length === 1 ? inserted(field, key) : undefined;
  }
}
