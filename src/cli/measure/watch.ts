import type { Command } from "commander";
import type { TrialRecord } from "../../core/domain/record.ts";
import { widestOf } from "../../core/domain/summary.ts";
import { EXIT } from "../../core/errors.ts";
import { bandsOf, previewSweep, type StoredSweep, sameStore, speedCorrected } from "../../core/lab.ts";
import { roundInWords, roundsPlanInWords } from "../../core/words/rounds.ts";
import { recordInWords } from "../../core/words/trials.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";

/** `lab watch`: a sweep of another process, trial by trial or round by round. */
export function addWatchCommand(program: Command): void {
  program
    .command("watch [sweep]")
    .description("follow a sweep that another process runs (the newest one unless named) until it has ended")
    .action(action(watchCommand));
}

function watchCommand(id: string | undefined, options: CommonOptions): Promise<number> {
  return inLab(options, ({ store, sweeps }) =>
    interruptible(async (signal) => {
      const sweep = store.find(id);
      const { trials } = previewSweep(sweep.spec);
      if (!options.json) printLine(introduction(sweep, trials));
      const inRounds = sweep.spec.plan === "rounds";
      const seen: TrialRecord[] = [];
      for await (const record of sweeps.follow(sweep.id, signal)) {
        seen.push(record);
        if (options.json) printJson(record);
        else if (inRounds) tellOfRounds(seen);
        else tell(seen, trials);
      }
      if (inRounds && seen.length > 0 && !options.json) tellRound(seen);
      return signal.aborted ? EXIT.interrupted : ended(store.find(sweep.id), options);
    }),
  );
}

function introduction({ id, status, spec, createdAt }: StoredSweep, trials: number): string {
  const work = spec.plan === "rounds" ? roundsPlanInWords(spec) : `${trials} trials`;
  const what = `${spec.proxies.join(", ")}, ${work}`;
  return status === "running"
    ? `following sweep ${id}: ${what}, begun at ${createdAt}; it is run by another process, Ctrl-C leaves it running`
    : `sweep ${id}: ${what}, ${status}`;
}

/** Tells of the last of some trials. */
function tell(seen: readonly TrialRecord[], total: number): void {
  printLine(`[${seen.length}/${Math.max(seen.length, total)}] ${recordInWords(seen.at(-1)!)}`);
}

/** Tells of a round when the next one has begun. */
function tellOfRounds(seen: readonly TrialRecord[]): void {
  const [before, last] = seen.slice(-2);
  if (before && last && before.replicate !== last.replicate) tellRound(seen.slice(0, -1));
}

/** Tells of the round that some visits end with. */
function tellRound(visits: readonly TrialRecord[]): void {
  const bands = bandsOf(speedCorrected(visits));
  const widest = widestOf(bands);
  const round = visits.at(-1)!.replicate + 1;
  printLine(roundInWords({ round, bands, ...(widest && { halfWidth: widest.halfWidth }) }));
}

function ended({ id, status }: StoredSweep, options: CommonOptions): number {
  if (!options.json) printLine(`${status}; draw it with: ./lab chart --sweep ${id}${sameStore(options)}`);
  return status === "finished" ? EXIT.ok : EXIT.interrupted;
}
