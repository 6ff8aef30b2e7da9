import * as v from "valibot";
import type { TrialRecord } from "../domain/record.ts";
import { bundleLines } from "./bundleLines.ts";
import { BUNDLE_VERSION, type Bundle, headerSchema, sweepSchema, trialSchema, unusable } from "./bundleSchema.ts";
import { specOfToday, trialOfToday } from "./earlier.ts";
import type { StoredSweep } from "./store.ts";

/**
 * Reads and checks a bundle: the file of a path, or the bytes of one; `file` is for messages. Throws LAB_BUNDLE with the
 * line that is wrong.
 */
export async function unpackBundle(from: string | Uint8Array, file: string): Promise<Bundle> {
  const lines = bundleLines(from, file);
  const first = await lines.next();
  const header = headerOf(first.done ? "" : first.value, file);
  const [sweeps, trials] = [new Map<string, StoredSweep>(), new Map<string, TrialRecord>()];
  let line = 1;
  for await (const text of lines) {
    const value = parsed(text, file, ++line);
    if ("sweep" in value) add(sweeps, sweepOfToday(checked(sweepSchema, value.sweep, file, line)), "sweep", file, line);
    else if ("trial" in value)
      add(trials, asStored(checked(trialSchema, value.trial, file, line)), "trial", file, line);
    else throw unusable(file, `line ${line} is neither a sweep nor a trial`);
  }
  const lost = [...trials.values()].find(({ sweepId }) => !sweeps.has(sweepId));
  if (lost) throw unusable(file, `trial ${lost.id} belongs to no sweep of the bundle`);
  return { header, sweeps: [...sweeps.values()], trials: [...trials.values()] };
}

function headerOf(text: string, file: string): Bundle["header"] {
  const header = checked<Bundle["header"]>(headerSchema, parsed(text, file, 1).bundle, file, 1);
  if (header.version <= BUNDLE_VERSION) return header;
  throw unusable(file, `it has version ${header.version}, this lab reads ${BUNDLE_VERSION}`, "update the lab");
}

function add<T extends { readonly id: string }>(
  known: Map<string, T>,
  one: T,
  kind: string,
  file: string,
  line: number,
) {
  if (known.has(one.id)) throw unusable(file, `line ${line}: ${kind} ${one.id} is there twice`);
  known.set(one.id, one);
}

function parsed(text: string, file: string, line: number): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below.
  }
  throw unusable(file, `line ${line} is no JSON object`);
}

/** A value as it is, once the schema found in it all that readers rely on. */
function checked<T>(schema: v.GenericSchema, value: unknown, file: string, line: number): T {
  const read = v.safeParse(schema, value, { abortEarly: true });
  if (read.success) return value as T;
  const [issue] = read.issues;
  throw unusable(file, `line ${line}: ${v.getDotPath(issue) ?? "the line"} ${issue.message}`);
}

/** The parts that a sweep has; whether it is imported is for the store to say. */
function sweepOfToday({ id, createdAt, status, spec }: StoredSweep): StoredSweep {
  return { id, createdAt, status, spec: specOfToday(spec) };
}

/** What is worked out from trials together is no part of one. */
function asStored({ correction: _, ...record }: TrialRecord): TrialRecord {
  return trialOfToday(record);
}
