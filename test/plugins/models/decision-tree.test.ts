import fc from "fast-check";
import { describe, expect, it } from "vitest";
import tree from "../../../src/plugins/models/decision-tree.ts";
import { alongCpu, answers, apart, parameter, QUESTIONS, rough } from "./data.ts";

describe("the decision tree", () => {
  it("finds a step, in the middle of the levels beside it", () => {
    const rows = alongCpu([0.1, 0.2, 0.3, 0.4, 1.6, 2, 3, 4], (cpu) => (cpu < 1 ? 10 : 1000));
    expect(parameter(tree, rows, "leaves")).toBe(2);
    expect(apart(answers(tree, rows, [[0.79], [0.81]]), [10, 1000])).toBeLessThan(1e-9);
  });

  it("answers with the geometric mean of two rows or more", () => {
    const rows = alongCpu([1, 2, 3, 4], (cpu) => [0, 100, 400, 5000, 5000][cpu]!);
    expect(apart(answers(tree, rows, [[1], [2], [9]]), [200, 200, 5000])).toBeLessThan(1e-9);
  });

  it("refuses rows with other factors than it has learned", () => {
    const rows = alongCpu([1, 2, 3, 4], (cpu) => cpu);
    expect(() => answers(tree, rows, [[1, 2]])).toThrow(/^row 0\b.*\b2\b.*\b1$/);
    expect(() => answers(tree, rows, [[1], []])).toThrow(/^row 1: cpu\b/);
  });

  it("stays between the figures of its rows, and is flat outside of them", () => {
    fc.assert(
      fc.property(rough, (rows) => {
        const [inside, outside] = answers(tree, rows, [QUESTIONS[3]!, [99, 99, 9999]]) as [number, number];
        for (const figure of [inside, outside]) {
          expect(figure).toBeGreaterThan(Math.min(...rows.y) * (1 - 1e-9));
          expect(figure).toBeLessThan(Math.max(...rows.y) * (1 + 1e-9));
        }
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});
