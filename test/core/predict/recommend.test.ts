import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curves, predict, recommend, trainingRows } from "../../../src/core/predict/index.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import forest from "../../../src/plugins/models/random-forest.ts";
import { fitted, generator, normal, rateAt, rowsOf, spreadCpus, trial } from "./synthetic.ts";

function predictorOf(seed: number, model = law, scatter = 0.05) {
  const random = generator(seed);
  const cpus = spreadCpus(14);
  return fitted(
    [model],
    rowsOf(
      cpus,
      cpus.map((cpu) => rateAt(cpu) * Math.exp(scatter * normal(random))),
    ),
  );
}

function refusalOf(answer: Awaited<ReturnType<typeof recommend>>) {
  if (answer.ok) throw new Error("not refused");
  return answer.refusal;
}

function answerOf(answer: Awaited<ReturnType<typeof recommend>>) {
  if (!answer.ok) throw new Error(answer.refusal.message);
  return answer;
}

describe("a recommendation", () => {
  it("is enough for the goal, with a best guess below it", async () => {
    const { recommendedCpu, cpu, ...rest } = answerOf(
      await recommend(await predictorOf(1), { requestsPerSecond: 6000 }),
    );
    expect(rest).toMatchObject({ ok: true, requestsPerSecond: 6000, model: "capacity-law", rowsUsed: 14 });
    expect(rateAt(recommendedCpu)).toBeGreaterThan(6000);
    expect(rateAt(recommendedCpu)).toBeLessThan(7500);
    expect(cpu.estimate).toBeCloseTo(0.2, 1);
    expect(cpu.low).toBeLessThan(cpu.estimate);
    expect(cpu.estimate).toBeLessThanOrEqual(recommendedCpu);
    expect(recommendedCpu).toBeLessThanOrEqual(cpu.high!);
    expect(cpu.confidence).toBe(0.9);
  });

  it("takes a number of requests within a time as a rate", async () => {
    const predictor = await predictorOf(1);
    expect(await recommend(predictor, { completedRequests: 60_000, withinSeconds: 10 })).toEqual(
      await recommend(predictor, { requestsPerSecond: 6000 }),
    );
  });

  it("undoes a prediction: the best guess for what a CPU limit gives is that CPU limit", {
    timeout: 30_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9999 }),
        fc.double({ min: 0.07, max: 0.35, noNaN: true }),
        async (seed, cpu) => {
          const predictor = await predictorOf(seed, law, 0.03);
          const forward = await predict(predictor, { cpu });
          if (!forward.ok) throw new Error(forward.refusal.message);
          const { estimate } = answerOf(
            await recommend(predictor, { requestsPerSecond: forward.quantity.estimate }),
          ).cpu;
          expect(estimate / cpu).toBeCloseTo(1, 3);
        },
      ),
      { numRuns: 12, seed: 7 },
    );
  });

  it("meets the goal with its lower bound, and hardly less CPU would, for a law and for steps alike", {
    timeout: 30_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(law, forest), async (seed, model) => {
        const predictor = await predictorOf(seed, model, 0.12);
        const { recommendedCpu } = answerOf(await recommend(predictor, { requestsPerSecond: 5000 }));
        const lower = await curves(predictor, [[recommendedCpu], [recommendedCpu * 0.999]], 0.9);
        if ("ok" in lower) throw new Error(lower.refusal.message);
        expect(lower.lower[0]).toBeGreaterThanOrEqual(5000);
        expect(lower.lower[1]).toBeLessThan(5000);
        const above = spreadCpus(60)
          .filter((cpu) => cpu > recommendedCpu)
          .map((cpu) => [cpu]);
        const onwards = await curves(predictor, above, 0.9);
        if ("ok" in onwards) throw new Error(onwards.refusal.message);
        expect(Math.min(...onwards.lower)).toBeGreaterThanOrEqual(5000);
      }),
      { numRuns: 6, seed: 7 },
    );
  });

  it("does not trust a limit above which the model dips", async () => {
    const rate = (cpu: number) => (cpu > 0.45 && cpu < 0.55 ? 6000 : 20_000 * cpu);
    const dipping = {
      ...law,
      predict: (_: unknown, x: readonly (readonly number[])[]) => x.map(([cpu]) => rate(cpu!)),
    };
    const cpus = spreadCpus(14);
    const predictor = await fitted([dipping], rowsOf(cpus, cpus.map(rate)));
    expect(answerOf(await recommend(predictor, { requestsPerSecond: 7000 })).recommendedCpu).toBeGreaterThanOrEqual(
      0.55,
    );
  });

  it("asks for more CPU for a higher goal and for more confidence", async () => {
    const predictor = await predictorOf(3);
    const cpuFor = async (rate: number, confidence: number) =>
      answerOf(await recommend(predictor, { requestsPerSecond: rate }, {}, confidence)).recommendedCpu;
    expect(await cpuFor(6000, 0.9)).toBeGreaterThan(await cpuFor(5000, 0.9));
    expect(await cpuFor(5000, 0.9)).toBeGreaterThan(await cpuFor(5000, 0.6));
  });

  it("leaves out an end of its interval that lies outside the measured range", { timeout: 30_000 }, async () => {
    const predictor = await predictorOf(1);
    const low = answerOf(await recommend(predictor, { requestsPerSecond: 1450 })).cpu;
    expect(low.low).toBeUndefined();
    expect(low.high).toBeDefined();
    const rates = Array.from({ length: 20 }, (_, i) => 9000 + 150 * i);
    const goals = await Promise.all(rates.map((rate) => recommend(predictor, { requestsPerSecond: rate })));
    expect(goals.some((answer) => answer.ok && answer.cpu.high === undefined)).toBe(true);
  });

  it("is refused above what was measured", async () => {
    expect(refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: 20_000 }))).toMatchObject({
      code: "unreachable",
      cpu: 0.9,
      message: expect.stringMatching(
        /^20,000 requests\/s is out of reach: at cpu 0.9, the most measured, 1\d,\d00 is expected/,
      ),
    });
  });

  it("is refused above what the load tool or the origins could carry, with the cause", async () => {
    const taught = spreadCpus(12).map((cpu) => trial({ cpu }, 20_000 * cpu));
    const stuck = trial({ cpu: 1.5 }, 18_500, "origin-bound");
    const predictor = await fitted([law], trainingRows([...taught, stuck]));
    expect(refusalOf(await recommend(predictor, { requestsPerSecond: 19_000 }))).toMatchObject({
      code: "unreachable",
      ceiling: { bound: "origin-bound", figure: 18_500, cpu: 1.5, servers: 1, concurrency: 32 },
      message: "19,000 requests/s cannot be shown: the origins gave out at 18,500 (cpu 1.5).",
    });
    expect((await recommend(predictor, { requestsPerSecond: 10_000 })).ok).toBe(true);
  });

  it("is refused below what was measured, with the least that was", async () => {
    expect(refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: 500 }))).toEqual({
      code: "below-measured",
      cpu: 0.05,
      message: "cpu 0.05 is enough, and the least that was measured.",
    });
  });

  it("is refused where the goal lies within the bands at the most that was measured", async () => {
    const refusal = refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: 11_900 }));
    expect(refusal).toMatchObject({ code: "undecided", confidence: 0.9 });
  });

  it("is refused for too few rows, for levels that were not measured and for goals that are no rates", async () => {
    const cpus = spreadCpus(5);
    const small = await fitted(
      [law],
      rowsOf(
        cpus,
        cpus.map((cpu) => rateAt(cpu)),
      ),
    );
    expect(refusalOf(await recommend(small, { requestsPerSecond: 5000 })).code).toBe("too-few-rows");
    expect(refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: 5000 }, { servers: 3 })).code).toBe(
      "not-measured",
    );
    for (const rate of [0, -1, Number.NaN, Infinity]) {
      expect(refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: rate })).code).toBe(
        "invalid-question",
      );
    }
    const never = { completedRequests: 5000, withinSeconds: 0 };
    expect(refusalOf(await recommend(await predictorOf(1), never)).code).toBe("invalid-question");
  });

  it("is only for rates", async () => {
    const predictor = await predictorOf(1);
    const other = { ...predictor, rows: { ...predictor.rows, target: "latencyMs.p99" as const } };
    await expect(recommend(other, { requestsPerSecond: 1 })).rejects.toThrow(RangeError);
  });
});
