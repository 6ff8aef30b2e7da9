import picocolors from "picocolors";
import type { Colour, Theme } from "../theme.ts";
import type { Piece, Role, StyledLine } from "./line.ts";

const codes = picocolors.createColors(true);

/** Turns a line into text: with escape codes if the theme has colours, without any if not. */
export function paintLine(line: StyledLine, theme: Theme): string {
  return line.map((one) => (theme.colour ? painted(one, theme) : one.text)).join("");
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
