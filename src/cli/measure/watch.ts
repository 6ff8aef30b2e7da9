import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { TrialRecord } from "../../core/domain/record.ts";
import { EXIT } from "../../core/errors.ts";
import { sameStore } from "../../core/places.ts";
import { previewSweep } from "../../core/plan/preview.ts";
import type { StoredSweep } from "../../core/store/store.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { recordInWords } from "../terminal/progress.ts";

const pollMs = 500;

/** `lab watch`: a sweep of another process, trial by trial. */
export function addWatchCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("watch [sweep]")
    .description("follow a sweep that another process runs (the newest one unless named) until it has ended")
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      setExit(await watchCommand(id, command.optsWithGlobals()));
    });
}

async function watchCommand(id: string | undefined, options: CommonOptions): Promise<number> {
  const engine = await openEngine(options);
  try {
    const { store } = engine;
    const sweep = engine.findSweep(id);
    if (!options.json) printLine(introduction(sweep));
    const follower = { place: 0, seen: 0, total: previewSweep(sweep.spec).trials };
    return await interruptible(async (signal) => {
      for (;;) {
        const running = store.sweep(sweep.id)?.status === "running";
        const { records, place } = store.trialsAfter(follower.place, 1_000);
        follower.place = place;
        for (const record of records.filter(({ sweepId }) => sweepId === sweep.id)) {
          tell(record, ++follower.seen, follower.total, options);
        }
        if (!running && records.length === 0) return ended(store.sweep(sweep.id), options);
        if (records.length === 0) await sleep(pollMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return EXIT.interrupted;
      }
    });
  } finally {
    engine.close();
  }
}

function introduction({ id, status, spec, createdAt }: StoredSweep): string {
  const what = `${spec.proxies.join(", ")}, ${previewSweep(spec).trials} trials`;
  return status === "running"
    ? `following sweep ${id}: ${what}, begun at ${createdAt}; it is run by another process, Ctrl-C leaves it running`
    : `sweep ${id}: ${what}, ${status}`;
}

function tell(record: TrialRecord, number: number, total: number, { json }: CommonOptions): void {
  if (json) printJson(record);
  else printLine(`[${number}/${Math.max(number, total)}] ${recordInWords(record)}`);
}

function ended(sweep: StoredSweep | undefined, options: CommonOptions): number {
  const status = sweep?.status ?? "interrupted";
  if (!options.json) printLine(`${status}; draw it with: ./lab chart --sweep ${sweep?.id}${sameStore(options)}`);
  return status === "finished" ? EXIT.ok : EXIT.interrupted;
}
