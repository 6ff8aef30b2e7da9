import { type Line, piece } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import type { KeyName } from "../keys.ts";

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
export function dialogLines({ question, choices, at }: Dialog, width: number, pen: Pen): Line[] {
  const rows = choices.map(({ key, title }, index) =>
    pen.row([piece(`${key}  `, "accent"), piece(title)], index === at, width - 4),
  );
  return pen.box("", [...pen.paragraph(question, width - 3, "plain", 0), [], ...rows], width);
}
