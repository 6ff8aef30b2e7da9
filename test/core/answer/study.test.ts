import { describe, expect, it } from "vitest";
import { predictCurve } from "../../../src/core/answer/curve.ts";
import { directly, straightLine, studyCosts } from "../../../src/core/answer/study.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import forest from "../../../src/plugins/models/random-forest.ts";
import { fitted, generator, normal, rateAt, rowsOf, spreadCpus } from "./synthetic.ts";

const cpus = spreadCpus(24);
const random = generator(3);
const noisy = rowsOf(
  cpus,
  cpus.map((cpu) => rateAt(cpu) * Math.exp(0.05 * normal(random))),
);

describe("the origin study's direct regression", () => {
  it("is the straight line from rates to CPU", async () => {
    const rows = rowsOf([0.1, 0.2, 0.3, 0.4], [1000, 2000, 3000, 4000]);
    expect(await directly(straightLine, rows, 2500, 1)).toBeCloseTo(0.25, 9);
  });

  it("answers for rates that no CPU gives, which the forward model does not", async () => {
    expect(await directly(forest, noisy, 1e6, 1)).toBeLessThan(1);
  });

  it("gives too little CPU far more often than the forward model at 90 %", async () => {
    const costs = await studyCosts([straightLine, forest], law, noisy, 0.9, 1);
    expect(costs.map(({ method }) => method)).toEqual(["capacity-law at 90 %", "straight line", "random-forest"]);
    const [forward, ...direct] = costs;
    expect(forward!.tooLittle).toBeLessThan(0.2);
    expect(forward!.answered).toBeGreaterThan(10);
    for (const { tooLittle, answered, asked } of direct) {
      expect(tooLittle).toBeGreaterThan(0.25);
      expect(answered).toBe(asked);
    }
  });
});

describe("a predicted curve", () => {
  it("goes along all measured CPU limits, with intervals around its estimates", async () => {
    const curve = await predictCurve(await fitted([law], noisy), {}, 0.9, { count: 9 });
    if (!curve.ok) throw new Error(curve.refusal.message);
    expect(curve.points).toHaveLength(9);
    expect([curve.points[0]!.level, curve.points[8]!.level]).toEqual([cpus[0], cpus.at(-1)]);
    for (const { level, low, estimate, high, lower, upper } of curve.points) {
      expect(estimate / rateAt(level)).toBeCloseTo(1, 0);
      expect([low <= estimate, estimate <= high, lower <= estimate, estimate <= upper]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
  });

  it("tells where nobody could have measured what it says", async () => {
    const ceiling = { bound: "client-bound", figure: 100, cpu: 0.9, servers: 1, concurrency: 32 } as const;
    const rows = {
      factors: ["cpu", "servers", "concurrency"],
      x: cpus.map((cpu) => [cpu, 1, 32]),
      y: noisy.training.y,
    };
    const predictor = await fitted([law], { ...noisy, training: rows, ceilings: [ceiling] });
    // What the proxy itself reached lies above: there the load tool carried that much.
    const curve = await predictCurve(predictor, {}, 0.9, { count: 40 });
    if (!curve.ok) throw new Error(curve.refusal.message);
    const most = Math.max(...noisy.training.y);
    for (const { estimate, aboveCeiling } of curve.points) expect(aboveCeiling ?? false).toBe(estimate > most);
  });
});
