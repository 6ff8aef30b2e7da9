import type { Refused } from "../../core/answer/index.ts";
import { EXIT } from "../../core/errors.ts";
import { printJson, printLine } from "../terminal/output.ts";

/** Tells why a question gets no number; returns the exit code. That less CPU than was measured is enough is an answer. */
export function reportRefusal(proxy: string, { refusal }: Refused, json: boolean): number {
  if (json) printJson({ proxy, refusal });
  else
    printLine(
      `${proxy}: ${refusal.message}${refusal.code === "no-trials" ? ` Measure it: ./lab sweep --proxy ${proxy} --cpu 0.05..0.9 --replicates 2` : ""}`,
    );
  return refusal.code === "below-measured" ? EXIT.ok : EXIT.nothingMeasured;
}
