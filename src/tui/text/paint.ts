import picocolors from "picocolors";
import type { Colour, Theme } from "../theme.ts";
import type { Piece, Role, StyledLine } from "./line.ts";

const codes = picocolors.createColors(true);

/** Turns lines into text: with escape codes if the theme has colours, without any if not. */
export function paintLines(lines: readonly StyledLine[], theme: Theme): string {
  return lines
    .map((pieces) => pieces.map((one) => (theme.colour ? painted(one, theme) : one.text)).join(""))
    .join("\n");
}

function painted({ text, style, inverse }: Piece, theme: Theme): string {
  if (!inverse && text.trim() === "") return text;
  if (style === "title") return inverse ? codes.inverse(codes.bold(text)) : codes.bold(text);
  const colour = colourOf(style, theme);
  const styled = colour ? codes[colour](text) : text;
  return inverse ? codes.inverse(styled) : styled;
}

function colourOf(style: Exclude<Role, "title">, { palette }: Theme): Colour | undefined {
  if (typeof style === "number") return palette.series[style % palette.series.length];
  return style === "plain" ? undefined : palette[style];
}
