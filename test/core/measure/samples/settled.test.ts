import { describe, expect, it } from "vitest";
import { isComplete, isSettled } from "../../../../src/core/measure/samples/settled.ts";
import type { Sample } from "../../../../src/core/measure/samples/telemetry.ts";

/** Samples 100 ms apart: what was served by then, and in how many of the periods the proxy was throttled. */
const samples = (
  served: readonly (number | undefined)[],
  throttled = served.map(() => 0),
  cpuOf = (index: number) => index,
): Sample[] =>
  served.map((count, index) => ({
    atSeconds: 5 + index / 10,
    served: count,
    proxy: { cpuSeconds: cpuOf(index), periods: index, throttledPeriods: throttled[index]! },
  }));

describe("a new limit", () => {
  it("has settled when two intervals serve as many requests", () => {
    expect(isSettled(samples([0, 100, 210]))).toBe(true);
    expect(isSettled(samples([0, 10, 400, 780]))).toBe(true);
  });

  it("has not while what is served still changes, or nothing is served, or nobody counts", () => {
    expect(isSettled(samples([0, 100, 300]))).toBe(false);
    expect(isSettled(samples([0, 0, 0, 0]))).toBe(false);
    expect(isSettled(samples([undefined, undefined, undefined]))).toBe(false);
    expect(isSettled(samples([0, 100]))).toBe(false);
  });

  it("has settled when both intervals were throttled, however few requests they served", () => {
    expect(isSettled(samples([0, 2, 7], [0, 1, 2]))).toBe(true);
    expect(isSettled(samples([0, 2, 7], [0, 1, 1]))).toBe(false);
  });
});

describe("the window of a visit", () => {
  it("is long enough once 500 requests were served in 60 ms of CPU time, or its time is up", () => {
    expect(isComplete(samples([100, 599]), 3)).toBe(false);
    expect(isComplete(samples([100, 600]), 3)).toBe(true);
    expect(
      isComplete(
        samples([100, 600], [0, 0], (index) => index / 20),
        3,
      ),
    ).toBe(false);
    expect(isComplete(samples([100, 101, 102, 103]), 0.25)).toBe(true);
  });
});
