import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { type Document, isMap, LineCounter, type Pair, parseDocument, type Scalar } from "yaml";
import type { SweepOptions, SweepWish } from "../domain/options.ts";
import { LabError, messageOf } from "../errors.ts";
import { fileSchema } from "./fileSchema.ts";

export interface ReadOptions {
  /** Let the section `quick` of the file win over the rest of it. */
  readonly quick?: boolean | undefined;
  /** The options that are its keys, if not those of the lab. */
  readonly options?: SweepOptions;
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
export function parseExperiment(text: string, file: string, read: ReadOptions = {}): SweepWish {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax) throw problem(file, [`line ${syntax.linePos?.[0].line ?? 1}: ${messageOf(syntax)}`]);
  const found = v.safeParse(fileSchema(read.options), document.toJS() ?? {});
  if (found.success) {
    const { quick, ...wish } = found.output;
    if (read.quick && !quick) throw problem(file, ["it has no section quick, which --quick asks for"]);
    return read.quick ? { ...wish, ...quick } : wish;
  }
  const problems = found.issues
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
