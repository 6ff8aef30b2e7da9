import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Answers } from "../../../src/core/answer/ask.ts";
import type { Goals } from "../../../src/core/answer/goals.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { Bound } from "../../../src/core/domain/verdicts.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import gaussian from "../../../src/plugins/models/gaussian-process.ts";
import linear from "../../../src/plugins/models/linear.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { answersFrom, folder, machine } from "./answering.ts";
import { generator, normal, rateAt, spreadCpus, trial } from "./synthetic.ts";

/** A proxy takes so much CPU time for a request, in seconds. */
const cost = 1e-4;
const rates = [250, 500, 1000, 2000, 4000];
/** Limits as shares of what the proxy uses at a rate. */
const shares = [0.5, 0.65, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2];

/** p99 of a simulated proxy, in milliseconds: it rises steeply where the limit comes near the use, up to seconds below it. */
function p99At(cpu: number, rate: number): number {
  return 2 + 8 * ((1.1 * rate * cost) / cpu) ** 10;
}

/** The least limit at which it keeps a p99 at a rate. */
function limitFor(p99Ms: number, rate: number): number {
  return (1.1 * rate * cost) / ((p99Ms - 2) / 8) ** 0.1;
}

/** Open loops of the simulated proxy, `slowness` times as slow. */
function open(proxy = "haproxy", slowness = 1): TrialRecord[] {
  const random = generator(7);
  return rates.flatMap((rate) =>
    shares.map((share) => {
      const use = rate * cost * slowness;
      const cpu = Number((share * use).toPrecision(3));
      const served = Math.min(rate, (rate * cpu) / use);
      const bound: Bound = share > 1 ? "rate-bound" : "proxy-bound";
      const made = trial({ proxy, cpu, requestsPerSecond: rate, loadTool: "pacer", concurrency: 64 }, served, bound);
      const p99 = p99At(cpu / slowness, rate) * Math.exp(0.05 * normal(random));
      const usage = { cpuAchieved: Math.min(use, cpu), throttledShare: 0.9 / (1 + share ** 8) };
      const latencyMs = { mean: p99 / 3, p99, p999: 1.5 * p99 };
      return {
        ...made,
        id: `open.${made.id}`,
        usage,
        result: { ...made.result!, latencyMs, loop: "open", offeredRequestsPerSecond: rate },
        environment: { ...made.environment, ...machine },
      };
    }),
  );
}

/** Closed loops of the same proxy, which saturate it. */
function closed(proxy = "haproxy"): TrialRecord[] {
  return spreadCpus(14).map((cpu) => {
    const made = trial({ proxy, cpu }, rateAt(cpu));
    return { ...made, id: `closed.${made.id}`, environment: { ...made.environment, ...machine } };
  });
}

const models = [law, linear, gaussian];
const about = { proxy: "haproxy" };
const both = () => answersFrom([...closed(), ...open()], { models });

async function recommended(answers: Answers, goals: Goals, question: object = {}, levels = {}) {
  const found = await answers.recommend({ ...about, ...question }, goals, levels, 0.9);
  if (!found.ok) throw new Error(found.refusal.message);
  return found;
}

