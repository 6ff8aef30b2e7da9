import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { type Document, isMap, LineCounter, type Pair, parseDocument, type Scalar } from "yaml";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError, messageOf } from "../errors.ts";
import { fileSchema, type SweepWish } from "./fileSchema.ts";

export type { SweepWish } from "./fileSchema.ts";

export interface ReadOptions {
  /** Let the section `quick` of the file win over the rest of it. */
  readonly quick?: boolean | undefined;
}

/** Reads an experiment file. Throws LAB_EXPERIMENT_FILE with the line of each problem. */
export async function readExperiment(file: string, options: ReadOptions = {}): Promise<SweepWish> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new LabError("LAB_EXPERIMENT_FILE", `${file} cannot be read: ${messageOf(cause)}`, {
      help: "check the path",
    });
  });
  return parseExperiment(text, file, options);
}

/** The same from its text. */
export function parseExperiment(text: string, file: string, { quick: wanted = false }: ReadOptions = {}): SweepWish {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax) throw problem(file, [`line ${syntax.linePos?.[0].line ?? 1}: ${messageOf(syntax)}`]);
  const read = v.safeParse(fileSchema, document.toJS() ?? {});
  if (read.success) {
    const { quick, ...wish } = read.output;
    if (wanted && !quick) throw problem(file, ["it has no section quick, which --quick asks for"]);
    return wanted ? { ...wish, ...quick } : wish;
  }
  const problems = read.issues
    .map((issue) => ({ line: lineOf(document, lines, issue), key: v.getDotPath(issue) ?? "file", what: issue.message }))
    .sort((a, b) => a.line - b.line);
  throw problem(
    file,
    problems.map(({ line, key, what }) => `line ${line}: ${key}: ${what}`),
  );
}

/** Line of the innermost key that an issue is about. */
function lineOf(document: Document, lines: LineCounter, issue: v.BaseIssue<unknown>): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const { key } of issue.path ?? []) {
    const pair = isMap(node) ? (node.items as Pair<Scalar>[]).find((item) => item.key.value === key) : undefined;
    if (!pair) break;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return lines.linePos(offset).line;
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
    plan: wish.plan ?? (wish.trials === undefined && wish.until === undefined ? defaults.plan : "adaptive"),
    ...(wish.trials === undefined ? {} : { trials: wish.trials }),
    ...(wish.until === undefined ? {} : { until: wish.until }),
    ...(wish.budget === undefined ? {} : { budgetSeconds: wish.budget }),
    seed: wish.seed ?? fallback.seed,
    scenario: {
      profile: wish.profile ?? scenario.profile,
      keepAlive: wish.keepAlive ?? scenario.keepAlive,
      bodyBytes: wish.body ?? scenario.bodyBytes,
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
