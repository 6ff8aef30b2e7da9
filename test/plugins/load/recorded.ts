import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import type { LoadOutput, LoadPlugin, LoadReport, LoadSetup } from "../../../src/core/contract/index.ts";

/** What a tool left behind in a real run. */
export function recorded(tool: string, name: string): LoadOutput {
  const file = new URL(`../../fixtures/load/${tool}/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as LoadOutput;
}

export function loadSetup(changes: Partial<LoadSetup> = {}): LoadSetup {
  return {
    urls: ["http://127.0.0.1:9001/"],
    concurrency: 8,
    keepAlive: true,
    loop: "closed",
    until: { seconds: 2 },
    timeoutSeconds: 30,
    threads: 1,
    scratchDir: "/scratch",
    options: {},
    ...changes,
  };
}

export const squid = { host: "127.0.0.1", port: 3128 };

/** The report, or the message with which the output was refused. */
export function reading(plugin: LoadPlugin, output: LoadOutput): LoadReport | string {
  try {
    return plugin.parse(output, loadSetup());
  } catch (error) {
    return (error as Error).message;
  }
}

/** A report has no figure that is negative or not finite. */
export function expectSound(report: LoadReport): void {
  const figures = [report, report.failures, report.latencyMs].flatMap((part) =>
    Object.values(part).filter((value) => typeof value === "number"),
  );
  expect(figures.filter((figure) => !Number.isFinite(figure) || figure < 0)).toEqual([]);
  expect(report.durationSeconds).toBeGreaterThan(0);
}

export function refusesUnknownText(plugin: LoadPlugin): void {
  const text = fc.oneof(fc.string(), fc.lorem({ maxCount: 40 }), fc.stringMatching(/^(\w+: +\d+\n)*$/));
  fc.assert(
    fc.property(text, text, (stdout, stderr) => {
      const refusal = reading(plugin, { stdout, stderr, code: 0 });
      expect(refusal).toContain(plugin.id);
      expect(refusal).not.toContain("\n");
    }),
  );
}

/** Every beginning of a recorded output is refused, or says the same as the whole. */
export function refusesEveryBeginning(plugin: LoadPlugin, whole: LoadOutput): void {
  const report = plugin.parse(whole, loadSetup());
  for (let length = 0; length < whole.stdout.length; length++) {
    const part = reading(plugin, { ...whole, stdout: whole.stdout.slice(0, length) });
    if (typeof part === "string") expect(part).toContain(plugin.id);
    else expect(part).toEqual(report);
  }
}

/** Whatever stands in the place of a number, the report has none that is not finite. */
export function staysSoundWithBadNumbers(plugin: LoadPlugin, whole: LoadOutput): void {
  const numbers = [...whole.stdout.matchAll(/\d+(\.\d+)?/g)];
  const junk = fc.constantFrom(
    "nan",
    "-nan",
    "inf",
    "-1",
    "1e999",
    "9".repeat(400),
    "",
    "null",
    '"7"',
    "0",
    "1,5",
    "{}",
  );
  fc.assert(
    fc.property(fc.constantFrom(...numbers), junk, (number, text) => {
      const stdout = whole.stdout.slice(0, number.index) + text + whole.stdout.slice(number.index + number[0].length);
      const outcome = reading(plugin, { ...whole, stdout });
      if (typeof outcome !== "string") expectSound(outcome);
    }),
    { numRuns: 500 },
  );
}
