import type { Refused } from "../../core/answer/index.ts";
import { EXIT } from "../../core/errors.ts";
import { printJson, printLine } from "./output.ts";

/** Prints an answer about a proxy, or why there is none; returns the exit code. */
export function printAnswer<T extends { readonly ok: true }>(
  proxy: string,
  found: T | Refused,
  json: boolean | undefined,
  print: (found: T) => void,
): number {
  if (!found.ok) return printRefusal(proxy, found, json);
  print(found);
  return EXIT.ok;
}

/** Tells why a question gets no number; returns the exit code. That less CPU than was measured is enough is an answer. */
export function printRefusal(proxy: string, { refusal }: Refused, json = false): number {
  const remedy = ` Measure it: ./lab sweep --proxy ${proxy} --cpu 0.05..0.9 --replicates 2`;
  if (json) printJson({ proxy, refusal });
  else printLine(`${proxy}: ${refusal.message}${refusal.code === "no-trials" ? remedy : ""}`);
  return refusal.code === "below-measured" ? EXIT.ok : EXIT.nothingMeasured;
}

/** Does work for each of some things, one after the other; the worst exit code. */
export async function worstOf<T>(things: Iterable<T>, work: (thing: T) => Promise<number>): Promise<number> {
  let worst: number = EXIT.ok;
  for (const thing of things) worst = Math.max(worst, await work(thing));
  return worst;
}
