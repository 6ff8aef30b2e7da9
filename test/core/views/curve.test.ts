import { expect, it } from "vitest";
import type { PredictedCurve } from "../../../src/core/answer/curve.ts";
import { curveChart } from "../../../src/core/views/curve.ts";

const curve: PredictedCurve = {
  ok: true,
  target: "failedShare",
  unit: "share",
  confidence: 0.9,
  points: [],
  measured: [
    { cpu: 0.1, figure: 0 },
    { cpu: 0.2, figure: 0.1 },
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
