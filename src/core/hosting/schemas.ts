import * as v from "valibot";
import type { PluginOption, PluginOptions } from "../contract/index.ts";
import { PLUGIN_ID } from "../contract/plugin.ts";
import { valueFault } from "./options.ts";

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Any text. */
export const text = v.string();
export const texts = v.array(text);
const method = v.custom<(...args: never[]) => unknown>((value) => typeof value === "function", "is not a function");

/** Says of a field that it is missing, or that there is none of its name, where an object has others than these. */
function fieldFault(names: readonly string[]) {
  return ({ expected, received }: v.BaseIssue<unknown>): string => {
    if (expected === "never") return `no such field; there are ${names.join(", ")}`;
    return expected?.startsWith('"') ? "is missing" : `is no object but ${received}`;
  };
}

/** An object of these fields and no others. */
function only<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, fieldFault(Object.keys(entries)));
}

/** An object of these fields, and maybe others. */
function having<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.looseObject(entries, fieldFault(Object.keys(entries)));
}

/** An object of figures of these names, each of which may be absent. */
function counts<const Name extends string>(...names: readonly Name[]) {
  return only(v.entriesFromList(names, v.optional(count)));
}

/** Entries that say yes or no. */
function flags<const Name extends string>(...names: readonly Name[]) {
  return v.entriesFromList(names, v.boolean());
}

const isInside = (path: string) => !path.startsWith("/") && !path.split("/").includes("..");
const insideScratch = v.pipe(text, v.check(isInside, "is not inside the scratch folder"));

const launchEntries = {
  argv: v.tupleWithRest([v.pipe(text, v.minLength(1))], text),
  env: v.optional(v.record(text, text)),
  files: v.optional(v.record(insideScratch, text)),
};

/** What `plan` of a load tool may return. */
export const loadPlan = only({
  ...launchEntries,
  driver: v.optional(v.pipe(text, v.startsWith("/", "is not an absolute path"))),
});

/** What `plan` of a proxy may return. */
export const proxyPlan = only({ ...launchEntries, deviations: v.optional(texts) });

/** What `checkOwn` of a proxy may return. */
export const command = v.optional(launchEntries.argv);

/** What `parse` of a load tool may return: every figure finite and not negative. */
export const loadReport = only({
  loop: v.picklist(["closed", "open"]),
  durationSeconds: v.pipe(count, v.gtValue(0)),
  completedRequests: count,
  failedRequests: count,
  failures: v.record(text, v.optional(count)),
  transferredBytes: v.optional(count),
  latencyMs: counts("mean", "p50", "p90", "p95", "p99", "p999", "max"),
  latencyKind: v.picklist(["service", "response", "corrected"]),
  latencyHistogram: v.optional(text),
  latencyResolutionMs: v.optional(count),
  sending: v.optional(only({ due: count, waited: count, latenessMs: only({ p50: count, p99: count, max: count }) })),
});

/** What `detect` may return. */
export const detection = v.variant("available", [
  only({
    available: v.literal(true),
    version: v.optional(text),
    executable: v.optional(text),
    readOnlyDirs: v.optional(texts),
    details: v.optional(texts),
  }),
  only({ available: v.literal(false), reason: text, help: v.optional(text) }),
]);

/** What `sample` of a load tool may return. */
export const loadSample = v.nullish(only({ completedRequests: count, seconds: count }));

const isThenable = (value: unknown) => typeof value === "object" && value !== null && "then" in value;

/** What `start` of a limiter may return. */
export const confined = having({
  pid: v.pipe(v.number(), v.integer(), v.minValue(0)),
  exited: v.custom<Promise<unknown>>(isThenable, "is not a promise"),
  ...v.entriesFromList(["tail", "stop", "usage", "limits", "update"], method),
});

/** How a process ended. */
export const exit = v.object({ code: v.optional(v.number()), signal: v.optional(text) });

/** What `usage` of a process under limits may return. */
export const usageCounters = counts(
  ...(["cpuSeconds", "userCpuSeconds", "systemCpuSeconds"] as const),
  ...(["periods", "throttledPeriods", "throttledSeconds"] as const),
  ...(["memoryBytes", "memoryPeakBytes", "memoryLimitHits", "oomKills"] as const),
);

/** What `limits` of a process under limits may return. */
export const limits = counts("cpu", "memoryBytes", "periodSeconds");

const path = v.pipe(text, v.regex(/^\/[^\n]*$/, "is not an absolute path"));

/** What a limiter may put on the lab's clean-up list. */
export const resource = v.variant("kind", [
  v.object({ kind: v.literal("process"), pid: v.pipe(v.number(), v.integer(), v.minValue(2)) }),
  v.object({ kind: v.picklist(["cgroup", "dir"]), path }),
]);

