import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import type { TrialRecord } from "../domain/record.ts";
import { LabError, messageOf } from "../errors.ts";
import { BUNDLE_VERSION, type Bundle, headerSchema, sweepSchema, trialSchema } from "./bundleSchema.ts";
import { specOfToday, trialOfToday } from "./earlier.ts";
import type { Store, StoredSweep } from "./store.ts";

/** What an import did. */
export interface Imported {
  readonly sweeps: number;
  readonly trials: number;
  /** Trials that the store had already, just so. */
  readonly known: number;
}

/** A bundle as a gzip file of JSON lines: the header, then a line for each sweep and each trial. */
export function packBundle({ header, sweeps, trials }: Bundle): Buffer {
  const lines = [{ bundle: header }, ...sweeps.map((sweep) => ({ sweep })), ...trials.map((trial) => ({ trial }))];
  return gzipSync(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`, { level: 9 });
}

/** Reads and checks a bundle; `file` is for messages. Throws LAB_BUNDLE with the line that is wrong. */
export function unpackBundle(bytes: Uint8Array, file: string): Bundle {
  const [first, ...rest] = textOf(bytes, file).trimEnd().split("\n");
  const header = checked<Bundle["header"]>(headerSchema, parsed(first ?? "", file, 1).bundle, file, 1);
  if (header.version > BUNDLE_VERSION) {
    throw wrong(file, `it has version ${header.version}, this lab reads ${BUNDLE_VERSION}`, "update the lab");
  }
  const sweeps: StoredSweep[] = [];
  const trials: TrialRecord[] = [];
  for (const [index, text] of rest.entries()) {
    const line = index + 2;
    const value = parsed(text, file, line);
    if ("sweep" in value) sweeps.push(sweepOfToday(checked<StoredSweep>(sweepSchema, value.sweep, file, line)));
    else if ("trial" in value) trials.push(asStored(checked<TrialRecord>(trialSchema, value.trial, file, line)));
    else throw wrong(file, `line ${line} is neither a sweep nor a trial`);
  }
  const ids = new Set(sweeps.map(({ id }) => id));
  const lost = trials.find(({ sweepId }) => !ids.has(sweepId));
  if (lost) throw wrong(file, `trial ${lost.id} belongs to no sweep of the bundle`);
  return { header, sweeps, trials };
}

/** Puts a bundle into a store. What is there already stays as it is. Throws LAB_BUNDLE where the two contradict. */
export function importBundle(store: Store, { sweeps, trials }: Bundle, file: string): Imported {
  const stored = new Map(
    sweeps.flatMap(({ id }) => store.trials({ sweepId: id })).map((trial) => [trial.id, JSON.stringify(trial)]),
  );
  const differing = trials.find((trial) => stored.has(trial.id) && stored.get(trial.id) !== JSON.stringify(trial));
  if (differing) {
    throw wrong(file, `the store has another trial ${differing.id}`, "import into a store of its own: --store FILE");
  }
  const newSweeps = sweeps.filter(({ id }) => store.sweep(id) === undefined);
  const newTrials = trials.filter(({ id }) => !stored.has(id));
  store.addAll(newSweeps, newTrials);
  return { sweeps: newSweeps.length, trials: newTrials.length, known: trials.length - newTrials.length };
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (cause) {
    throw wrong(file, `it is no gzip file, or a part of one (${messageOf(cause)})`, "make one with ./lab bundle FILE");
  }
}

function parsed(text: string, file: string, line: number): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below.
  }
  throw wrong(file, `line ${line} is no JSON object`);
}

/** A value as it is, once the schema found in it all that readers rely on. */
function checked<T>(schema: v.GenericSchema, value: unknown, file: string, line: number): T {
  const read = v.safeParse(schema, value);
  if (read.success) return value as T;
  const [issue] = read.issues;
  throw wrong(file, `line ${line}: ${v.getDotPath(issue) ?? "the line"} ${issue.message}`);
}

function sweepOfToday(sweep: StoredSweep): StoredSweep {
  return { ...sweep, spec: specOfToday(sweep.spec) };
}

/** What is worked out from trials together is no part of one. */
function asStored({ correction: _, ...record }: TrialRecord): TrialRecord {
  return trialOfToday(record);
}

function wrong(file: string, what: string, help?: string): LabError {
  return new LabError("LAB_BUNDLE", `${file} is no bundle that can be used: ${what}`, { help });
}