describe("a recommendation for a latency", { timeout: 60_000 }, () => {
  it("is learned from open loops at the wanted rate, and finds the limit that the latency takes", async () => {
    const { answers } = both();
    for (const rate of [1000, 1400]) {
      const found = await recommended(answers, { requestsPerSecond: rate, p99Ms: 40 });
      expect(found).toMatchObject({
        requestsPerSecond: rate,
        levels: { requestsPerSecond: rate, concurrency: 64 },
        data: { conditions: { loop: "open" }, latency: "at a rate", trials: rates.length * shares.length },
      });
      const truth = limitFor(40, rate);
      expect(found.recommendedCpu / truth).toBeGreaterThan(0.95);
      expect(found.recommendedCpu / truth).toBeLessThan(1.5);
      expect(found.expected).not.toHaveProperty("requestsPerSecond");
    }
  });

  it("takes a number of requests within a time as the rate, too", async () => {
    const { answers } = both();
    const counted = await recommended(answers, { completedRequests: 5000, withinSeconds: 5, p99Ms: 40 });
    const rated = await recommended(answers, { requestsPerSecond: 1000, p99Ms: 40 });
    expect(counted.recommendedCpu).toBe(rated.recommendedCpu);
  });

  it("takes the rate measured most where none is wanted, and says so", async () => {
    const further = open()
      .slice(9, 18)
      .map((one) => ({ ...one, id: `further.${one.id}` }));
    const { answers } = answersFrom([...open(), ...further], { models });
    const found = await recommended(answers, { p99Ms: 40 });
    expect(found.levels.requestsPerSecond).toBe(500);
    expect(found.data?.taken).toContainEqual({ factor: "requestsPerSecond", level: 500, measured: rates });
  });

  it("is refused for a rate beyond those measured", async () => {
    const { answers } = both();
    const found = await answers.recommend(about, { requestsPerSecond: 9000, p99Ms: 40 }, {}, 0.9);
    expect(found).toMatchObject({ refusal: { code: "not-measured", factor: "requestsPerSecond", level: 9000 } });
  });

  it("may be for other goals beside it, and less latency takes more CPU", async () => {
    const { answers } = both();
    const cpuFor = async (goals: Goals) =>
      (await recommended(answers, { requestsPerSecond: 1000, ...goals })).recommendedCpu;
    const p99 = await cpuFor({ p99Ms: 40 });
    expect(await cpuFor({ p999Ms: 40 })).toBeGreaterThan(p99);
    expect(await cpuFor({ p99Ms: 40, throttledShare: 0.01 })).toBeGreaterThan(p99);
    expect(await cpuFor({ p99Ms: 40, failedShare: 0.01 })).toBeCloseTo(p99, 1);
  });

  it("is refused where only closed loops were measured, with the way out", async () => {
    const { answers } = answersFrom(closed(), { models });
    const found = await answers.recommend(about, { requestsPerSecond: 500, p99Ms: 50 }, {}, 0.9);
    expect(found).toMatchObject({
      refusal: {
        code: "closed-loop-only",
        leftOut: [{ trials: 14, differ: { loop: "closed" }, flags: ["--loop", "closed"] }],
        message: expect.stringMatching(/\.\/lab size --proxy haproxy --rps 500 --p99 50ms .*--loop closed/),
      },
    });
    const share = await answers.recommend(about, { requestsPerSecond: 500, p999Ms: 50 }, {}, 0.9);
    expect(share).toMatchObject({
      refusal: { code: "closed-loop-only", message: expect.stringMatching(/\.\/lab sweep .*--rate 500/) },
    });
  });

  it("is that at saturation where a closed loop is asked for, be it by a trial of one", async () => {
    const { answers } = both();
    for (const question of [{ loop: "closed" }, { like: closed()[3]!.id }]) {
      const found = await recommended(answers, { requestsPerSecond: 3000, p99Ms: 50 }, question);
      expect(found).toMatchObject({
        levels: { concurrency: 32 },
        data: { conditions: { loop: "closed" }, latency: "at saturation" },
      });
      expect(found.expected).toHaveProperty("requestsPerSecond");
    }
  });

  it("is not changed by open loops where no latency is wanted", async () => {
    const found = await recommended(both().answers, { requestsPerSecond: 3000 });
    expect(found).toMatchObject({ data: { conditions: { loop: "closed" }, trials: 14 } });
    expect(found.data).not.toHaveProperty("latency");
  });

  it("ranks proxies by open loops, and refuses one that was measured in closed ones only", async () => {
    const { answers } = answersFrom([...open(), ...open("traefik", 3), ...closed("squid")], { models });
    const ranked = await answers.rank({
      proxies: ["squid", "traefik", "haproxy"],
      source: {},
      goals: { requestsPerSecond: 1000, p99Ms: 40 },
      levels: {},
      confidence: 0.9,
    });
    expect(ranked.map(({ proxy, found }) => [proxy, found.ok || found.refusal.code])).toEqual([
      ["haproxy", true],
      ["traefik", true],
      ["squid", "closed-loop-only"],
    ]);
  });

  it("is refused for goals that contradict each other, that no window can show, or that are none", async () => {
    const { answers } = both();
    for (const goals of [
      { requestsPerSecond: 1000, p99Ms: 40, p999Ms: 20 },
      { requestsPerSecond: 20, p999Ms: 20 },
      { requestsPerSecond: 1, p99Ms: 20 },
      { requestsPerSecond: 1000, p999Ms: -1 },
      { requestsPerSecond: 1000, throttledShare: 2 },
    ])
      expect(await answers.recommend(about, goals, {}, 0.9)).toMatchObject({ refusal: { code: "invalid-question" } });
    const alone = await answers.recommend({ ...about, loop: "open" }, { requestsPerSecond: 500 }, {}, 0.9);
    expect(alone).toMatchObject({ refusal: { code: "invalid-question" } });
    const only = await answersFrom(open(), { models }).answers.recommend(about, { requestsPerSecond: 500 }, {}, 0.9);
    expect(only).toMatchObject({ refusal: { code: "invalid-question" } });
    const study = answers.study({ ...about, loop: "open" }, { requestsPerSecond: 500 }, {}, 0.9);
    await expectRejection(study, "LAB_USAGE", "study", "closed");
  });

  it("is tried in an open loop at that rate, in windows that show the percentile", async () => {
    const { answers, measure } = both();
    const tried = async (goals: Goals) => {
      const question = { proxies: ["haproxy"], source: {}, goals, levels: {}, confidence: 0.9 };
      const claim = await answers.verifiable(question);
      if ("refusal" in claim) throw new Error(claim.refusal.message);
      await answers.verify(claim, { signal: new AbortController().signal, onEvent: () => {} });
      return measure.mock.calls.at(-1)![0];
    };
    expect(await tried({ requestsPerSecond: 700, p99Ms: 40 })).toMatchObject({
      requestsPerSecond: [700],
      loadTools: ["pacer"],
      concurrency: [64],
      scenario: { windowSeconds: 15, maxWindowSeconds: 15 },
    });
    expect((await tried({ requestsPerSecond: 700, p999Ms: 60 })).scenario.windowSeconds).toBe(30);
    const claim = await answers.verifiable({
      proxies: ["haproxy"],
      source: { loop: "closed" },
      goals: { requestsPerSecond: 3000, p99Ms: 50 },
      levels: {},
      confidence: 0.9,
    });
    if ("refusal" in claim) throw new Error(claim.refusal.message);
    await answers.verify(claim, { signal: new AbortController().signal, onEvent: () => {} });
    expect(measure.mock.calls.at(-1)![0]).toMatchObject({ requestsPerSecond: [], scenario: { windowSeconds: 10 } });
  });
});

