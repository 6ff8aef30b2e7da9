import { describe, expect, it } from "vitest";
import gaussian from "../../../src/plugins/models/gaussian-process.ts";
import { generator, normal, rateAt, spreadCpus } from "../../core/answer/synthetic.ts";
import { alongCpu, answers, apart, parameter, rowsOf } from "./data.ts";

describe("the Gaussian process", () => {
  it("reproduces a smooth curve between its rows", () => {
    const rows = alongCpu(spreadCpus(12), (cpu) => rateAt(cpu));
    const between = spreadCpus(57).map((cpu) => [cpu]);
    expect(
      apart(
        answers(gaussian, rows, between),
        between.map(([cpu]) => rateAt(cpu!)),
      ),
    ).toBeLessThan(0.02);
    expect(parameter(gaussian, rows, "noise")).toBeLessThan(1);
  });

  it("reproduces a smooth surface", () => {
    const random = generator(4);
    const point = () => [0.05 * 20 ** random(), 1 + 3 * random(), 4 * 32 ** random()];
    const truth = ([cpu, servers, concurrency]: readonly number[]) =>
      rateAt(cpu!, 9000 * servers! ** 0.7) * (1 - 0.5 / Math.sqrt(concurrency!));
    const rows = rowsOf(Array.from({ length: 60 }, point).map((row) => [row, truth(row)]));
    const unseen = Array.from({ length: 50 }, point);
    const errors = answers(gaussian, rows, unseen).map((figure, i) => Math.abs(figure / truth(unseen[i]!) - 1));
    expect(errors.sort((a, b) => a - b)[25]).toBeLessThan(0.03);
  });

  it("smooths noise, and says how much there is", () => {
    const random = generator(6);
    const cpus = spreadCpus(40);
    const rows = alongCpu(cpus, (cpu) => rateAt(cpu) * Math.exp(0.1 * normal(random)));
    expect(parameter(gaussian, rows, "noise")).toBeGreaterThan(7);
    expect(parameter(gaussian, rows, "noise")).toBeLessThan(14);
    const errors = answers(gaussian, rows, rows.x).map((figure, i) => Math.abs(figure / rateAt(cpus[i]!) - 1));
    expect(errors.sort((a, b) => a - b)[20]).toBeLessThan(0.05);
  });

  it("finds a factor that does nothing: its length scale is the longer", () => {
    const random = generator(8);
    const rows = rowsOf(
      Array.from({ length: 40 }, () => [0.05 * 20 ** random(), 1 + 3 * random()]).map((row) => [row, rateAt(row[0]!)]),
    );
    const reach = (factor: string, range: number) =>
      Math.log(parameter(gaussian, rows, `length scale of ${factor}`)!) / Math.log(range);
    expect(reach("servers", 4)).toBeGreaterThan(3 * reach("cpu", 20));
  });

  it("returns to the geometric mean far away from its rows", () => {
    const rows = alongCpu([1, 2, 3, 4, 5], (cpu) => 100 * cpu);
    expect(answers(gaussian, rows, [[1e30]])[0]).toBeCloseTo(100 * 120 ** 0.2, 6);
  });

  it("answers from rows that are the same twice without noise", () => {
    const rows = alongCpu([1, 1, 2, 2, 3, 3], (cpu) => 100 * cpu);
    expect(apart(answers(gaussian, rows, rows.x), rows.y)).toBeLessThan(0.02);
  });
});