const isPlain = (value: unknown) => !["undefined", "function", "symbol"].includes(typeof value);
/** What `fit` of a model may return: anything but nothing. */
export const modelState = v.custom<unknown>(isPlain, "is not plain data");

/** What `predict` of a model may return. */
export const predictedFigures = v.array(v.pipe(v.number(), v.finite()));

/** What `outcomes` of a model may return. */
export const outcomes = v.array(v.pipe(predictedFigures, v.minLength(1)));

/** What `explain` of a model may return. */
export const modelParameters = v.array(v.object({ name: text, value: v.number(), unit: text }));

/** What `imageOf` of a limiter may return. */
export const imageName = v.optional(v.pipe(text, v.minLength(1)));

const isPattern = (source: string) => {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
};

const program = having({
  executables: v.pipe(texts, v.minLength(1)),
  versionArguments: texts,
  versionPattern: v.pipe(text, v.check(isPattern, "is no regular expression")),
  install: v.record(text, v.optional(texts)),
});

const identifier = v.pipe(text, v.regex(PLUGIN_ID, "is not of lower-case letters, digits and dashes"));

const oneLine = v.pipe(text, v.regex(/^[^\n]+$/, "is not one line"));
const optionCommon = {
  meaning: oneLine,
  secret: v.optional(v.literal(true)),
};

function optionOf<const T extends string, E extends v.ObjectEntries>(type: T, value: v.GenericSchema, more: E) {
  return v.strictObject({ type: v.literal(type), default: v.optional(value), ...optionCommon, ...more });
}

const bounds = {
  minimum: v.optional(v.pipe(v.number(), v.finite())),
  maximum: v.optional(v.pipe(v.number(), v.finite())),
  unit: v.optional(text),
};

const option = v.pipe(
  v.variant("type", [
    optionOf("boolean", v.boolean(), {}),
    optionOf("integer", v.number(), bounds),
    optionOf("number", v.number(), bounds),
    optionOf("text", text, {}),
    optionOf("texts", texts, { reserved: v.optional(v.record(text, text)) }),
    optionOf("choice", text, { choices: v.pipe(v.array(oneLine), v.minLength(1)) }),
  ]),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.default === undefined) return;
    const fault = valueFault(dataset.value as PluginOption, dataset.value.default);
    if (fault !== undefined) addIssue({ message: `its default: ${fault}` });
  }),
);

const optionName = v.pipe(text, v.regex(/^[a-z][a-z0-9]*$/i, "is not of letters and digits"));

/** The options that a plugin declares. */
export const optionsSchema = v.record(optionName, option);

const common = { id: identifier, title: text, apiVersion: text, detect: method, options: v.optional(optionsSchema) };

/** The shape of a plugin module's default export. */
export const plugin = v.variant("kind", [
  having({
    ...common,
    kind: v.literal("proxy"),
    program,
    supports: having({
      roles: v.pipe(v.array(v.picklist(["reverse", "forward"])), v.minLength(1)),
      balancing: v.boolean(),
    }),
    plan: method,
  }),
  having({
    ...common,
    kind: v.literal("load"),
    program,
    supports: having({
      loops: v.pipe(v.array(v.picklist(["closed", "open"])), v.minLength(1)),
      ...flags("forwardProxy", "severalUrls", "noKeepAlive", "requestCount"),
    }),
    plan: method,
    parse: method,
  }),
  having({
    ...common,
    kind: v.literal("limiter"),
    supports: having(flags("cpu", "memory", "liveUpdate", "images", "otherHosts")),
    minimum: having({ cpu: count, memoryBytes: count }),
    start: method,
  }),
  having({ ...common, kind: v.literal("model"), minimumRows: count, fit: method, predict: method }),
]);

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const request = v.strictObject(
  {
    use: text,
    as: v.optional(identifier),
    executable: v.optional(path),
    options: v.optional(v.custom<PluginOptions>(isObject, "is not an object with a value for each option")),
  },
  ({ expected }) =>
    `is ${expected === "never" ? "no key of an entry" : "no entry"}: its keys are use, as, executable and options`,
);
const item = v.lazy((input) => (typeof input === "string" ? text : request));

/** plugins.json. */
export const pluginsFile = only({ plugins: v.array(item) });

/** Throws an Error of one line, which begins as given, that says what of a value is not as the schema has it. */
export function requireShape(schema: v.GenericSchema, value: unknown, beginning = ""): void {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new Error(beginning + issueTexts(parsed.issues).join("; "));
}

/** Issues of a failed parse as short texts: where, what. */
export function issueTexts(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => {
    const where = v.getDotPath(issue);
    return where ? `${where}: ${issue.message}` : issue.message;
  });
}
