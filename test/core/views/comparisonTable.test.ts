import { expect, it } from "vitest";
import { figureOf } from "../../../src/core/domain/figures.ts";
import { comparisonInWords } from "../../../src/core/views/comparisonTable.ts";

it("a comparison without an interval says what to measure for one", () => {
  const open = { pairings: [], verdict: "too few", apart: true } as const;
  const words = (pairs: number) => comparisonInWords({ ...open, pairs }, figureOf("requestsPerSecond"), ["a", "b"]);
  expect(words(1)).toMatch(/^one setting in common .*: measure more levels or replicates$/);
  expect(words(8)).toMatch(/^too few runs were repeated .*: measure with --anchors or --replicates$/);
});
