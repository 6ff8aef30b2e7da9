import * as v from "valibot";

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Any text. */
export const text = v.string();
const texts = v.array(text);
const method = v.custom<(...args: never[]) => unknown>((value) => typeof value === "function", "is not a function");

const insideScratch = v.record(
  v.pipe(
    text,
    v.check((path) => !path.startsWith("/") && !path.split("/").includes(".."), "is not inside the scratch folder"),
  ),
  text,
);

const launchEntries = {
  argv: v.tupleWithRest([v.pipe(text, v.minLength(1))], text),
  env: v.optional(v.record(text, text)),
  files: v.optional(insideScratch),
};

/** What `plan` of a load tool may return. */
export const loadPlan = v.strictObject({
  ...launchEntries,
  driver: v.optional(v.pipe(text, v.startsWith("/", "is not an absolute path"))),
});

/** What `plan` of a proxy may return. */
export const proxyPlan = v.strictObject({ ...launchEntries, deviations: v.optional(texts) });

/** What `parse` of a load tool may return: every figure finite and not negative. */
export const loadReport = v.strictObject({
  loop: v.picklist(["closed", "open"]),
  durationSeconds: v.pipe(count, v.gtValue(0)),
  completedRequests: count,
  failedRequests: count,
  failures: v.record(text, v.optional(count)),
  transferredBytes: v.optional(count),
  latencyMs: v.strictObject({
    mean: v.optional(count),
    p50: v.optional(count),
    p90: v.optional(count),
    p99: v.optional(count),
    max: v.optional(count),
  }),
  latencyKind: v.picklist(["service", "response", "corrected"]),
  latencyHistogram: v.optional(text),
  latencyResolutionMs: v.optional(count),
});

/** What `detect` may return. */
export const detection = v.variant("available", [
  v.strictObject({
    available: v.literal(true),
    version: v.optional(text),
    executable: v.optional(text),
    readOnlyDirs: v.optional(texts),
    details: v.optional(texts),
  }),
  v.strictObject({ available: v.literal(false), reason: text, help: v.optional(text) }),
]);

/** What `sample` of a load tool may return. */
export const loadSample = v.nullish(v.strictObject({ completedRequests: count, seconds: count }));

/** What `start` of a limiter may return. */
export const confined = v.looseObject({
  pid: v.pipe(v.number(), v.integer(), v.minValue(0)),
  exited: v.custom<Promise<unknown>>(
    (value) => typeof value === "object" && value !== null && "then" in value,
    "is not a promise",
  ),
  tail: method,
  stop: method,
  usage: method,
  limits: method,
  update: method,
});

/** How a process ended. */
export const exit = v.object({ code: v.optional(v.number()), signal: v.optional(text) });

/** What `usage` of a process under limits may return. */
export const usageCounters = v.strictObject({
  cpuSeconds: v.optional(count),
  periods: v.optional(count),
  throttledPeriods: v.optional(count),
  throttledSeconds: v.optional(count),
  memoryBytes: v.optional(count),
  memoryPeakBytes: v.optional(count),
  memoryLimitHits: v.optional(count),
  oomKills: v.optional(count),
});

/** What `limits` of a process under limits may return. */
export const limits = v.strictObject({
  cpu: v.optional(count),
  memoryBytes: v.optional(count),
  periodSeconds: v.optional(count),
});

const path = v.pipe(text, v.regex(/^\/[^\n]*$/, "is not an absolute path"));

/** What a limiter may put on the lab's clean-up list. */
export const resource = v.variant("kind", [
  v.object({ kind: v.literal("process"), pid: v.pipe(v.number(), v.integer(), v.minValue(2)) }),
  v.object({ kind: v.picklist(["cgroup", "dir"]), path }),
]);

/** What `fit` of a model may return: anything but nothing. */
export const modelState = v.custom<unknown>(
  (value) => !["undefined", "function", "symbol"].includes(typeof value),
  "is not plain data",
);

/** What `predict` of a model may return. */
export const figures = v.array(v.pipe(v.number(), v.finite()));

/** What `explain` of a model may return. */
export const modelParameters = v.array(v.object({ name: text, value: v.number(), unit: text }));

/** What `imageOf` of a limiter may return. */
export const imageName = v.optional(v.pipe(text, v.minLength(1)));

const program = v.object({
  executables: v.pipe(texts, v.minLength(1)),
  versionArguments: texts,
  versionPattern: text,
  install: v.record(text, v.optional(texts)),
});

const identifier = v.pipe(text, v.regex(/^[a-z][a-z0-9-]*$/, "is not of lower-case letters, digits and dashes"));

const common = {
  id: identifier,
  title: text,
  apiVersion: text,
  detect: method,
};

/** The shape of a plugin module's default export. */
export const plugin = v.variant("kind", [
  v.looseObject({
    ...common,
    kind: v.literal("proxy"),
    program,
    supports: v.object({
      roles: v.pipe(v.array(v.picklist(["reverse", "forward"])), v.minLength(1)),
      balancing: v.boolean(),
    }),
    plan: method,
  }),
  v.looseObject({
    ...common,
    kind: v.literal("load"),
    program,
    supports: v.object({
      loops: v.pipe(v.array(v.picklist(["closed", "open"])), v.minLength(1)),
      forwardProxy: v.boolean(),
      severalUrls: v.boolean(),
      noKeepAlive: v.boolean(),
      requestCount: v.boolean(),
    }),
    plan: method,
    parse: method,
  }),
  v.looseObject({
    ...common,
    kind: v.literal("limiter"),
    supports: v.object({
      cpu: v.boolean(),
      memory: v.boolean(),
      liveUpdate: v.boolean(),
      images: v.boolean(),
      otherHosts: v.boolean(),
    }),
    minimum: v.object({ cpu: count, memoryBytes: count }),
    start: method,
  }),
  v.looseObject({ ...common, kind: v.literal("model"), minimumRows: count, fit: method, predict: method }),
]);

/** plugins.json. */
export const pluginsFile = v.strictObject({
  plugins: v.array(
    v.union([
      text,
      v.strictObject({ use: text, as: v.optional(identifier), options: v.optional(v.record(text, v.unknown())) }),
    ]),
  ),
});

/** Issues of a failed parse as short texts: where, what. */
export function issueTexts(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => {
    const where = v.getDotPath(issue);
    return where ? `${where}: ${issue.message}` : issue.message;
  });
}
