import { describe, expect, it } from "vitest";
import { crossValidate } from "../../../../src/core/answer/learning/crossValidation.ts";
import { byRun, cvPlusBands, highestConfidence, rowsNeeded } from "../../../../src/core/answer/learning/intervals.ts";
import { geometricMean } from "../../../../src/core/statistics/index.ts";
import law from "../../../../src/plugins/models/capacity-law.ts";
import { generator, normal, rateAt, rowsOf, spreadCpus } from "../synthetic.ts";

/** Share of fresh runs within the 90 % bands of laws fitted to 20 noisy runs each. */
async function coverage(seeds: number): Promise<{ twoSided: number; oneSided: number }> {
  let [within, above, asked] = [0, 0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const random = generator(seed);
    const run = (cpu: number) => rateAt(cpu) * Math.exp(0.05 * normal(random));
    const cpus = spreadCpus(20);
    const { training } = rowsOf(cpus, cpus.map(run));
    const fresh = Array.from({ length: 15 }, () => 0.05 * 18 ** random());
    const bands = (await cvPlusBands(
      await crossValidate(law, training, seed),
      training.y,
      fresh.map((cpu) => [cpu]),
      0.9,
    ))!;
    fresh.map(run).forEach((rate, i) => {
      asked++;
      if (rate >= bands.low[i]! && rate <= bands.high[i]!) within++;
      if (rate >= bands.lower[i]!) above++;
    });
  }
  return { twoSided: within / asked, oneSided: above / asked };
}

describe("CV+ bands", () => {
  it("are the order statistics of the jackknife+", async () => {
    // Ten rows, each its own fold. Model i predicts e^(i/100) everywhere, and missed its row by -0.1, 0.2, -0.3, ... 1.
    const rows = Array.from({ length: 10 }, (_, i) => i);
    const missed = rows.map((i) => ((i % 2 === 0 ? -1 : 1) * (i + 1)) / 10);
    const predict = (state: unknown, x: readonly unknown[]) => x.map(() => Math.exp((state as number) / 100));
    const validation = {
      ...(await crossValidate(law, rowsOf([1, 2, 3, 4], [1, 2, 3, 4]).training, 1)),
      model: { ...law, predict },
      states: rows,
      folds: rows,
      predicted: missed.map((miss) => Math.exp(-miss)),
    };
    const ends = async (confidence: number) => {
      const bands = (await cvPlusBands(
        validation,
        rows.map(() => 1),
        [[1]],
        confidence,
      ))!;
      return [bands.low, bands.high, bands.lower].map(([end]) => Number(Math.log(end!).toFixed(6)));
    };
    expect(await ends(0.9)).toEqual([-0.91, 1.09, -0.82]);
    // The second smallest, the ninth (0.8 * 11 rounded up) and the second smallest.
    expect(await ends(0.8)).toEqual([-0.82, 0.98, -0.64]);
  });

  it("cover as often as they say on runs that the law had not seen", { timeout: 30_000 }, async () => {
    const { twoSided, oneSided } = await coverage(100);
    expect(twoSided).toBeGreaterThan(0.85);
    expect(twoSided).toBeLessThan(0.96);
    expect(oneSided).toBeGreaterThan(0.85);
    expect(oneSided).toBeLessThan(0.96);
  });

  it("take 9 rows for 90 % and 19 for 95 %", async () => {
    expect([0.5, 0.8, 0.9, 0.95, 0.99].map(rowsNeeded)).toEqual([1, 4, 9, 19, 99]);
    for (const confidence of [0.5, 0.8, 0.9, 0.95, 0.99]) {
      const rows = rowsNeeded(confidence);
      expect(highestConfidence(rows)).toBeGreaterThanOrEqual(confidence - 1e-9);
      expect(highestConfidence(rows - 1)).toBeLessThan(confidence);
      const { training } = rowsOf(spreadCpus(Math.max(rows, 4)), spreadCpus(Math.max(rows, 4)));
      const validation = await crossValidate(law, training, 1);
      const bands = (y: readonly number[]) => cvPlusBands(validation, y, [[0.1]], confidence);
      expect(await bands(training.y.slice(0, rows))).toBeDefined();
      expect(await bands(training.y.slice(0, rows - 1))).toBeUndefined();
    }
  });

  it("are wider for more confidence", async () => {
    const cpus = spreadCpus(40);
    const random = generator(3);
    const { training } = rowsOf(
      cpus,
      cpus.map((cpu) => rateAt(cpu) * Math.exp(0.05 * normal(random))),
    );
    const validation = await crossValidate(law, training, 1);
    const width = async (confidence: number) => {
      const { low, high } = (await cvPlusBands(validation, training.y, [[0.3]], confidence))!;
      return high[0]! / low[0]!;
    };
    expect(await width(0.95)).toBeGreaterThan(await width(0.9));
    expect(await width(0.9)).toBeGreaterThan(await width(0.5));
  });
});

describe("bands by single runs, where models learned from means of many", () => {
  /** Share of fresh runs within the 90 % bands; runs spread by 10 %, models see the mean of twelve at ten limits. */
  async function held(seeds: number, single: boolean): Promise<number> {
    let [within, asked] = [0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const random = generator(seed);
      const run = (cpu: number) => rateAt(cpu) * Math.exp(0.1 * normal(random));
      const cpus = spreadCpus(10);
      const runs = cpus.map((cpu) => Array.from({ length: 12 }, () => run(cpu)));
      const { training } = rowsOf(cpus, runs.map(geometricMean));
      const validation = await crossValidate(law, training, seed);
      const { validation: judged, measured } = byRun(validation, single ? runs : training.y.map((y) => [y]));
      const fresh = Array.from({ length: 15 }, () => 0.05 * 18 ** random());
      const bands = (await cvPlusBands(
        judged,
        measured,
        fresh.map((cpu) => [cpu]),
        0.9,
      ))!;
      fresh.map(run).forEach((rate, i) => {
        asked++;
        if (rate >= bands.low[i]! && rate <= bands.high[i]!) within++;
      });
    }
    return within / asked;
  }

  it("hold one further run as often as they say, which those of the means do not", { timeout: 30_000 }, async () => {
    expect(await held(40, true)).toBeGreaterThan(0.86);
    expect(await held(40, true)).toBeLessThan(0.95);
    expect(await held(40, false)).toBeLessThan(0.8);
  });
});
