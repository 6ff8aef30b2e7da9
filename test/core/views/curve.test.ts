import { expect, it } from "vitest";
import { type PredictedCurve, trainingRows } from "../../../src/core/answer/index.ts";
import { curveChart } from "../../../src/core/views/curve.ts";
import { trialRecord } from "../../fixtures/records.ts";

const curve: PredictedCurve = {
  ok: true,
  target: "failedShare",
  unit: "share",
  confidence: 0.9,
  points: [],
  model: "linear",
  medianApe: 0.1,
  rowsUsed: 2,
  rowsExcluded: {},
};

it("the measured points of a curve are the figures as they were measured", () => {
  const trials = [0, 10].map((failedRequests, i) => {
    const base = trialRecord({ id: `s.${i}`, point: { cpu: 0.1 + 0.1 * i } });
    return { ...base, result: { ...base.result!, completedRequests: 100 - failedRequests, failedRequests } };
  });
  const { series } = curveChart("haproxy", curve, trainingRows(trials, "failedShare"));
  const measured = series.find(({ name }) => name === "measured")!.points;
  expect(measured.map(({ x }) => x)).toEqual([0.1, 0.2]);
  expect(measured[0]!.y).toBe(0);
  expect(measured[1]!.y).toBeCloseTo(0.1, 9);
});
