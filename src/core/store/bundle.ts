import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { LabError } from "../errors.ts";
import { BUNDLE_BOUNDS } from "./bundleLines.ts";
import { type Bundle, unusable } from "./bundleSchema.ts";
import type { Store, StoredSweep } from "./store.ts";

/** What an import did. */
export interface Imported {
  readonly sweeps: number;
  readonly trials: number;
  /** Trials that the store had already, just so. */
  readonly known: number;
}

/** A bundle as a gzip file of JSON lines: the header, then a line for each sweep and each trial. Throws LAB_USAGE. */
export function packBundle({ header, sweeps, trials }: Bundle): Buffer {
  // Whether a sweep is one's own is for each store to say.
  const own = sweeps.map(({ imported: _, ...sweep }) => sweep);
  const lines = [{ bundle: header }, ...own.map((sweep) => ({ sweep })), ...trials.map((trial) => ({ trial }))];
  const texts = lines.map((line) => JSON.stringify(line));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (texts.length > BUNDLE_BOUNDS.lines || length > BUNDLE_BOUNDS.bytes)
    throw new LabError("LAB_USAGE", `${trials.length} trials are too many for one bundle`, {
      help: "write fewer sweeps to it: --sweep ID,ID",
    });
  return gzipSync(`${texts.join("\n")}\n`, { level: 9 });
}

/** Puts a bundle into a store. What is there already stays as it is. Throws LAB_BUNDLE where the two contradict. */
export function importBundle(store: Store, { sweeps, trials }: Bundle, file: string): Imported {
  return store.together(() => {
    const newSweeps = sweeps.filter((sweep) =>
      isNew(store.sweep(sweep.id)?.spec, sweep.spec, `sweep ${sweep.id}`, file),
    );
    const newTrials = trials.filter((trial) => isNew(store.trial(trial.id), trial, `trial ${trial.id}`, file));
    store.addAll(newSweeps.map(asImported), newTrials);
    return { sweeps: newSweeps.length, trials: newTrials.length, known: trials.length - newTrials.length };
  });
}

/** Whether the store does not have something yet. Throws LAB_BUNDLE where it has something else of the same name. */
function isNew<T>(stored: T | undefined, bundled: T, name: string, file: string): boolean {
  if (stored === undefined || isDeepStrictEqual(stored, bundled)) return stored === undefined;
  throw unusable(file, `the store has another ${name}`, "import into a store of its own: --store FILE");
}

/** Nobody here measures it, whatever was so where it comes from. */
function asImported(sweep: StoredSweep): StoredSweep {
  return { ...sweep, status: sweep.status === "running" ? "interrupted" : sweep.status, imported: true };
}