describe("a prediction at a rate", { timeout: 60_000 }, () => {
  it("is learned from open loops: latency, use and the share of throttled periods", async () => {
    const { answers } = both();
    const at = { cpu: 0.2, requestsPerSecond: 1000 };
    const ask = async (figure: Parameters<Answers["predict"]>[1]) => {
      const found = await answers.predict(about, figure, at, 0.9);
      if (!found.ok) throw new Error(found.refusal.message);
      return found;
    };
    const p99 = await ask("latencyMs.p99");
    expect(p99).toMatchObject({ data: { conditions: { loop: "open" }, levels: at, latency: "at a rate" } });
    expect(p99.quantity.estimate / p99At(0.2, 1000)).toBeCloseTo(1, 0);
    expect((await ask("cpuAchieved")).quantity.estimate).toBeCloseTo(0.1, 2);
    const { quantity, upper } = await ask("throttledShare");
    expect(quantity.estimate).toBeLessThan(0.1);
    expect(Math.max(quantity.high, upper)).toBeLessThanOrEqual(1);
  });

  it("is at saturation where no rate is said, and refused where there are no open loops", async () => {
    const { answers } = both();
    expect(await answers.predict(about, "latencyMs.p99", { cpu: 0.2 }, 0.9)).toMatchObject({
      ok: true,
      data: { conditions: { loop: "closed" }, latency: "at saturation" },
    });
    const without = answersFrom(closed(), { models }).answers;
    expect(await without.predict(about, "latencyMs.p99", { cpu: 0.2, requestsPerSecond: 500 }, 0.9)).toMatchObject({
      refusal: { code: "closed-loop-only", message: expect.stringMatching(/--rate 500/) },
    });
  });

  it("is drawn along the CPU limits that were measured at the rates beside it", async () => {
    const { answers } = both();
    for (const [rate, least, most] of [
      [1000, 0.05, 0.2],
      [1400, 0.07, 0.28],
      [4400, 0.2, 0.8],
    ] as const) {
      const found = await answers.curve(about, "latencyMs.p99", { requestsPerSecond: rate }, 0.9);
      if (!found.ok) throw new Error(found.refusal.message);
      expect(found.points[0]!.level).toBeCloseTo(least, 3);
      expect(found.points.at(-1)!.level).toBeCloseTo(most, 3);
    }
  });

  it("is that of a trial where one is named", async () => {
    const { answers } = both();
    const like = open().find(({ point }) => point.requestsPerSecond === 2000)!.id;
    expect(await answers.predict({ ...about, like }, "latencyMs.p99", { cpu: 0.3 }, 0.9)).toMatchObject({
      ok: true,
      data: { levels: { requestsPerSecond: 2000 } },
    });
  });
});

describe("saved models of open loops", { timeout: 60_000 }, () => {
  it("answer for a latency at a rate as the trials did", async () => {
    const from = join(folder(), "models.json");
    const { answers } = both();
    await answers.save({ ...about, loop: "open" }, ["latencyMs.p99"], from);
    const goals = { requestsPerSecond: 1000, p99Ms: 40 };
    const found = await recommended(answersFrom([], { models }).answers, goals, { from });
    expect(found).toMatchObject({ levels: { requestsPerSecond: 1000 }, data: { conditions: { loop: "open" } } });
    expect(found.recommendedCpu).toBeCloseTo((await recommended(answers, goals)).recommendedCpu, 2);
  });
});
