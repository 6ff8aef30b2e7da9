import type { Refused } from "../../core/answer/index.ts";
import { EXIT } from "../../core/errors.ts";
import { printJson, printLine } from "./output.ts";

/** Tells why a question gets no number; returns the exit code. That less CPU than was measured is enough is an answer. */
export function printRefusal(proxy: string, { refusal }: Refused, json = false): number {
  const remedy = ` Measure it: ./lab sweep --proxy ${proxy} --cpu 0.05..0.9 --replicates 2`;
  if (json) printJson({ proxy, refusal });
  else printLine(`${proxy}: ${refusal.message}${refusal.code === "no-trials" ? remedy : ""}`);
  return refusal.code === "below-measured" ? EXIT.ok : EXIT.nothingMeasured;
}
