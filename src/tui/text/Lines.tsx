import { Text } from "ink";
import { memo } from "react";
import type { Theme } from "../theme.ts";
import type { StyledLine } from "./line.ts";
import { paintLines } from "./paint.ts";

interface LinesProps {
  readonly lines: readonly StyledLine[];
  readonly theme: Theme;
}

/**
 * Puts drawn lines on the screen as one text: a text per piece would cost Ink a layout node each. The lines must be cut to
 * their place already.
 */
export const Lines = memo(function Lines({ lines, theme }: LinesProps) {
  return <Text wrap="truncate">{paintLines(lines, theme)}</Text>;
});
