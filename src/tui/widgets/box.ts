import { displayWidth } from "../../core/cells/text.ts";
import { fitLine, piece, type StyledLine, widthOf } from "../text/line.ts";
import { signs } from "../text/signs.ts";
import type { Theme } from "../theme.ts";

/** Lines in a frame with a title, as wide as they need, at most `width`. */
export function box(title: string, lines: readonly StyledLine[], width: number, theme: Theme): StyledLine[] {
  const { corners, level, upright } = signs(theme).box;
  const [topLeft, topRight, bottomLeft, bottomRight] = corners;
  const most = Math.max(0, width - 4);
  const inner = Math.min(most, Math.max(displayWidth(title) + 2, ...lines.map(widthOf)));
  const name = title === "" ? "" : ` ${title} `;
  const head = fitLine([piece(name, "title")], Math.min(inner, displayWidth(name)), theme.ascii);
  const edge = piece(upright, "faint");
  return [
    [
      piece(topLeft + level, "faint"),
      ...head,
      piece(level.repeat(Math.max(0, inner + 1 - widthOf(head))) + topRight, "faint"),
    ],
    ...lines.map((one) => [edge, piece(" "), ...fitLine(one, inner, theme.ascii), piece(" "), edge]),
    [piece(bottomLeft + level.repeat(inner + 2) + bottomRight, "faint")],
  ];
}
