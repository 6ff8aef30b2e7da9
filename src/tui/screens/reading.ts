import { type Line, line } from "../../core/cells/line.ts";
import { formatCount } from "../../core/domain/format.ts";
import type { LabState } from "../store/labState.ts";

/** To draw more trials anew with each part of the store that is read would take longer than reading it. */
const MOST_DRAWN_WHILE_READING = 2000;

/** What stands in place of a screen that looks at trials while there are none, or a large store is still being read. */
export function insteadOfTrials({ trials, loaded }: LabState, help: string): Line[] | undefined {
  if (loaded) return trials.length > 0 ? undefined : [[], line("  No trials yet."), line(`  ${help}`, "faint")];
  if (trials.length > 0 && trials.length <= MOST_DRAWN_WHILE_READING) return undefined;
  const count = trials.length > 0 ? `: ${formatCount(trials.length)} trials` : "";
  return [[], line(`  reading the store${count} ...`, "faint")];
}
