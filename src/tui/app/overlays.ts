import { keyInWords } from "../keys.ts";
import { fitLine, fitted, inverted, piece, type Size, type StyledLine } from "../text/line.ts";
import { signs } from "../text/signs.ts";
import type { Theme } from "../theme.ts";
import { box } from "../widgets/box.ts";
import { dialogLines } from "../widgets/dialog.ts";
import type { Overlay } from "./consoleState.ts";
import { type Entry, matching } from "./entries.ts";

const widest = 76;

/** What lies over the screen, as lines in a box. */
export function overlayLines(overlay: Overlay, entries: readonly Entry[], size: Size, theme: Theme): StyledLine[] {
  const width = Math.min(widest, size.width - 4);
  const rows = Math.max(1, size.height - 4);
  switch (overlay.kind) {
    case "help":
      return scrolledBox("keys", helpLines(entries, width - 4, theme), { width, height: rows }, overlay.top, theme);
    case "palette":
      return paletteLines(overlay, entries, { width, height: Math.min(rows, 18) }, theme);
    case "ask":
      return dialogLines(overlay, width, theme);
  }
}

function helpLines(entries: readonly Entry[], width: number, theme: Theme): StyledLine[] {
  const groups = [...Map.groupBy(entries, ({ group }) => group)];
  return groups.flatMap(([group, ones], index): StyledLine[] => [
    ...(index > 0 ? [[]] : []),
    [piece(group, "title")],
    ...ones.map(({ keys, help }): StyledLine => {
      const names = keys.map((key) => keyInWords(key, theme.ascii)).join(" ");
      return fitLine([fitted(names, 12, theme.ascii, "left", "accent"), piece(` ${help}`)], width, theme.ascii);
    }),
  ]);
}

function paletteLines(
  { search, at }: Extract<Overlay, { kind: "palette" }>,
  entries: readonly Entry[],
  size: Size,
  theme: Theme,
): StyledLine[] {
  const width = size.width - 4;
  const found = matching(entries, search.text);
  const rows = found.map(({ title, help, keys }, index) => {
    const key = fitted(keyInWords(keys[0] ?? "", theme.ascii), 7, theme.ascii, "right", "accent");
    const pieces = [
      piece(index === at ? `${theme.glyphs.pointer} ` : "  "),
      fitted(title, 16, theme.ascii),
      fitted(help, Math.max(0, width - 26), theme.ascii, "left", "faint"),
      key,
    ];
    return index === at ? inverted(pieces, width, theme.ascii) : pieces;
  });
  const body = found.length > 0 ? rows : [[piece("  nothing of that name", "faint")]];
  const typed: StyledLine = [piece(": ", "accent"), piece(search.text), piece(signs(theme).caret, "accent")];
  const most = size.height - 4;
  const top = Math.max(0, Math.min(at - Math.floor(most / 2), body.length - most));
  return scrolledBox("command", [typed, [], ...body.slice(top, top + most)], size, 0, theme);
}

/** Part of lines in a frame of a fixed width, from line `top` on where they do not all fit. */
function scrolledBox(
  title: string,
  lines: readonly StyledLine[],
  { width, height }: Size,
  top: number,
  theme: Theme,
): StyledLine[] {
  const shown = Math.min(lines.length, height - 2);
  const first = Math.max(0, Math.min(top, lines.length - shown));
  const part = lines.slice(first, first + shown).map((pieces) => fitLine(pieces, width - 4, theme.ascii));
  return box(title, part, width, theme);
}
