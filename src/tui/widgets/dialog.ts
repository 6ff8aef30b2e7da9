import type { KeyName } from "../keys.ts";
import { piece, type StyledLine } from "../text/line.ts";
import { wrapped } from "../text/wrap.ts";
import type { Theme } from "../theme.ts";
import { box } from "./box.ts";

/** A question that has to be answered before anything else. */
export interface Dialog {
  readonly title: string;
  readonly text: string;
  readonly choices: readonly DialogChoice[];
  /** Place of the choice that enter takes. */
  readonly at: number;
}

export interface DialogChoice {
  /** The letter that takes it at once. */
  readonly key: KeyName;
  readonly title: string;
}

/** What a key does to a dialog: the dialog as it is then, the place of the choice taken, or that it was left. */
export type DialogAnswer = { readonly dialog: Dialog } | { readonly taken: number } | { readonly left: true };

export function answered(dialog: Dialog, key: KeyName): DialogAnswer {
  const count = dialog.choices.length;
  const lettered = dialog.choices.findIndex((choice) => choice.key === key);
  if (lettered >= 0) return { taken: lettered };
  if (key === "enter") return count > 0 ? { taken: dialog.at } : { left: true };
  if (key === "escape") return { left: true };
  const step = ["left", "up", "shift+tab"].includes(key) ? -1 : ["right", "down", "tab"].includes(key) ? 1 : 0;
  return { dialog: count > 0 ? { ...dialog, at: (dialog.at + step + count) % count } : dialog };
}

/** The dialog in a frame, at most `width` columns wide. */
export function dialogLines({ title, text, choices, at }: Dialog, width: number, theme: Theme): StyledLine[] {
  const lines = wrapped(text, Math.max(10, Math.min(60, width - 6))).map((one): StyledLine => [piece(one)]);
  const rows = choices.map(({ key, title: name }, index): StyledLine => {
    const chosen = index === at;
    const cells = [piece(`${chosen ? theme.glyphs.pointer : " "} `), piece(key, "accent"), piece(`  ${name}`)];
    return chosen && theme.colour ? cells.map((cell) => ({ ...cell, inverse: true })) : cells;
  });
  return box(title, [...lines, [], ...rows], width, theme);
}
