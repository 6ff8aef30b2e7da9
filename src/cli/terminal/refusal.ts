import type { AnswerData, FixedLevels, Refused } from "../../core/answer/index.ts";
import { EXIT } from "../../core/errors.ts";
import { beyondMessage, dataInWords } from "../../core/words/conditions.ts";
import { printJson, printLine, warn } from "./output.ts";

/** What an answer is printed for. */
export interface Asking {
  readonly proxy: string;
  readonly json?: boolean | undefined;
  /** Other proxies are asked about, too: why this one has no answer goes to stderr. */
  readonly several?: boolean;
  /** Lines about conditions and data that were printed before, and need not be again. */
  readonly told?: Set<string>;
}

/** Prints an answer about a proxy, or why there is none; returns the exit code. */
export function printAnswer<T extends { readonly ok: true }>(
  asking: Asking,
  found: T | Refused,
  print: (found: T) => void,
): number {
  if (!found.ok) return printRefusal(asking, found);
  print(found);
  return EXIT.ok;
}

/** Tells why a question gets no number; returns the exit code. That less CPU than was measured is enough is an answer. */
export function printRefusal(asking: Asking, refused: Refused): number {
  const { refusal, data } = refused;
  const { proxy, json, several = false } = asking;
  const answers = refusal.code === "below-measured";
  const remedy = ` Measure it: ./lab sweep --proxy ${proxy} --cpu 0.05..0.9 --replicates 2`;
  const reason = `${proxy}: ${refusal.message}${refusal.code === "no-trials" ? remedy : ""}`;
  const lines = [reason, ...newDataLines(asking, data && beyondMessage(refused, data))];
  if (json) printJson({ proxy, refusal, ...(data && { data }) });
  else for (const line of lines) (several && !answers ? warn : printLine)(line);
  return answers ? EXIT.ok : EXIT.nothingMeasured;
}

/** Lines about the conditions and the data of an answer, without those that were printed before. */
export function newDataLines({ told }: Asking, data: AnswerData | undefined, levels?: FixedLevels): string[] {
  const lines = data ? dataInWords(data, levels).map((line) => `  ${line}`) : [];
  const fresh = lines.filter((line) => !told?.has(line));
  for (const line of fresh) told?.add(line);
  return fresh;
}

/** Does work for each of some things, one after the other; the best exit code: one that has an answer is enough. */
export async function bestOf<T>(things: Iterable<T>, work: (thing: T) => Promise<number>): Promise<number> {
  const codes: number[] = [];
  for (const thing of things) codes.push(await work(thing));
  return Math.min(...codes);
}
