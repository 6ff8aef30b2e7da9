import { cleanText, displayWidth } from "../../core/cells/text.ts";
import type { TextField } from "../text/field.ts";
import { fitLine, line, type Piece, piece, type StyledLine } from "../text/line.ts";
import { signs } from "../text/signs.ts";
import type { Theme } from "../theme.ts";

export interface FieldOptions {
  readonly width: number;
  /** What is typed goes here. */
  readonly focused: boolean;
  /** Said faintly where nothing is typed yet. */
  readonly placeholder?: string;
}

/** A text field with its cursor, in exactly `width` columns; a long text moves under it so that the cursor is seen. */
export function fieldLine(
  field: TextField,
  { width, focused, placeholder = "" }: FieldOptions,
  theme: Theme,
): StyledLine {
  if (field.text === "" && !focused) return fitLine(line(placeholder, "faint"), width, theme.ascii);
  const characters = [...field.text].map((character) => cleanText(character, theme.ascii));
  const cursor = Math.min(field.cursor, characters.length);
  let from = 0;
  while (from < cursor && displayWidth(characters.slice(from, cursor).join("")) > width - 2) from += 1;
  const before = characters.slice(from, cursor).join("");
  if (!focused) return fitLine([piece(before), piece(characters.slice(cursor).join(""))], width, theme.ascii);
  return fitLine([piece(before), ...withCursor(characters.slice(cursor), theme)], width, theme.ascii);
}

/** The cursor is the inverse of the character it stands on; without colours it is a sign of its own before it. */
function withCursor([under, ...after]: readonly string[], theme: Theme): Piece[] {
  if (!theme.colour) return [piece(signs(theme).caret), piece([under ?? "", ...after].join(""))];
  return [{ ...piece(under ?? " "), inverse: true }, piece(after.join(""))];
}
