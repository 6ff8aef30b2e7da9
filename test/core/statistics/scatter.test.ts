import { describe, expect, it } from "vitest";
import { calibrated } from "../../../src/core/statistics/calibrated.ts";
import { normalQuantile, pooledSpread } from "../../../src/core/statistics/index.ts";
import { random } from "../../../src/core/statistics/random.ts";
import { scatterOf } from "../../../src/core/statistics/scatter.ts";

const draw = random(5);
const normal = () => normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, draw())));

/** Groups of eight runs at each number of events. */
function groups(events: readonly number[], deviation: (events: number) => number) {
  return events.map((count) => Array.from({ length: 8 }, () => ({ log: deviation(count) * normal(), events: count })));
}

describe("the scatter of runs", () => {
  it("is unknown where nothing was repeated", () => {
    expect(scatterOf([[{ log: 1, events: 5 }], [{ log: 2, events: 5 }], []])).toBeUndefined();
  });

  it("is the pooled variance where few were repeated", () => {
    const runs = [[1, 1.1, 1.2].map((log) => ({ log, events: 100 })), [{ log: 7, events: 3 }]];
    const found = scatterOf(runs)!;
    expect(found.degreesOfFreedom).toBe(2);
    const pooled = pooledSpread(runs.map((own) => own.map(({ log }) => Math.exp(log))))!;
    expect(found.variance(1)).toBeCloseTo(pooled.logDeviation ** 2, 12);
  });

  it("falls with the number of events where counting makes it", () => {
    const found = scatterOf(groups([20, 40, 80, 400, 2000, 10_000], (events) => Math.sqrt(2 / events + 0.0004)))!;
    expect(found.variance(20) / found.variance(10_000)).toBeGreaterThan(8);
    expect(Math.sqrt(found.variance(20))).toBeCloseTo(Math.sqrt(0.1), 0);
  });

  it("is about the same for all where the machine makes it", () => {
    const found = scatterOf(groups([20, 40, 80, 400, 2000, 10_000], () => 0.1))!;
    expect(found.variance(20) / found.variance(10_000)).toBeLessThan(4);
  });
});

describe("readings of an inexact instrument", () => {
  it("are all their mean where its error explains what they differ by", () => {
    const readings = [1, 1.01, 0.99, 1, 1.005].map((value) => ({ value, variance: 0.01 }));
    for (const value of calibrated(readings)) expect(value).toBeCloseTo(1.001, 9);
  });

  it("are nearly what they were where it hardly errs, and entirely where they are few", () => {
    const readings = [1, 2, 3, 4].map((value) => ({ value, variance: 1e-6 }));
    calibrated(readings).forEach((value, at) => {
      expect(value).toBeCloseTo(readings[at]!.value, 4);
    });
    expect(calibrated([{ value: 1, variance: 9 }])).toEqual([1]);
  });
});
