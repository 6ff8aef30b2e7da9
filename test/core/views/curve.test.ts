import { expect, it } from "vitest";
import type { PredictedCurve } from "../../../src/core/answer/curve.ts";
import { curveChart } from "../../../src/core/views/curve.ts";

const curve: PredictedCurve = {
  ok: true,
  target: "failedShare",
  unit: "share",
  confidence: 0.9,
  along: "cpu",
  fixed: {},
  points: [],
  measured: [
    { levels: { cpu: 0.1 }, figure: 0 },
    { levels: { cpu: 0.2 }, figure: 0.1 },
  ],
  model: "linear",
  medianApe: 0.1,
  rowsUsed: 2,
  rowsExcluded: {},
};

it("draws the trials that a curve was learned from beside it", () => {
  const { series } = curveChart("haproxy", curve);
  expect(series.find(({ name }) => name === "measured")!.points).toEqual([
    { x: 0.1, y: 0 },
    { x: 0.2, y: 0.1 },
  ]);
});

it("draws a latency against the rate on a log scale, beside the trials at its CPU limit", () => {
  const measured = [0.1, 0.2].flatMap((cpu) =>
    [500, 2000].map((requestsPerSecond) => ({ levels: { cpu, requestsPerSecond }, figure: requestsPerSecond * cpu })),
  );
  const along = { target: "latencyMs.p99", unit: "ms", along: "requestsPerSecond", fixed: { cpu: 0.2 } } as const;
  const point = { lower: 1, upper: 1, low: 1, high: 1 };
  const points = [
    { ...point, level: 500, estimate: 2 },
    { ...point, level: 2000, estimate: 300 },
  ];
  const { x, y, series } = curveChart("haproxy", { ...curve, ...along, measured, points });
  expect([x.unit, y.scale]).toEqual(["requests/s", "log"]);
  expect(series.find(({ name }) => name === "measured")!.points).toEqual([
    { x: 500, y: 100 },
    { x: 2000, y: 400 },
  ]);
});
