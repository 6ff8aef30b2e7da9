import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curves, fitPredictor } from "../../../src/core/answer/learning/predictor.ts";
import { type Rows, trainingRows } from "../../../src/core/answer/learning/rows.ts";
import { predict } from "../../../src/core/answer/predict.ts";
import type { Levels } from "../../../src/core/domain/factors.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import forest from "../../../src/plugins/models/random-forest.ts";
import { fitted, generator, normal, rateAt, rowsOf, spreadCpus, trial } from "./synthetic.ts";

function noisyRows(seed: number, count = 12, scale = 1): Rows {
  const random = generator(seed);
  const cpus = spreadCpus(count);
  return rowsOf(
    cpus,
    cpus.map((cpu) => scale * rateAt(cpu) * Math.exp(0.05 * normal(random))),
  );
}

function refusalOf(answer: Awaited<ReturnType<typeof predict>> | Awaited<ReturnType<typeof fitPredictor>>) {
  if (answer.ok) throw new Error("not refused");
  return answer.refusal;
}

describe("a predictor", () => {
  it("takes the first model that is as good as the best within noise, and says how all did", async () => {
    const { model, candidates } = await fitted([law, forest], noisyRows(1, 20));
    expect(model.id).toBe("capacity-law");
    expect(candidates.map((one) => one.model.id)).toEqual(["capacity-law", "random-forest"]);
    expect(candidates[0]!.validation!.scores.medianApe).toBeLessThan(0.08);
    expect(candidates[1]!.validation!.scores.r2).toBeDefined();
    expect((await fitted([law, { ...law, id: "same" }], noisyRows(1))).model.id).toBe("capacity-law");
    expect((await fitted([{ ...law, id: "same" }, law], noisyRows(1))).model.id).toBe("same");
  });

  it("keeps to the first model where a later one is better by less than noise", async () => {
    const oracle = {
      ...law,
      id: "oracle",
      predict: (_: unknown, x: readonly (readonly number[])[]) => x.map(([cpu]) => rateAt(cpu!)),
    };
    const { model, candidates } = await fitted([law, oracle], noisyRows(1));
    const [ofLaw, ofOracle] = candidates.map(({ validation }) => validation!.scores.medianApe);
    expect(ofOracle).toBeLessThan(ofLaw!);
    expect(model.id).toBe("capacity-law");
  });

  it("takes a later model that is clearly better", async () => {
    const cpus = spreadCpus(12).flatMap((cpu) => [cpu, cpu]);
    const rows = rowsOf(
      cpus,
      cpus.map((cpu) => (cpu < 0.2 ? 10_000 : 100)),
    );
    const answering = { ...forest, comparisonOnly: false };
    expect((await fitted([law, answering], rows)).model.id).toBe("random-forest");
    expect((await fitted([law, forest], rows)).model.id).toBe("capacity-law"); // it is for comparison only
    expect((await fitted([forest], rows)).model.id).toBe("random-forest");
  });

  it("goes on without a model that fails, and refuses where none is left", async () => {
    const broken = {
      ...law,
      id: "broken",
      fit: () => {
        throw new Error("no luck");
      },
    };
    const { model, candidates } = await fitted([broken, law], noisyRows(1));
    expect(model.id).toBe("capacity-law");
    expect(candidates[0]!.failure).toBe("no luck");
    expect(refusalOf(await fitPredictor([broken], noisyRows(1), 1))).toMatchObject({
      code: "no-model",
      message: expect.stringContaining("broken: no luck"),
    });
    expect(refusalOf(await fitPredictor([], noisyRows(1), 1)).code).toBe("no-model");
  });

  it("refuses to learn from one point, from one row and from trials that do not teach", async () => {
    const alike = await fitPredictor([law], rowsOf([0.1, 0.1, 0.1, 0.1], [3, 3, 3, 3]), 1);
    expect(refusalOf(alike)).toMatchObject({ code: "too-few-configurations", configurations: 1, needed: 3 });
    expect(refusalOf(await fitPredictor([law], rowsOf([0.1], [3000]), 1)).code).toBe("too-few-configurations");
    const failed = trainingRows([1, 2, 3].map((rate) => ({ ...trial({}, rate), status: "failed" })));
    expect(refusalOf(await fitPredictor([law], failed, 1))).toMatchObject({
      code: "too-few-configurations",
      configurations: 0,
      needed: 3,
      message: expect.stringContaining("3 failed"),
    });
    const short = await fitPredictor([law], rowsOf([0.1, 0.2, 0.3], [3, 6, 9]), 1);
    expect(refusalOf(short)).toMatchObject({ code: "no-model", message: expect.stringContaining("capacity-law") });
  });

  it("refuses rows that are not numbers above 0", async () => {
    const cpus = [0.1, 0.2, 0.3, 0.4];
    for (const rows of [
      rowsOf(cpus.with(2, Number.NaN), cpus),
      rowsOf(cpus, cpus.with(2, Number.NaN)),
      rowsOf(cpus, cpus.with(2, 0)),
    ]) {
      expect(refusalOf(await fitPredictor([law], rows, 1))).toMatchObject({ code: "invalid-rows", row: 2 });
    }
  });
});

