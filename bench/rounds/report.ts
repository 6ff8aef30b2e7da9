import { drawTable, type Table } from "../../src/core/cells/table.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";

/** A target, and what was found. */
export interface Target {
  readonly what: string;
  readonly found: string;
  readonly wanted: string;
  readonly held: boolean;
}

export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
export const signed = (share: number) => `${share < 0 ? "" : "+"}${percent(share)}`;

export function printTable(table: Table): void {
  console.log(drawTable(table, { width: 160, colour: false, ascii: true }));
}

/** Prints all targets, each with its mark, and sets the exit code: 1 where one was missed. */
export function printTargets(targets: readonly Target[]): void {
  console.log("");
  printTable({
    columns: ["target", "found", "wanted", ""].map((title) => ({ title, align: "left" })),
    rows: targets.map(({ what, found, wanted, held }) => [what, found, wanted, held ? "held" : "MISSED"]),
  });
  process.exitCode = targets.every(({ held }) => held) ? 0 : 1;
}

/** Seconds that trials took, from the decision for each to its record. */
export function secondsOf(trials: readonly TrialRecord[]): number {
  return trials.reduce((sum, { timing }) => sum + (timing?.total ?? 0), 0);
}
