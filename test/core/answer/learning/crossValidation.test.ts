import { describe, expect, it } from "vitest";
import { crossValidate } from "../../../../src/core/answer/learning/crossValidation.ts";
import { defineModel, type Training } from "../../../../src/core/contract/index.ts";
import { rowsOf, spreadCpus } from "../synthetic.ts";

/** Predicts the mean of what it saw; remembers what that was. */
const mean = defineModel({
  id: "mean",
  title: "Mean",
  minimumRows: 2,
  fit: ({ y }: Training) => ({ seen: y, mean: y.reduce((sum, figure) => sum + figure, 0) / y.length }),
  predict: (state, x) => x.map(() => (state as { mean: number }).mean),
});
const REPLICATED = [0.1, 0.2, 0.4, 0.1, 0.2, 0.4];

describe("cross-validation", () => {
  it("holds out all replicates of a configuration together", async () => {
    const { folds, states } = await crossValidate(mean, rowsOf(REPLICATED, [1, 2, 4, 10, 20, 40]).training, 1);
    expect(folds.slice(0, 3)).toEqual(folds.slice(3));
    expect(new Set(folds).size).toBe(3);
    expect((states[folds[0]!] as { seen: number[] }).seen).toEqual([2, 4, 20, 40]);
  });

  it("scores what the model predicts for rows that it had not seen", async () => {
    const { predicted, scores } = await crossValidate(mean, rowsOf([0.1, 0.2, 0.3], [10, 20, 60]).training, 1);
    expect(predicted).toEqual([40, 35, 15]);
    expect(scores).toEqual({
      r2: 1 - (30 ** 2 + 15 ** 2 + 45 ** 2) / 1400,
      rmse: Math.sqrt((30 ** 2 + 15 ** 2 + 45 ** 2) / 3),
      mae: 30,
      mape: (3 + 0.75 + 0.75) / 3,
      medianApe: 0.75,
    });
  });

  it("has no R2 where all figures are alike", async () => {
    const { scores } = await crossValidate(mean, rowsOf([0.1, 0.2, 0.3], [5, 5, 5]).training, 1);
    expect(scores).toEqual({ rmse: 0, mae: 0, mape: 0, medianApe: 0 });
  });

  it("makes ten folds of like size of many configurations, whatever the order of the rows", async () => {
    const cpus = spreadCpus(25);
    const { folds } = await crossValidate(mean, rowsOf(cpus, cpus).training, 4);
    const sizes = Array.from({ length: 10 }, (_, fold) => folds.filter((each) => each === fold).length);
    expect(Math.max(...folds)).toBe(9);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect((await crossValidate(mean, rowsOf(cpus.toReversed(), cpus).training, 4)).folds).toEqual(folds.toReversed());
    expect((await crossValidate(mean, rowsOf(cpus, cpus).training, 5)).folds).not.toEqual(folds);
  });

  it("throws where a model gets too few rows, or predicts what is no number", async () => {
    const failure = (model: typeof mean, y: number[]) =>
      expect(
        crossValidate(
          model,
          rowsOf(
            y.map((figure) => figure / 10),
            y,
          ).training,
          1,
        ),
      ).rejects;
    await failure(mean, [1, 2]).toThrow(/^mean\b.*\b2\b.*\b1\b/);
    const broken = { ...mean, predict: () => [Number.NaN] };
    await failure(broken, [1, 2, 3]).toThrow("not a number");
    const short = { ...mean, predict: () => [] };
    await failure(short, [1, 2, 3]).toThrow(/\b0\b.*\b1\b/);
  });
});
