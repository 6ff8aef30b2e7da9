import type { Command } from "commander";
import type { TrialRecord } from "../../core/domain/record.ts";
import { EXIT } from "../../core/errors.ts";
import { previewSweep, type StoredSweep, sameStore } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";
import { recordInWords } from "../terminal/progress.ts";

/** `lab watch`: a sweep of another process, trial by trial. */
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
      let number = 0;
      for await (const record of sweeps.follow(sweep.id, signal)) tell(record, ++number, trials, options);
      return signal.aborted ? EXIT.interrupted : ended(store.find(sweep.id), options);
    }),
  );
}

function introduction({ id, status, spec, createdAt }: StoredSweep, trials: number): string {
  const what = `${spec.proxies.join(", ")}, ${trials} trials`;
  return status === "running"
    ? `following sweep ${id}: ${what}, begun at ${createdAt}; it is run by another process, Ctrl-C leaves it running`
    : `sweep ${id}: ${what}, ${status}`;
}

function tell(record: TrialRecord, number: number, total: number, { json }: CommonOptions): void {
  if (json) printJson(record);
  else printLine(`[${number}/${Math.max(number, total)}] ${recordInWords(record)}`);
}

function ended({ id, status }: StoredSweep, options: CommonOptions): number {
  if (!options.json) printLine(`${status}; draw it with: ./lab chart --sweep ${id}${sameStore(options)}`);
  return status === "finished" ? EXIT.ok : EXIT.interrupted;
}
