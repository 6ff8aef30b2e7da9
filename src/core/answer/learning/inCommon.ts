import { onlyRows } from "./crossValidation.ts";
import { meanOfRuns, type Rows, runsBehind } from "./rows.ts";

/** The same rows cut down to the trials that all have, in the same order; the others count as without figure. */
export function inCommon(sets: readonly Rows[]): Rows[] {
  const known = sets.map(({ trials }) => new Set(trials));
  const inAll = (id: string) => known.every((ids) => ids.has(id));
  return sets.map((rows) => {
    const trials = rows.trials.filter(inAll);
    const lost = rows.trials.length - trials.length;
    if (lost === 0) return rows;
    const excluded = { ...rows.excluded, "no-figure": (rows.excluded["no-figure"] ?? 0) + lost };
    return { ...rows, ...cutDown(rows, inAll), trials, excluded };
  });
}

function cutDown(rows: Rows, wanted: (id: string) => boolean): Pick<Rows, "training" | "runs"> {
  let place = 0;
  const kept = runsBehind(rows).map((runs) => runs.filter(() => wanted(rows.trials[place++]!)));
  const full = kept.flatMap((runs, row) => (runs.length > 0 ? [row] : []));
  const runs = full.map((row) => kept[row]!);
  const training = { ...onlyRows(rows.training, full), y: runs.map(meanOfRuns) };
  return { training, ...(rows.runs && { runs }) };
}
