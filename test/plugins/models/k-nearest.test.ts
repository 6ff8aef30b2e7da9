import fc from "fast-check";
import { describe, expect, it } from "vitest";
import nearest from "../../../src/plugins/models/k-nearest.ts";
import { alongCpu, answers, apart, QUESTIONS, rough, rowsOf } from "./data.ts";

describe("the nearest configurations", () => {
  it("answers what was measured where it was measured: the geometric mean of replicates", () => {
    const rows = rowsOf([
      [[1], 100],
      [[1], 400],
      [[2], 900],
      [[3], 900],
    ]);
    expect(answers(nearest, rows, [[1], [2]])[0]).toBeCloseTo(200, 6);
    expect(answers(nearest, rows, [[2]])[0]).toBeCloseTo(900, 6);
  });

  it("stays between the figures of its rows", () => {
    fc.assert(
      fc.property(rough, (rows) => {
        for (const figure of answers(nearest, rows, [...QUESTIONS, [90, 40, 9999]])) {
          expect(figure).toBeGreaterThan(Math.min(...rows.y) * (1 - 1e-9));
          expect(figure).toBeLessThan(Math.max(...rows.y) * (1 + 1e-9));
        }
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  it("asks four neighbours, the near ones most", () => {
    const rows = alongCpu([1, 2, 4, 8, 16, 1024], (cpu) => (cpu > 1000 ? 1e9 : 1000));
    expect(answers(nearest, rows, [[3], [9]]).every((figure) => Math.abs(figure - 1000) < 1e-6)).toBe(true);
    const steep = alongCpu([1, 2, 4, 8], (cpu) => cpu);
    const [low, high] = answers(nearest, steep, [[1.1], [7.5]]) as [number, number];
    expect(low).toBeLessThan(1.3);
    expect(high).toBeGreaterThan(6.5);
  });

  it("measures distances by the spread of each factor, in ratios: units do not matter", () => {
    const rows = rowsOf([
      [[0.1, 1], 100],
      [[0.1, 4], 200],
      [[1, 1], 900],
      [[1, 4], 950],
      [[0.3, 2], 300],
    ]);
    const rescale = (row: readonly number[]) => [row[0]! * 1000, row[1]! / 7];
    const scaled = { ...rows, x: rows.x.map(rescale) };
    const asked = [
      [0.2, 1.5],
      [0.8, 3],
    ];
    expect(apart(answers(nearest, scaled, asked.map(rescale)), answers(nearest, rows, asked))).toBeLessThan(1e-9);
  });

  it("counts replicates as one neighbour with more weight", () => {
    const once = rowsOf([
      [[1], 100],
      [[2], 200],
      [[4], 400],
      [[8], 800],
    ]);
    const thrice = rowsOf([
      [[1], 100],
      [[2], 200],
      [[2], 200],
      [[2], 200],
      [[4], 400],
      [[8], 800],
    ]);
    // Were they four neighbours, the answer would hardly know of 400.
    const [figure] = answers(nearest, thrice, [[2.9]]) as [number];
    expect(figure).toBeLessThan(answers(nearest, once, [[2.9]])[0]!);
    expect(figure).toBeGreaterThan(220);
  });
});
