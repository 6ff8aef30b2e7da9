import { describe, expect, it } from "vitest";
import { type Candidate, choose } from "../../../../src/core/answer/learning/comparison.ts";
import { score } from "../../../../src/core/answer/learning/crossValidation.ts";

const cpu = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const training = { factors: ["cpu"], x: cpu.map((level) => [level]), y: cpu.map((level) => 1000 * level) };

/** A model that is wrong by these shares at the points left out. */
function candidate(id: string, errors: readonly number[], comparisonOnly = false): Candidate {
  const predicted = training.y.map((figure, i) => figure * (1 + errors[i]!));
  const model = { id, title: id, minimumRows: 1, comparisonOnly, fit: () => null, predict: () => [] };
  const milliseconds = { fit: 1, predict: 1 };
  return {
    model,
    validation: { model, states: [], folds: [], predicted, scores: score(training.y, predicted), milliseconds },
  };
}

const chosen = (...candidates: Candidate[]) => choose(candidates, training)?.model.id;
const simple = candidate("simple", [0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13, 0.07]);

describe("the model that answers", () => {
  it("is the simpler one where the other has the lesser median by luck", () => {
    const lucky = candidate("lucky", [0.05, 0.06, 0.05, 0.05, 0.06, 0.3, 0.02, 0.2]);
    expect(chosen(simple, lucky)).toBe("simple");
  });

  it("is the other one where it errs less at point after point, if only a little", () => {
    const better = candidate("better", [0.08, 0.1, 0.06, 0.09, 0.07, 0.08, 0.11, 0.05]);
    expect(chosen(simple, better)).toBe("better");
  });

  it("is none for comparison only, unless there are no others", () => {
    const exact = candidate("exact", [0, 0, 0, 0, 0, 0, 0, 0], true);
    expect(chosen(simple, exact)).toBe("simple");
    expect(chosen(exact)).toBe("exact");
  });

  it("is none where none could be fitted", () => {
    expect(chosen({ model: simple.model, failure: "too few rows" })).toBeUndefined();
  });
});