describe("a prediction", () => {
  it("has an interval, and says what it rests on", async () => {
    const answer = await predict(await fitted([law], { ...noisyRows(2), excluded: { failed: 2 } }), { cpu: 0.3 });
    expect(answer).toMatchObject({
      ok: true,
      target: "requestsPerSecond",
      unit: "requests/s",
      quantity: { confidence: 0.9 },
      model: "capacity-law",
      rowsUsed: 12,
      rowsExcluded: { failed: 2 },
    });
    if (!answer.ok) return;
    expect(answer.quantity.low).toBeLessThan(rateAt(0.3));
    expect(answer.quantity.high).toBeGreaterThan(rateAt(0.3));
    expect(answer.lower).toBeGreaterThanOrEqual(answer.quantity.low);
  });

  it("lies within its interval, at every point and for every model", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9999 }),
        fc.constantFrom(law, forest),
        fc.double({ min: 0.1, max: 0.91, noNaN: true }),
        async (seed, model, confidence) => {
          const predictor = await fitted([model], noisyRows(seed));
          const found = await curves(
            predictor,
            spreadCpus(30).map((cpu) => [cpu]),
            confidence,
          );
          if ("ok" in found) throw new Error(found.refusal.message);
          found.estimate.forEach((estimate, i) => {
            expect(found.low[i]).toBeLessThanOrEqual(estimate);
            expect(found.high[i]).toBeGreaterThanOrEqual(estimate);
            expect(found.lower[i]).toBeLessThanOrEqual(estimate);
          });
        },
      ),
      { numRuns: 8, seed: 7 },
    );
  });

  it("scales with the unit of the figure", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: -3, max: 3 }), async (seed, power) => {
        const plain = await predict(await fitted([law], noisyRows(seed)), { cpu: 0.3 });
        const scaled = await predict(await fitted([law], noisyRows(seed, 12, 10 ** power)), { cpu: 0.3 });
        if (!plain.ok || !scaled.ok) throw new Error("refused");
        for (const end of ["low", "estimate", "high"] as const) {
          expect(scaled.quantity[end] / 10 ** power / plain.quantity[end]).toBeCloseTo(1, 3);
        }
      }),
      { numRuns: 8, seed: 7 },
    );
  });

  it("is the same for the same rows and seed", async () => {
    const answer = async () => predict(await fitted([law, forest], noisyRows(4, 15)), { cpu: 0.3 });
    expect(await answer()).toEqual(await answer());
  });

  it("is refused too far outside what was measured", async () => {
    const predictor = await fitted([law], noisyRows(2));
    expect((await predict(predictor, { cpu: 0.9 * 1.25 })).ok).toBe(true);
    expect((await predict(predictor, { cpu: 0.05 / 1.25 })).ok).toBe(true);
    expect(refusalOf(await predict(predictor, { cpu: 1.2 }))).toMatchObject({
      code: "not-measured",
      factor: "cpu",
      level: 1.2,
    });
    expect(refusalOf(await predict(predictor, { cpu: 0.03 })).code).toBe("not-measured");
    expect(refusalOf(await predict(predictor, { cpu: 0.3, memoryBytes: 64 }))).toMatchObject({
      factor: "memoryBytes",
      measured: [],
    });
  });

  it("is refused for a number of servers that was not measured, and for levels that are missing or no numbers", async () => {
    const trials = spreadCpus(6).flatMap((cpu) => [1, 3].map((servers) => trial({ cpu, servers }, rateAt(cpu))));
    const predictor = await fitted([law], trainingRows(trials));
    expect((await predict(predictor, { cpu: 0.3, servers: 3 })).ok).toBe(true);
    expect((await predict(predictor, { cpu: 0.3, servers: 3, concurrency: 32 })).ok).toBe(true);
    expect(refusalOf(await predict(predictor, { cpu: 0.3, servers: 2 }))).toMatchObject({
      code: "not-measured",
      factor: "servers",
      level: 2,
      measured: [1, 3],
    });
    expect(refusalOf(await predict(predictor, { cpu: 0.3, servers: 3, concurrency: 64 })).code).toBe("not-measured");
    expect(refusalOf(await predict(predictor, { cpu: 0.3 }))).toMatchObject({
      code: "invalid-question",
      message: expect.stringMatching(/\bservers\b.*\b1, 3\b/),
    });
    expect(refusalOf(await predict(predictor, { cpu: Number.NaN, servers: 1 })).code).toBe("invalid-question");
    expect(refusalOf(await predict(predictor, { cpu: 0.3, servers: 1 }, 1)).code).toBe("invalid-question");
  });

  it("is refused in words that users know for factors and levels", async () => {
    const trials = spreadCpus(6).flatMap((cpu) =>
      [2 ** 26, 2 ** 27].map((memoryBytes) => trial({ cpu, memoryBytes }, rateAt(cpu))),
    );
    const predictor = await fitted([law], trainingRows(trials));
    const messageFor = async (levels: Levels) => refusalOf(await predict(predictor, { cpu: 0.3, ...levels })).message;
    expect(await messageFor({})).toMatch(/\bmemory\b.*\b64 MiB, 128 MiB\b/);
    expect(await messageFor({ memoryBytes: 0 })).toMatch(/^memory\b.*\b0\b/);
    const unset = await fitted([law], noisyRows(1));
    expect(refusalOf(await predict(unset, { cpu: 0.3, memoryBytes: 2 ** 26 })).message).toMatch(/^memory\b/);
  });

  it("is refused where the rows are too few for the confidence", async () => {
    const predictor = await fitted([law], noisyRows(2, 5));
    expect(refusalOf(await predict(predictor, { cpu: 0.3 }))).toEqual({
      code: "too-few-rows",
      rows: 5,
      needed: 9,
      highestConfidence: 5 / 6,
      message: expect.stringMatching(/\b5 trials\b.*\b90 %.*\b4 more\b.*\b83 %/),
    });
    expect((await predict(predictor, { cpu: 0.3 }, 0.8)).ok).toBe(true);
  });

  it("is refused above what the load tool could drive, unless the proxy itself went higher there", async () => {
    const taught = spreadCpus(12).map((cpu) => trial({ cpu }, 20_000 * cpu));
    const answer = async (ceiling: number, servers = 1) => {
      const stuck = trial({ cpu: 1.5, servers }, ceiling, "client-bound");
      return predict(await fitted([law], trainingRows([...taught, stuck])), { cpu: 1 });
    };
    expect(refusalOf(await answer(19_000))).toMatchObject({
      code: "above-ceiling",
      ceiling: { bound: "client-bound", figure: 19_000, cpu: 1.5 },
      estimate: expect.closeTo(20_000, -1),
    });
    expect((await answer(21_000)).ok).toBe(true);
    expect((await answer(19_000, 3)).ok).toBe(true);
    expect(refusalOf(await answer(10_000))).toMatchObject({ ceiling: { figure: 18_000 } });
  });
});
