import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { type Document, LineCounter, parseDocument } from "yaml";
import { LabError, messageOf } from "../errors.ts";
import type { SweepSpec } from "../records/spec.ts";
import { parseCountLevels, parseCpuLevels, parseMemoryLevels, parseRate, parseSeconds } from "./levels.ts";

const scalar = v.union([v.string(), v.number()], "must be a word or a number");
const listOrOne = v.pipe(
  v.union([scalar, v.pipe(v.array(scalar), v.minLength(1, "must not be empty"))]),
  v.transform((value) => (Array.isArray(value) ? value : [value]).join(",")),
);
const names = v.pipe(
  listOrOne,
  v.transform((text) => text.split(",")),
);
const count = v.pipe(
  v.number("must be a number"),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);
const flag = v.boolean("must be true or false");

/** A parser of text as a step of a schema: what it throws becomes the issue. */
function parsed<T>(parse: (text: string, name: string) => T) {
  return v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
    try {
      return parse(dataset.value, "");
    } catch (error) {
      addIssue({ message: messageOf(error).replace(/^: /, "") });
      return NEVER;
    }
  });
}

function levels(parse: (text: string, name: string) => number[]) {
  return v.pipe(listOrOne, parsed(parse));
}

const seconds = v.pipe(scalar, v.transform(String), parsed(parseSeconds));

/** The keys of an experiment file; they are named as the flags of `lab sweep` are. */
const schema = v.strictObject({
  title: v.optional(v.string()),
  proxy: v.optional(names),
  load: v.optional(names),
  limiter: v.optional(names),
  role: v.optional(v.picklist(["reverse", "forward"], "must be reverse or forward")),
  cpu: v.optional(levels(parseCpuLevels)),
  memory: v.optional(levels(parseMemoryLevels)),
  servers: v.optional(levels(parseCountLevels)),
  concurrency: v.optional(levels(parseCountLevels)),
  replicates: v.optional(count),
  plan: v.optional(v.picklist(["grid", "adaptive"], "must be grid or adaptive")),
  trials: v.optional(count),
  budget: v.optional(seconds),
  seed: v.optional(count),
  profile: v.optional(v.picklist(["fair", "as-shipped"], "must be fair or as-shipped")),
  keepAlive: v.optional(flag),
  window: v.optional(seconds),
  maxWindow: v.optional(seconds),
  anchors: v.optional(
    v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(0, "must be 0 or more")),
  ),
  rate: v.optional(v.pipe(scalar, v.transform(String), parsed(parseRate))),
  warmup: v.optional(seconds),
  body: v.optional(levels(parseMemoryLevels)),
  originDelay: v.optional(seconds),
  origin: v.optional(v.string()),
  fresh: v.optional(flag),
});

/** What an experiment file or a set of flags says; absent means not said. */
export type SweepWish = { [K in keyof v.InferOutput<typeof schema>]?: v.InferOutput<typeof schema>[K] | undefined };

/** Reads an experiment file. Throws LAB_EXPERIMENT_FILE with the line of each problem. */
export async function readExperiment(file: string): Promise<SweepWish> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new LabError("LAB_EXPERIMENT_FILE", `${file} cannot be read: ${messageOf(cause)}`, {
      help: "check the path",
    });
  });
  return parseExperiment(text, file);
}

/** The same from its text. */
export function parseExperiment(text: string, file: string): SweepWish {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax) throw problem(file, [`line ${syntax.linePos?.[0].line ?? 1}: ${messageOf(syntax)}`]);
  const read = v.safeParse(schema, document.toJS() ?? {});
  if (read.success) return read.output;
  const problems = read.issues
    .map((issue) => ({ line: lineOf(document, lines, issue), key: v.getDotPath(issue) ?? "file", what: issue.message }))
    .sort((a, b) => a.line - b.line);
  throw problem(
    file,
    problems.map(({ line, key, what }) => `line ${line}: ${key}: ${what}`),
  );
}

function lineOf(document: Document, lines: LineCounter, issue: v.BaseIssue<unknown>): number {
  const key = issue.path?.[0]?.key;
  const pair = (document.contents as { items?: { key?: { value?: unknown; range?: number[] } }[] } | null)?.items?.find(
    (item) => item.key?.value === key,
  );
  return lines.linePos(pair?.key?.range?.[0] ?? 0).line;
}

function problem(file: string, problems: readonly string[]): LabError {
  return new LabError("LAB_EXPERIMENT_FILE", `${file}: ${problems.join("; ")}`, {
    help: "docs/experiments.md lists the keys",
  });
}

/** Fills a wish up with defaults. */
export function toSpec(
  wish: SweepWish,
  defaults: Omit<SweepSpec, "proxies" | "seed">,
  fallback: { proxies: string[]; seed: number },
): SweepSpec {
  const { scenario } = defaults;
  const windowSeconds = wish.window ?? scenario.windowSeconds;
  const replicates = wish.replicates ?? defaults.replicates;
  return {
    ...(wish.title ? { title: wish.title } : {}),
    proxies: wish.proxy ?? fallback.proxies,
    loadTools: wish.load ?? defaults.loadTools,
    limiters: wish.limiter ?? defaults.limiters,
    role: wish.role ?? defaults.role,
    cpu: wish.cpu ?? defaults.cpu,
    memoryBytes: wish.memory ?? defaults.memoryBytes,
    servers: wish.servers ?? defaults.servers,
    concurrency: wish.concurrency ?? defaults.concurrency,
    replicates,
    // Replicates show by themselves how much runs differ.
    anchors: wish.anchors ?? (replicates > 1 ? 0 : (defaults.anchors ?? 0)),
    plan: wish.plan ?? (wish.trials === undefined ? defaults.plan : "adaptive"),
    ...(wish.trials === undefined ? {} : { trials: wish.trials }),
    ...(wish.budget === undefined ? {} : { budgetSeconds: wish.budget }),
    seed: wish.seed ?? fallback.seed,
    scenario: {
      profile: wish.profile ?? scenario.profile,
      keepAlive: wish.keepAlive ?? scenario.keepAlive,
      bodyBytes: wish.body?.[0] ?? scenario.bodyBytes,
      originDelayMs: wish.originDelay === undefined ? scenario.originDelayMs : wish.originDelay * 1000,
      ...(wish.origin ? { originUrl: wish.origin } : {}),
      windowSeconds,
      maxWindowSeconds: Math.max(windowSeconds, wish.maxWindow ?? 2 * windowSeconds),
      warmupSeconds: wish.warmup ?? scenario.warmupSeconds,
      fresh: wish.fresh ?? scenario.fresh,
      ...(wish.rate ? { rate: wish.rate } : {}),
    },
  };
}
