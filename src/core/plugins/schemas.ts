import * as v from "valibot";

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.string();
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
export const launchSpec = v.strictObject(launchEntries);

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
  latencyResolutionMs: v.optional(count),
});

/** What `detect` may return. */
export const detection = v.variant("available", [
  v.strictObject({
    available: v.literal(true),
    version: v.optional(text),
    executable: v.optional(text),
    readOnlyDirs: v.optional(texts),
  }),
  v.strictObject({ available: v.literal(false), reason: text, help: v.optional(text) }),
]);

const program = v.object({
  executables: v.pipe(texts, v.minLength(1)),
  versionArguments: texts,
  versionPattern: text,
  install: v.object({}),
});

const common = {
  id: v.pipe(text, v.regex(/^[a-z][a-z0-9-]*$/, "is not of lower-case letters, digits and dashes")),
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
  plugins: v.array(v.union([text, v.strictObject({ use: text, options: v.optional(v.record(text, v.unknown())) })])),
});

/** Issues of a failed parse as short texts: where, what. */
export function issueTexts(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => {
    const where = v.getDotPath(issue);
    return where ? `${where}: ${issue.message}` : issue.message;
  });
}
