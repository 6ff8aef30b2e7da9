import { type Line, piece, type Size } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { keyInWords } from "../keys.ts";
import { dialogLines } from "../widgets/dialog.ts";
import { fieldLine } from "../widgets/field.ts";
import { windowOf } from "../widgets/list.ts";
import type { Overlay } from "./consoleState.ts";
import { type KeyAction, matching } from "./entries.ts";

const widest = 76;

/** What lies over the screen, as lines in a box. */
export function overlayLines(overlay: Overlay, entries: readonly KeyAction[], size: Size, pen: Pen): Line[] {
  const width = Math.min(widest, size.width - 4);
  const rows = Math.max(1, size.height - 4);
  switch (overlay.kind) {
    case "help":
      return scrolledBox("keys", helpLines(entries, pen), { width, height: rows }, overlay.top, pen);
    case "palette":
      return paletteLines(overlay, entries, { width, height: Math.min(rows, 18) }, pen);
    case "ask":
      return dialogLines(overlay, width, pen);
  }
}

function helpLines(entries: readonly KeyAction[], pen: Pen): Line[] {
  const groups = [...Map.groupBy(entries, ({ group }) => group)];
  return groups.flatMap(([group, ones], index): Line[] => [
    ...(index > 0 ? [[]] : []),
    [piece(group, "title")],
    ...ones.map(({ keys, help }): Line => {
      const names = keys.map((key) => keyInWords(key, pen.ascii)).join(" ");
      return [pen.cell(names, 12, "accent"), piece(` ${help}`)];
    }),
  ]);
}

function paletteLines(
  { search, at }: Extract<Overlay, { kind: "palette" }>,
  entries: readonly KeyAction[],
  size: Size,
  pen: Pen,
): Line[] {
  const width = size.width - 4;
  const found = matching(entries, search.text);
  const rows = found.map(({ title, help, keys }, index) => {
    const key = pen.cell(keyInWords(keys[0], pen.ascii), 7, "accent", "right");
    const pieces = [pen.cell(title, 16), pen.cell(help, width - 26, "faint"), key];
    return pen.row(pieces, index === at, width);
  });
  const body = found.length > 0 ? rows : [[piece("  nothing of that name", "faint")]];
  const typed = [piece(": ", "accent"), ...fieldLine(search, { width: width - 2, focused: true }, pen)];
  const most = size.height - 4;
  const { from, to } = windowOf(body.length, at, most);
  return scrolledBox("command", [typed, [], ...body.slice(from, to)], size, 0, pen);
}

/** Part of lines in a frame of a fixed width, from line `top` on where they do not all fit. */
function scrolledBox(title: string, lines: readonly Line[], { width, height }: Size, top: number, pen: Pen): Line[] {
  const shown = Math.min(lines.length, height - 2);
  const first = Math.max(0, Math.min(top, lines.length - shown));
  const part = lines.slice(first, first + shown).map((pieces) => pen.fit(pieces, width - 4));
  return pen.box(title, part, width);
}
