import * as v from "valibot";
import type { TrialRecord } from "../domain/record.ts";
import { PLANS } from "../domain/spec.ts";
import type { StoredSweep } from "./store.ts";

/** Raised when a bundle of an older lab can no longer be read as it is. */
export const BUNDLE_VERSION = 1;
export const BUNDLE_FORMAT = "proxy-lab-bundle";

const text = v.string("is not text");
const name = v.pipe(text, v.minLength(1, "is empty"));
const figure = v.pipe(v.number("is not a number"), v.finite("is not a number"));
const count = v.pipe(figure, v.minValue(0, "is below 0"));
const whole = v.pipe(count, v.integer("is not a whole number"));
const above0 = v.pipe(figure, v.gtValue(0, "is not above 0"));
const time = v.pipe(text, v.isoTimestamp("is not a time"));
const role = v.picklist(["reverse", "forward"], "is neither reverse nor forward");
const figures = v.record(text, v.optional(count));
const schemaVersion = v.literal(1, "is of a shape that this lab does not know");

const bundledPlugin = v.object({ kind: name, id: name, source: text, version: v.exactOptional(text) });

export type BundledPlugin = Readonly<v.InferOutput<typeof bundledPlugin>>;

/** First line of a bundle: what it is and where it comes from. */
export const headerSchema = v.object({
  format: v.literal(BUNDLE_FORMAT, "is not that of a bundle"),
  version: whole,
  createdAt: time,
  labVersion: text,
  /** For people: what the bundle holds. */
  note: v.exactOptional(text),
  /** Plugins that the trials were made with, as they were when the bundle was made. */
  plugins: v.array(bundledPlugin),
});

const values = v.record(name, v.unknown());

const scenario = v.looseObject({
  profile: v.picklist(["fair", "as-shipped", "own"], "is no profile"),
  keepAlive: v.boolean("is neither true nor false"),
  bodyBytes: count,
  originDelayMs: count,
  windowSeconds: above0,
  maxWindowSeconds: above0,
  warmupSeconds: count,
  fresh: v.boolean("is neither true nor false"),
  method: v.exactOptional(v.literal("visit", "is no way to measure")),
  rate: v.exactOptional(
    v.union(
      [v.object({ shareOfCapacity: above0 }), v.object({ requestsPerSecond: above0 })],
      "is no rate of an open loop",
    ),
  ),
});

const spec = v.looseObject({
  options: v.exactOptional(values),
  ...v.entriesFromList(["proxies", "loadTools", "limiters"], v.array(name)),
  role,
  ...v.entriesFromList(["cpu", "memoryBytes"], v.array(above0)),
  ...v.entriesFromList(["servers", "concurrency"], v.array(whole)),
  requestsPerSecond: v.exactOptional(v.array(above0)),
  replicates: whole,
  plan: v.picklist([...PLANS, "floor", "size", "capacity"], "is no plan"),
  seed: figure,
  scenario,
});

export const sweepSchema = v.object({
  id: name,
  createdAt: time,
  status: v.picklist(["running", "finished", "interrupted"], "is no status"),
  spec,
});

const point = v.looseObject({
  ...v.entriesFromList(["proxy", "loadTool", "limiter"], name),
  role,
  cpu: above0,
  memoryBytes: v.optional(above0),
  servers: whole,
  concurrency: whole,
  requestsPerSecond: v.exactOptional(above0),
});

const result = v.looseObject({
  ...v.entriesFromList(["requestsPerSecond", "completedRequests", "failedRequests"], count),
  failures: figures,
  transferredBytes: v.optional(count),
  durationSeconds: above0,
  latencyMs: figures,
  latencyKind: v.picklist(["service", "response", "corrected"], "is no kind of latency"),
  loop: v.picklist(["closed", "open"], "is neither closed nor open"),
  countedBy: v.exactOptional(v.literal("origins", "is not who counts")),
});

const speed = v.looseObject({
  samples: v.pipe(whole, v.gtValue(0, "is not above 0")),
  probeMicros: above0,
  ...v.entriesFromList(["logDeviation", "probeCpu"], count),
});

const environment = v.looseObject({
  ...v.entriesFromList(["labVersion", "node", "platform", "kernel", "cpuModel"], text),
  cores: whole,
  memoryBytes: count,
  versions: v.record(text, text),
});

/** What readers of records rely on; further fields are kept as they are. */
export const trialSchema = v.looseObject({
  schemaVersion,
  id: name,
  sweepId: name,
  sequence: whole,
  replicate: whole,
  status: v.picklist(["completed", "failed", "skipped"], "is no status"),
  startedAt: time,
  point,
  scenario,
  options: v.exactOptional(
    v.strictObject(v.entriesFromList(["proxy", "loadTool", "limiter"], v.exactOptional(values))),
  ),
  result: v.optional(result),
  usage: v.optional(figures),
  speed: v.exactOptional(speed),
  verdict: v.optional(v.looseObject({ bound: name, evidence: text })),
  deviations: v.array(text),
  freshProcess: v.boolean("is neither true nor false"),
  error: v.optional(v.looseObject({ code: text, message: text })),
  environment,
});

export interface Bundle {
  readonly header: Readonly<v.InferOutput<typeof headerSchema>>;
  readonly sweeps: readonly StoredSweep[];
  /** In order of time. */
  readonly trials: readonly TrialRecord[];
}
