import type { KeyName } from "../keys.ts";
import { inverted, piece, type StyledLine } from "../text/line.ts";
import { wrapped } from "../text/wrap.ts";
import type { Theme } from "../theme.ts";
import { box } from "./box.ts";

/** A question that has to be answered before anything else. */
export interface Dialog {
  readonly question: string;
  readonly choices: readonly DialogChoice[];
  /** Place of the choice that enter takes. */
  readonly at: number;
}

export interface DialogChoice {
  /** The letter that takes it at once. */
  readonly key: KeyName;
  readonly title: string;
}

/** What a key does to a dialog: the place that is marked then, the place of the choice taken, or that it was left. */
export type DialogAnswer = { readonly at: number } | { readonly taken: number } | { readonly left: true };

export function answered({ choices, at }: Dialog, key: KeyName): DialogAnswer {
  const lettered = choices.findIndex((choice) => choice.key === key);
  if (lettered >= 0) return { taken: lettered };
  if (key === "escape" || choices.length === 0) return { left: true };
  if (key === "enter") return { taken: at };
  const step = ["left", "up", "shift+tab"].includes(key) ? -1 : ["right", "down", "tab"].includes(key) ? 1 : 0;
  return { at: (at + step + choices.length) % choices.length };
}

/** The dialog in a frame, at most `width` columns wide. */
export function dialogLines({ question, choices, at }: Dialog, width: number, theme: Theme): StyledLine[] {
  const asked = wrapped(question, Math.max(10, width - 4)).map((text): StyledLine => [piece(text)]);
  const rows = choices.map(({ key, title }, index): StyledLine => {
    const pieces = [piece(index === at ? `${theme.glyphs.pointer} ` : "  "), piece(`${key}  `, "accent"), piece(title)];
    return index === at ? inverted(pieces, width - 4, theme.ascii) : pieces;
  });
  return box("", [...asked, [], ...rows], width, theme);
}
