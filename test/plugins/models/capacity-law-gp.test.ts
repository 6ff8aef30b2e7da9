import { describe, expect, it } from "vitest";
import law from "../../../src/plugins/models/capacity-law.ts";
import both from "../../../src/plugins/models/capacity-law-gp.ts";
import { generator, normal, rateAt, spreadCpus } from "../../core/answer/synthetic.ts";
import { alongCpu, answers, apart, parameter } from "./data.ts";

function middleError(figures: readonly number[], truth: readonly number[]): number {
  const errors = figures.map((figure, i) => Math.abs(figure / truth[i]! - 1)).sort((a, b) => a - b);
  return errors[errors.length >> 1]!;
}

describe("the capacity law with a Gaussian process", () => {
  it("answers with the law where the rows follow it", () => {
    const rows = alongCpu(spreadCpus(10), (cpu) => 30_000 * cpu);
    const asked = spreadCpus(31).map((cpu) => [cpu]);
    expect(apart(answers(both, rows, asked), answers(law, rows, asked))).toBeLessThan(0.005);
    expect(parameter(both, rows, "figure per core")).toBeCloseTo(parameter(law, rows, "figure per core")!, 6);
  });

  it("follows rows that do not follow the law", () => {
    const wavy = (cpu: number) => rateAt(cpu) * (1 + 0.25 * Math.sin(2.5 * Math.log(cpu)));
    const rows = alongCpu(spreadCpus(24), wavy);
    const asked = spreadCpus(67).map((cpu) => [cpu]);
    const truth = asked.map(([cpu]) => wavy(cpu!));
    expect(middleError(answers(both, rows, asked), truth)).toBeLessThan(
      0.3 * middleError(answers(law, rows, asked), truth),
    );
  });

  it("returns to the law far away from its rows", () => {
    const wavy = (cpu: number) => 30_000 * cpu * (1 + 0.2 * Math.sin(3 * Math.log(cpu)));
    const rows = alongCpu(spreadCpus(24), wavy);
    expect(apart(answers(both, rows, [[1e-9]]), answers(law, rows, [[1e-9]]))).toBeLessThan(1e-3);
  });

  it("uses factors that the law does not know", () => {
    const levels = spreadCpus(6).flatMap((cpu) => [1, 4, 16].map((kilobytes) => [cpu, kilobytes] as const));
    const truth = ([cpu, kilobytes]: readonly number[]) => (20_000 * cpu!) / (1 + 0.1 * kilobytes!);
    const rows = { factors: ["cpu", "kilobytes"], x: levels, y: levels.map(truth) };
    expect(apart(answers(both, rows, [[0.2, 8]]), [truth([0.2, 8])])).toBeLessThan(0.1);
    expect(apart(answers(law, rows, [[0.2, 16]]), [truth([0.2, 16])])).toBeGreaterThan(0.2);
  });

  it("makes little of noise", () => {
    const random = generator(9);
    const cpus = spreadCpus(30);
    const rows = alongCpu(cpus, (cpu) => rateAt(cpu) * Math.exp(0.05 * normal(random)));
    const truth = cpus.map((cpu) => rateAt(cpu));
    expect(middleError(answers(both, rows, rows.x), truth)).toBeLessThan(0.025);
    expect(parameter(both, rows, "noise")).toBeGreaterThan(3);
  });
});
