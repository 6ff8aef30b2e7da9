import { formatCount, formatPercent } from "../domain/format.ts";

/** Which model answers, and why. */
export function winnerInWords(title: string | undefined, medianApe: number | undefined): string {
  return `${title} answers: with a median error of ${formatPercent(medianApe)} on points left out it is the simplest within noise of the best`;
}

/** What the errors of models are those of. */
export function trialsLeftOut(count: number): string {
  return `${formatCount(count)} trials, each point predicted without its own`;
}
