import type { KeyName } from "../keys.ts";
import { edited } from "../text/field.ts";
import { answered } from "../widgets/dialog.ts";
import type { Overlay } from "./consoleState.ts";
import type { Entry } from "./entries.ts";
import { matching } from "./entries.ts";

/** What a key does to an overlay: the overlay after it (none: it closes), and what is to be done then. */
export interface OverlayStep {
  readonly overlay?: Overlay;
  readonly run?: () => void;
}

const steps: Readonly<Record<KeyName, number>> = {
  up: -1,
  down: 1,
  pageup: -10,
  pagedown: 10,
  "ctrl+p": -1,
  "ctrl+n": 1,
};

/** An overlay takes all keys; those that it does not know leave it as it is. `entries`: what the palette can run. */
export function overlayAfter(overlay: Overlay, key: KeyName, entries: readonly Entry[]): OverlayStep {
  if (key === "escape" || key === "ctrl+c") return {};
  switch (overlay.kind) {
    case "help":
      if (!steps[key]) return {};
      return { overlay: { ...overlay, top: Math.max(0, Math.min(entries.length, overlay.top + steps[key])) } };
    case "palette":
      return paletteAfter(overlay, key, entries);
    case "ask":
      return askAfter(overlay, key);
  }
}

function paletteAfter(
  overlay: Extract<Overlay, { kind: "palette" }>,
  key: KeyName,
  entries: readonly Entry[],
): OverlayStep {
  const found = matching(entries, overlay.search.text);
  const step = steps[key];
  if (step !== undefined)
    return { overlay: { ...overlay, at: Math.max(0, Math.min(found.length - 1, overlay.at + step)) } };
  if (key === "enter") {
    const entry = found[overlay.at];
    return entry ? { run: entry.run } : { overlay };
  }
  const search = edited(overlay.search, key);
  return { overlay: search ? { ...overlay, search, at: 0 } : overlay };
}

function askAfter(overlay: Extract<Overlay, { kind: "ask" }>, key: KeyName): OverlayStep {
  const answer = answered(overlay, key);
  if ("at" in answer) return { overlay: { ...overlay, at: answer.at } };
  const choice = "taken" in answer ? overlay.choices[answer.taken] : undefined;
  return choice ? { run: () => choice.run() } : {};
}
