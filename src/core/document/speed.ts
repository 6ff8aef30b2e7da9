import type { TrialRecord } from "../domain/record.ts";
import { speedBasisOf } from "../statistics/trials/speeds.ts";
import { correctionInWords, speedInWords } from "../words/speed.ts";
import type { Block } from "./document.ts";

/** A caption of figures of trials, with the speed that they are at; bare where no probe ran. */
export function captioned(caption: string, records: readonly TrialRecord[]): string {
  const speed = speedBasisOf(records);
  return speed ? `${caption}, ${speed.figures}` : caption;
}

/** At what speed of the machine the figures are, and how that is known. */
export function speedBlocks(records: readonly TrialRecord[]): Block[] {
  const speed = speedBasisOf(records);
  if (!speed) return [];
  return [
    { kind: "heading", text: "How fast the machine was" },
    { kind: "list", items: [`figures ${speedInWords(speed)}`, ...correctionInWords(speed)] },
  ];
}
