import { keyInWords } from "../keys.ts";
import { fitLine, fitted, inverted, piece, type Size, type StyledLine } from "../text/line.ts";
import { signs } from "../text/signs.ts";
import type { Theme } from "../theme.ts";
import type { Overlay } from "./consoleState.ts";
import { type Entry, matching } from "./entries.ts";

const widest = 76;

/** What lies over the screen, as lines in a box. */
export function overlayLines(overlay: Overlay, entries: readonly Entry[], size: Size, theme: Theme): StyledLine[] {
  const width = Math.min(widest, size.width - 4);
  const rows = Math.max(1, size.height - 4);
  switch (overlay.kind) {
    case "help":
      return box("keys", helpLines(entries, width - 4, theme), { width, height: rows }, overlay.top, theme);
    case "palette":
      return paletteLines(overlay, entries, { width, height: Math.min(rows, 18) }, theme);
    case "ask":
      return askLines(overlay, width, theme);
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
  return box("command", [typed, [], ...body.slice(top, top + most)], { ...size, height: size.height }, 0, theme);
}

function askLines({ question, choices, at }: Extract<Overlay, { kind: "ask" }>, width: number, theme: Theme): StyledLine[] {
  const rows = choices.map(({ key, title }, index): StyledLine => {
    const pieces = [piece(index === at ? `${theme.glyphs.pointer} ` : "  "), piece(`${key}  `, "accent"), piece(title)];
    return index === at ? inverted(pieces, width - 4, theme.ascii) : pieces;
  });
  const inner = [...wrap(question, width - 4).map((text): StyledLine => [piece(text)]), [], ...rows];
  return box("", inner, { width, height: inner.length + 2 }, 0, theme);
}

/** Lines in a frame, from line `top` on where they do not all fit. */
function box(title: string, lines: readonly StyledLine[], { width, height }: Size, top: number, theme: Theme): StyledLine[] {
  const { corners, level, upright } = signs(theme).box;
  const inner = width - 4;
  const shown = Math.min(lines.length, height - 2);
  const first = Math.max(0, Math.min(top, lines.length - shown));
  const head = title === "" ? "" : ` ${title} `;
  const more = lines.length > first + shown ? ` ${lines.length - first - shown} more ` : "";
  const edge = (left: string, text: string, right: string): StyledLine => [
    piece(left + level, "faint"),
    piece(text, "title"),
    piece(level.repeat(Math.max(0, width - 3 - text.length)) + right, "faint"),
  ];
  return [
    edge(corners[0], head, corners[1]),
    ...lines.slice(first, first + shown).map((pieces) => [
      piece(`${upright} `, "faint"),
      ...fitLine(pieces, inner, theme.ascii),
      piece(` ${upright}`, "faint"),
    ]),
    edge(corners[2], more, corners[3]),
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
