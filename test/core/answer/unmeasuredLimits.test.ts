import { describe, expect, it } from "vitest";
import { fitPredictor } from "../../../src/core/answer/learning/predictor.ts";
import type { Rows } from "../../../src/core/answer/learning/rows.ts";
import { predict } from "../../../src/core/answer/predict.ts";
import { recommend } from "../../../src/core/answer/recommend.ts";
import mean from "../../../src/plugins/models/mean.ts";
import twin from "../../../src/plugins/models/throttling-twin.ts";

/** Open loops at three rates that no limit stopped: a request takes 100, 70 and 55 µs of CPU time. */
const rates = [500, 1500, 4000];
const uses = [0.05, 0.105, 0.22];
const same = (value: number) => rates.map(() => value);
const rows: Rows = {
  target: "latencyMs.p99",
  training: {
    factors: ["cpu", "requestsPerSecond"],
    x: rates.map((rate) => [0.95, rate]),
    y: [3, 3.2, 4],
    figure: "latencyMs.p99",
    others: {
      "latencyMs.p50": same(1),
      "latencyMs.p90": same(1.6),
      cpuAchieved: uses,
      throttledShare: same(0),
      cpuVariation: same(0.08),
    },
  },
  trials: ["a", "b", "c"],
  excluded: {},
  ceilings: [],
};

async function predictorOf(...models: readonly (typeof twin)[]) {
  const predictor = await fitPredictor(models, rows, 42);
  if (!predictor.ok) throw new Error(predictor.refusal.message);
  return predictor;
}

describe("of open loops at one ample limit", () => {
  it("the model answers that knows limits nobody tried", async () => {
    expect((await predictorOf(mean, twin)).model.id).toBe("throttling-twin");
  });

  it("a limit is recommended that no trial ran under, and said to be untested", async () => {
    const predictor = await predictorOf(twin);
    const found = await recommend({ "latencyMs.p99": predictor }, { p99Ms: 20 }, { requestsPerSecond: 1500 }, 0.9);
    if (!found.ok) throw new Error(found.refusal.message);
    expect(found.recommendedCpu).toBeGreaterThan(0.08);
    expect(found.recommendedCpu).toBeLessThan(0.16);
    expect(found.untested).toEqual(["cpu"]);
  });

  it("a lower limit is recommended for a longer latency", async () => {
    const predictor = { "latencyMs.p99": await predictorOf(twin) };
    const limitFor = async (p99Ms: number) => {
      const found = await recommend(predictor, { p99Ms }, { requestsPerSecond: 4000 }, 0.9);
      return found.ok ? found.recommendedCpu : Number.NaN;
    };
    expect(await limitFor(80)).toBeLessThan(await limitFor(10));
  });

  it("other models refuse limits far outside what was measured", async () => {
    const found = await predict(await predictorOf(mean), { cpu: 0.1, requestsPerSecond: 500 }, 0.5);
    expect(found).toMatchObject({ ok: false, refusal: { code: "not-measured" } });
    expect(await predict(await predictorOf(twin), { cpu: 0.1, requestsPerSecond: 500 })).toMatchObject({ ok: true });
  });
});
