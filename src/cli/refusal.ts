import { EXIT } from "../core/errors.ts";
import type { Refused } from "../core/predict/index.ts";
import { printJson, printLine } from "./output.ts";

/** Tells why a question gets no number; returns the exit code. That less CPU than was measured is enough is an answer. */
export function reportRefusal(proxy: string, { refusal }: Refused, json: boolean): number {
  if (json) printJson({ proxy, refusal });
  else printLine(`${proxy}: ${refusal.message}`);
  return refusal.code === "below-measured" ? EXIT.ok : EXIT.nothingMeasured;
}
