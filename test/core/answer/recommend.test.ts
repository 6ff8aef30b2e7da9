import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FixedLevels } from "../../../src/core/answer/course.ts";
import { type Goals, targetsOf } from "../../../src/core/answer/goals.ts";
import { learn } from "../../../src/core/answer/learning/learn.ts";
import { curves, type Predictor } from "../../../src/core/answer/learning/predictor.ts";
import { trainingRows } from "../../../src/core/answer/learning/rows.ts";
import { predict } from "../../../src/core/answer/predict.ts";
import { recommend as recommendFor } from "../../../src/core/answer/recommend.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import linear from "../../../src/plugins/models/linear.ts";
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

/** Asks a predictor of rates. */
function recommend(predictor: Predictor, goals: Goals, fixed?: FixedLevels, confidence?: number) {
  return recommendFor({ requestsPerSecond: predictor }, goals, fixed, confidence);
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
    const goals = { completedRequests: 60_000, withinSeconds: 10 };
    expect(await recommend(predictor, goals)).toEqual({
      ...(await recommend(predictor, { requestsPerSecond: 6000 })),
      goals,
    });
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

  it("is refused above the plateau, with its height and where it begins", async () => {
    const refusal = refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: 20_000 }));
    expect(refusal).toMatchObject({ code: "unreachable", cause: "plateau" });
    expect(refusal.message).toMatch(/^20,000 requests\/s\b.*\b1\d,\d00 from cpu 0\.[56]/);
  });

  it("is refused above what was measured where the rate still rises, with what to measure", async () => {
    const cpus = spreadCpus(12);
    const predictor = await fitted(
      [law],
      rowsOf(
        cpus,
        cpus.map((cpu) => 10_000 * cpu),
      ),
    );
    expect(refusalOf(await recommend(predictor, { requestsPerSecond: 20_000 }))).toMatchObject({
      code: "unreachable",
      cause: "range",
      cpu: 0.9,
      highest: expect.closeTo(9000, -2),
    });
  });

  it("is refused above what the load tool or the origins could carry, with the cause", async () => {
    const taught = spreadCpus(12).map((cpu) => trial({ cpu }, 20_000 * cpu));
    const stuck = trial({ cpu: 1.5 }, 18_500, "origin-bound");
    const predictor = await fitted([law], trainingRows([...taught, stuck]));
    expect(refusalOf(await recommend(predictor, { requestsPerSecond: 19_000 }))).toMatchObject({
      code: "unreachable",
      ceiling: { bound: "origin-bound", figure: 18_500, cpu: 1.5, servers: 1, concurrency: 32 },
      cause: "ceiling",
    });
    expect((await recommend(predictor, { requestsPerSecond: 10_000 })).ok).toBe(true);
  });

  it("is refused below what was measured, with the least that was", async () => {
    expect(refusalOf(await recommend(await predictorOf(1), { requestsPerSecond: 500 }))).toEqual({
      code: "below-measured",
      cpu: 0.05,
      message: expect.stringContaining("0.05"),
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

  it("needs a goal, and a predictor of each", async () => {
    const predictor = await predictorOf(1);
    await expect(recommend(predictor, { p99Ms: 5 })).rejects.toThrow(RangeError);
    await expect(recommend(predictor, {})).rejects.toThrow(RangeError);
  });
});

/** Predictors of the rate, the p99 latency and the failed share of a proxy: p99 falls to 4 ms, requests fail below 0.2. */
async function severalPredictors(trials: number, memory?: readonly number[]) {
  const random = generator(5);
  const records = spreadCpus(trials).flatMap((cpu, i) =>
    (memory ?? [undefined]).map((memoryBytes) => {
      const point = { cpu, ...(memoryBytes !== undefined && { memoryBytes }) };
      const swapped = memoryBytes !== undefined && memoryBytes < 64e6 ? 0.5 : 1;
      const made = trial(point, rateAt(cpu) * swapped * Math.exp(0.03 * normal(random)));
      const failedRequests = cpu < 0.2 ? 2000 + 10 * i : 0;
      const latencyMs = { mean: 3, p99: (4 + 2 / cpu) * Math.exp(0.03 * normal(random)) };
      return { ...made, result: { ...made.result!, failedRequests, latencyMs } };
    }),
  );
  return async (goals: Goals, fixed = {}) => {
    const learned = await learn([law, linear], records, targetsOf(goals));
    if (!learned.ok) throw new Error(learned.refusal.message);
    return recommendFor(learned.predictors, goals, fixed);
  };
}

describe("a recommendation for several goals", () => {
  it("meets all of them at once, and the hardest one decides", async () => {
    const ask = await severalPredictors(20);
    const rate = answerOf(await ask({ requestsPerSecond: 5000 }));
    const both = answerOf(await ask({ requestsPerSecond: 5000, p99Ms: 9 }));
    expect(both.recommendedCpu).toBeGreaterThan(rate.recommendedCpu * 1.5);
    expect(4 + 2 / both.recommendedCpu).toBeLessThan(9);
    expect(both.expected["latencyMs.p99"]).toBeLessThan(9);
    const easy = answerOf(await ask({ requestsPerSecond: 5000, p99Ms: 1000 }));
    expect(easy.recommendedCpu).toBeCloseTo(rate.recommendedCpu, 6);
  });

  it("knows a share of failed requests that is 0 in most trials", async () => {
    const ask = await severalPredictors(20);
    const { recommendedCpu } = answerOf(await ask({ requestsPerSecond: 2000, failedShare: 0.05 }));
    expect(recommendedCpu).toBeGreaterThan(0.1);
    expect(recommendedCpu).toBeLessThan(0.6);
  });

  it("is refused for a latency under the floor, with the least that is expected", async () => {
    const ask = await severalPredictors(20);
    expect(refusalOf(await ask({ requestsPerSecond: 5000, p99Ms: 2 }))).toMatchObject({
      code: "unreachable",
      cause: "latency",
      message: expect.stringMatching(/\b2 ms\b.*\b\d[.\d]* ms\b.*\bcpu 0\./),
    });
  });

  it("takes the smallest memory that costs hardly any CPU, and tells what each would take", async () => {
    const ask = await severalPredictors(14, [32e6, 64e6, 128e6]);
    const { memory, choices, recommendedCpu } = answerOf(await ask({ requestsPerSecond: 4000 }));
    expect(choices.map(({ memoryBytes }) => memoryBytes)).toEqual([32e6, 64e6, 128e6]);
    expect(choices[0]!.recommendedCpu).toBeGreaterThan(1.3 * recommendedCpu);
    expect(memory).toEqual({ bytes: 64e6, from: "limit" });
  });

  it("counts memory with which the least CPU that was measured is enough", async () => {
    const rate = (cpu: number, memoryBytes: number) => cpu * (memoryBytes < 64e6 ? 10_000 : 20_000);
    const exact = {
      ...law,
      predict: (_: unknown, x: readonly (readonly number[])[]) => x.map(([cpu, memory]) => rate(cpu!, memory!)),
    };
    const records = spreadCpus(14).flatMap((cpu) =>
      [32e6, 64e6].map((memoryBytes) => trial({ cpu, memoryBytes }, rate(cpu, memoryBytes))),
    );
    const predictor = await fitted([exact], trainingRows(records));
    const small = await recommend(predictor, { requestsPerSecond: 800 }, { memoryBytes: 32e6 });
    expect(answerOf(small).recommendedCpu).toBeCloseTo(0.08, 2);
    const any = await recommend(predictor, { requestsPerSecond: 800 });
    expect(refusalOf(any)).toMatchObject({ code: "below-measured", cpu: 0.05 });
  });

  it("is refused for goals that are none", async () => {
    const ask = await severalPredictors(14);
    for (const goals of [{ p99Ms: 0 }, { failedShare: 1 }, { failedShare: -1 }, { requestsPerSecond: Number.NaN }])
      expect(refusalOf(await ask(goals)).code).toBe("invalid-question");
  });
});

describe("memory", () => {
  const lived = spreadCpus(12).map((cpu) => trial({ cpu, memoryBytes: 64 * 2 ** 20 }, rateAt(cpu)));
  const died = {
    ...trial({ cpu: 0.3, memoryBytes: 24 * 2 ** 20 }, 1, "memory-bound"),
    status: "failed" as const,
    error: { code: "LAB_MEMORY", message: "killed" },
  };

  it("that the proxy did not live with is refused as too small, with what is enough", async () => {
    const predictor = await fitted([law], trainingRows([...lived, died]));
    const answer = await recommend(predictor, { requestsPerSecond: 5000 }, { memoryBytes: 20 * 2 ** 20 });
    expect(refusalOf(answer)).toEqual({
      code: "memory-too-small",
      memoryBytes: 20 * 2 ** 20,
      least: 64 * 2 ** 20,
      message: expect.stringMatching(/\b20 MiB\b.*\b24 MiB\b.*\b64 MiB\b/),
    });
  });

  it("that was not measured is refused as such", async () => {
    const predictor = await fitted([law], trainingRows([...lived, died]));
    const answer = await recommend(predictor, { requestsPerSecond: 5000 }, { memoryBytes: 32 * 2 ** 20 });
    expect(refusalOf(answer)).toMatchObject({
      code: "not-measured",
      factor: "memoryBytes",
      level: 32 * 2 ** 20,
      measured: [64 * 2 ** 20],
    });
  });

  it("to give is the limit that was measured, or the highest use and a quarter", async () => {
    const limited = await fitted([law], trainingRows(lived));
    expect(answerOf(await recommend(limited, { requestsPerSecond: 5000 })).memory).toEqual({
      bytes: 64 * 2 ** 20,
      from: "limit",
    });
    const free = spreadCpus(12).map((cpu) => ({
      ...trial({ cpu }, rateAt(cpu)),
      usage: { memoryPeakBytes: 10 * 2 ** 20 },
    }));
    const predictor = await fitted([law], trainingRows(free));
    expect(answerOf(await recommend(predictor, { requestsPerSecond: 5000 })).memory).toEqual({
      bytes: 13 * 2 ** 20,
      from: "peak",
    });
    const killed = await fitted([law], trainingRows([...free, died]));
    expect(answerOf(await recommend(killed, { requestsPerSecond: 5000 })).memory).toBeUndefined();
  });
});
