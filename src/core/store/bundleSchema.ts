import * as v from "valibot";
import { PLUGIN_ID } from "../contract/plugin.ts";
import type { TrialRecord } from "../domain/record.ts";
import { excessOf, MOST_LEVELS, PLANS, type SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import type { StoredSweep } from "./store.ts";

/** Raised when a bundle of an older lab can no longer be read as it is. */
export const BUNDLE_VERSION = 1;
export const BUNDLE_FORMAT = "proxy-lab-bundle";

const text = v.string("is not text");
const name = v.pipe(text, v.minLength(1, "is empty"));
/** Ids are parts of paths and of commands to paste. */
const pluginId = v.pipe(text, v.regex(PLUGIN_ID, "is no name of a plugin"), v.maxLength(100, "is too long"));
const labId = v.pipe(text, v.regex(/^[a-z0-9][\w.-]*$/i, "is no id"), v.maxLength(200, "is too long"));
const figure = v.pipe(v.number("is not a number"), v.finite("is not a number"));
const count = v.pipe(figure, v.minValue(0, "is below 0"));
const whole = v.pipe(count, v.integer("is not a whole number"));
const above0 = v.pipe(figure, v.gtValue(0, "is not above 0"));
const time = v.pipe(text, v.isoTimestamp("is not a time"));
const role = v.picklist(["reverse", "forward"], "is neither reverse nor forward");
const figures = v.record(text, v.optional(count));
const schemaVersion = v.literal(1, "is of a shape that this lab does not know");

const bundledPlugin = v.object({ kind: name, id: pluginId, source: text, version: v.exactOptional(text) });

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

const httpUrl = v.pipe(
  text,
  v.check((url) => URL.canParse(url) && new URL(url).protocol === "http:", "is no http:// URL"),
);

const scenario = v.looseObject({
  originUrl: v.exactOptional(httpUrl),
  profile: v.picklist(["fair", "as-shipped", "own"], "is no profile"),
  keepAlive: v.boolean("is neither true nor false"),
  tls: v.exactOptional(v.picklist(["ecdsa", "rsa"], "is no kind of key")),
  tlsVersion: v.exactOptional(v.picklist(["1.2", "1.3"], "is no version of TLS")),
  tlsHandshake: v.exactOptional(v.picklist(["resumed", "full"], "is no kind of handshake")),
  http: v.exactOptional(v.literal("2", "is no version of HTTP")),
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

function levels<const S extends v.GenericSchema>(level: S) {
  return v.pipe(v.array(level, "is no list"), v.maxLength(MOST_LEVELS, `has more than ${MOST_LEVELS} levels`));
}

const plannedSpec = v.looseObject({
  options: v.exactOptional(values),
  ...v.entriesFromList(["proxies", "loadTools", "limiters"], levels(pluginId)),
  role,
  ...v.entriesFromList(["cpu", "memoryBytes"], levels(above0)),
  ...v.entriesFromList(["servers", "concurrency"], levels(whole)),
  requestsPerSecond: v.exactOptional(levels(above0)),
  replicates: whole,
  ...v.entriesFromList(["anchors", "trials", "rounds"], v.exactOptional(whole)),
  title: v.exactOptional(text),
  study: v.exactOptional(v.looseObject({ id: labId, quick: v.boolean("is neither true nor false") })),
  plan: v.picklist([...PLANS, "floor", "size", "capacity"], "is no plan"),
  seed: figure,
  scenario,
});

const spec = v.pipe(
  plannedSpec,
  v.rawCheck(({ dataset, addIssue }) => {
    const excess = dataset.typed ? excessOf(dataset.value as unknown as SweepSpec) : undefined;
    if (excess) addIssue({ message: `has ${excess}` });
  }),
);

export const sweepSchema = v.object({
  id: labId,
  createdAt: time,
  status: v.picklist(["running", "finished", "interrupted"], "is no status"),
  spec,
});

const point = v.looseObject({
  ...v.entriesFromList(["proxy", "loadTool", "limiter"], pluginId),
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

const cores = v.array(whole, "is no list");
const texts = v.array(text, "is no list");

const configuration = v.looseObject({
  argv: texts,
  env: v.exactOptional(v.record(text, text)),
  files: v.record(text, text),
});

const quality = v.looseObject({
  series: v.exactOptional(v.looseObject({ intervalSeconds: above0, requestsPerSecond: v.array(count, "is no list") })),
});

const environment = v.looseObject({
  ...v.entriesFromList(["labVersion", "node", "platform", "kernel", "cpuModel"], text),
  cores: whole,
  memoryBytes: count,
  versions: v.record(text, text),
  placement: v.exactOptional(v.looseObject({ proxy: cores, rest: cores })),
  container: v.exactOptional(v.looseObject({ cpu: v.exactOptional(above0), memoryBytes: v.exactOptional(count) })),
});

/** What readers of records rely on; further fields are kept as they are. */
export const trialSchema = v.looseObject({
  schemaVersion,
  id: labId,
  sweepId: labId,
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
  deviations: texts,
  configuration: v.exactOptional(configuration),
  quality: v.exactOptional(quality),
  contradictions: v.exactOptional(v.array(v.looseObject({ code: text, evidence: text }), "is no list")),
  ...v.entriesFromList(["reason", "originGap"], v.exactOptional(text)),
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

/** A bundle that is refused, and why. */
export function unusable(file: string, what: string, help?: string): LabError {
  return new LabError("LAB_BUNDLE", `${file} is no bundle that can be used: ${what}`, { help });
}
