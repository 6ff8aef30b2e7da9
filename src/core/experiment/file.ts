import { readFile, stat } from "node:fs/promises";
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

/** Far more than a sweep takes to be described. */
const mostBytes = 2 ** 20;

/** Reads an experiment file. Throws LAB_EXPERIMENT_FILE with the line of each problem. */
export async function readExperiment(file: string, options: ReadOptions = {}): Promise<SweepWish> {
  const text = await textOf(file).catch((cause) => {
    throw new LabError("LAB_EXPERIMENT_FILE", `${file} cannot be read: ${messageOf(cause)}`, {
      help: "check the path",
    });
  });
  return parseExperiment(text, file, options);
}

async function textOf(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > mostBytes) throw new Error(`it has ${size} bytes, and ${mostBytes} are the most`);
  return readFile(file, "utf8");
}

/** The same from its text. */
export function parseExperiment(text: string, file: string, read: ReadOptions = {}): SweepWish {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax) throw problem(file, [`line ${syntax.linePos?.[0].line ?? 1}: ${messageOf(syntax)}`]);
  const found = v.safeParse(fileSchema(read.options), meaningOf(document, file));
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

/** What a document says; one whose aliases stand for more than it is worth is refused by the library. */
function meaningOf(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw problem(file, [messageOf(error)]);
  }
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
