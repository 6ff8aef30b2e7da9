import { describe, expect, it } from "vitest";
import { tablesFor } from "../../../src/core/domain/tables.ts";
import { correlateTrials } from "../../../src/core/statistics/trials/correlation.ts";
import { heatMap } from "../../../src/core/views/heatMap.ts";
import { trialRecord } from "../../fixtures/records.ts";

const trials = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((cpu, i) =>
  trialRecord({
    point: { cpu },
    usage: { throttledShare: 1 - cpu, memoryPeakBytes: [3, 1, 4, 2, 6, 5][i]! * 1e6 },
  }),
);
const page = { width: 100, colour: false, ascii: false };

describe("the heat map of correlations", () => {
  const matrix = correlateTrials(trials, undefined, tablesFor(trials));

  it("shows every two variables that vary once, with shade and coefficient", () => {
    const text = heatMap(matrix, "spearman", page);
    expect(text).toContain("CPU bandwidth");
    expect(text).toMatch(/throttled periods +█-1\.00/);
    expect(text).toMatch(/memory peak +▓ \.66/);
  });

  it("names below what is the same everywhere and what was not measured", () => {
    const text = heatMap(matrix, "spearman", page);
    expect(text).toMatch(/the same in all trials: servers, connections, requests/);
    expect(text).toContain("p99 latency");
    expect(text).toMatch(/not measured: memory limit, transferred bytes/);
  });

  it("keeps to the width of the page and to 7 bits", () => {
    const text = heatMap(matrix, "pearson", { width: 40, colour: false, ascii: true });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(text).toMatch(/^[\n -~]*$/);
  });

  it("leaves out failed trials", () => {
    const failed = trialRecord({ status: "failed", point: { cpu: 9 } });
    expect(correlateTrials([...trials, failed], undefined, tablesFor(trials))).toEqual(matrix);
  });
});
