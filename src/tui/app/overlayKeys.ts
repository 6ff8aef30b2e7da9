import type { KeyName } from "../keys.ts";
import { answered } from "../widgets/dialog.ts";
import { edited } from "../widgets/field.ts";
import { placeAfter } from "../widgets/list.ts";
import type { Overlay } from "./consoleState.ts";
import { type KeyAction, matching } from "./entries.ts";

/** What a key does to an overlay: the overlay after it (none: it closes), and what is to be done then. */
export interface OverlayStep {
  readonly overlay?: Overlay;
  readonly run?: () => void;
}

/** An overlay takes all keys; those that it does not know leave it as it is. `entries`: what the palette can run. */
export function overlayAfter(overlay: Overlay, key: KeyName, entries: readonly KeyAction[]): OverlayStep {
  if (key === "escape" || key === "ctrl+c") return {};
  switch (overlay.kind) {
    case "help": {
      // A key that does not scroll closes it.
      const top = placeAfter(key, overlay.top, entries.length + 1);
      return top === undefined ? {} : { overlay: { ...overlay, top } };
    }
    case "palette":
      return paletteAfter(overlay, key, entries);
    case "ask": {
      const answer = answered(overlay, key);
      if ("at" in answer) return { overlay: { ...overlay, at: answer.at } };
      const choice = "taken" in answer ? overlay.choices[answer.taken] : undefined;
      return choice ? { run: () => choice.run() } : {};
    }
  }
}

function paletteAfter(
  overlay: Extract<Overlay, { kind: "palette" }>,
  key: KeyName,
  entries: readonly KeyAction[],
): OverlayStep {
  const found = matching(entries, overlay.search.text);
  if (key === "enter") {
    const entry = found[overlay.at];
    return entry ? { run: entry.run } : { overlay };
  }
  const search = edited(overlay.search, key);
  if (search) return { overlay: { ...overlay, search, at: 0 } };
  const arrow = { "ctrl+p": "up", "ctrl+n": "down" }[key] ?? key;
  return { overlay: { ...overlay, at: placeAfter(arrow, overlay.at, found.length) ?? overlay.at } };
}
