import fc from "fast-check";
import { describe, expect, it } from "vitest";
import law from "../../../src/plugins/models/capacity-law.ts";
import { generator, normal, rateAt, spreadCpus } from "../../core/answer/synthetic.ts";

const FIVE = [0.05, 0.1, 0.2, 0.3, 0.5];

function train(cpus: readonly number[], y: readonly number[]) {
  return law.fit({ factors: ["cpu"], x: cpus.map((cpu) => [cpu]), y }, 1);
}

function at(state: unknown, ...cpus: number[]): number[] {
  return law.predict(
    state,
    cpus.map((cpu) => [cpu]),
  );
}

function parameter(state: unknown, name: string): number | undefined {
  return law.explain?.(state).find((one) => one.name === name)?.value;
}

function noisy(cpus: readonly number[], truth: (cpu: number) => number, scatter: number, seed: number): number[] {
  const random = generator(seed);
  return cpus.map((cpu) => truth(cpu) * Math.exp(scatter * normal(random)));
}

describe("the capacity law", () => {
  it("finds the figure per core from five points with 4 % noise", { timeout: 30_000 }, () => {
    const misses = Array.from({ length: 100 }, (_, seed) => {
      const state = train(
        FIVE,
        noisy(FIVE, (cpu) => 30_000 * cpu, 0.04, seed),
      );
      return Math.log(parameter(state, "figure per core")! / 30_000);
    });
    // The mean of five logarithms with deviation 0.04 has deviation 0.018.
    const deviation = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
    expect(deviation).toBeLessThan(0.025);
    expect(Math.max(...misses.map(Math.abs))).toBeLessThan(0.08);
  });

  it("does not bend where the rows show no plateau, neither within them nor a quarter beyond", () => {
    const state = train(
      FIVE,
      FIVE.map((cpu) => 30_000 * cpu),
    );
    expect(parameter(state, "plateau")).toBeUndefined();
    for (const cpu of [0.05, 0.5, 0.625]) expect(at(state, cpu)[0]! / (30_000 * cpu)).toBeCloseTo(1, 3);
  });

  it("seldom sees a plateau in noise", () => {
    const seen = Array.from({ length: 100 }, (_, seed) =>
      train(
        FIVE,
        noisy(FIVE, (cpu) => 30_000 * cpu, 0.04, seed),
      ),
    );
    expect(seen.filter((state) => parameter(state, "plateau") !== undefined).length).toBeLessThan(8);
  });

  it("finds a plateau that the rows show", () => {
    const cpus = spreadCpus(12);
    const state = train(cpus, noisy(cpus, rateAt, 0.04, 3));
    expect(parameter(state, "plateau")).toBeGreaterThan(11_000);
    expect(parameter(state, "plateau")).toBeLessThan(13_000);
    for (const cpu of cpus) expect(Math.abs(at(state, cpu)[0]! / rateAt(cpu) - 1)).toBeLessThan(0.06);
  });

  it("places a plateau that the rows only approach", () => {
    const cpus = spreadCpus(12).filter((cpu) => cpu < 0.45);
    const state = train(
      cpus,
      cpus.map((cpu) => rateAt(cpu)),
    );
    expect(rateAt(cpus.at(-1)!)).toBeLessThan(10_500);
    expect(parameter(state, "plateau")! / 12_000).toBeCloseTo(1, 1);
    expect(at(state, 0.55)[0]! / rateAt(0.55)).toBeCloseTo(1, 1);
  });

  it("hardly moves when one row of eight is wrong by half", () => {
    const cpus = spreadCpus(8);
    const y = cpus.map((cpu) => 30_000 * cpu);
    const state = train(cpus, y.with(3, y[3]! / 2));
    for (const cpu of cpus) expect(Math.abs(at(state, cpu)[0]! / (30_000 * cpu) - 1)).toBeLessThan(0.05);
  });

  it("reproduces a measured squid sweep within its drift", () => {
    const cpus = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.3];
    const state = train(
      cpus,
      [132, 121, 115, 119, 98, 114, 136, 131].map((cost, i) => (cpus[i]! * 1e6) / cost),
    );
    expect(1e6 / parameter(state, "figure per core")!).toBeGreaterThan(98);
    expect(1e6 / parameter(state, "figure per core")!).toBeLessThan(136);
    expect(parameter(state, "exponent of cpu")).toBeGreaterThan(0.9);
  });

  it("learns servers, concurrency and memory, and ignores what it does not know or what does not vary", () => {
    const random = generator(5);
    const truth = ([cpu, servers, concurrency, memory]: readonly number[]) =>
      ((30_000 * cpu!) ** -3 + (9000 * servers! ** 0.7) ** -3 + (500 * concurrency!) ** -3) ** (-1 / 3) /
      (1 + (24 / memory!) ** 4);
    const point = () => [0.05 * 18 ** random(), 1 + Math.floor(random() * 4), 4 * 32 ** random(), 16 * 32 ** random()];
    const x = Array.from({ length: 40 }, point);
    const training = { factors: ["cpu", "servers", "concurrency", "memoryBytes"], x, y: x.map(truth) };
    const state = law.fit(training, 1);
    const fresh = Array.from({ length: 50 }, point);
    const errors = law.predict(state, fresh).map((rate, i) => Math.abs(rate / truth(fresh[i]!) - 1));
    expect(errors.sort((a, b) => a - b)[25]).toBeLessThan(0.03);

    const wider = {
      ...training,
      factors: [...training.factors, "payload", "memory"],
      x: x.map((row) => [...row, -1, 7]),
    };
    expect(law.predict(law.fit(wider, 1), [[0.3, 2, 32, 64, 5, 5]])).toEqual(law.predict(state, [[0.3, 2, 32, 64]]));
  });

  it("needs rows, and figures and levels above 0", () => {
    expect(() => train([0.1], [3000])).toThrow(/\b3\b.*\b1\b/);
    expect(() => train([0.1, 0.2, Number.NaN], [3000, 6000, 9000])).toThrow(/^row 2: cpu\b.*\bNaN$/);
    expect(() => train([0.1, 0.2, 0.3], [3000, Number.NaN, 9000])).toThrow(
      "row 1: the measured figure must be above 0",
    );
    expect(() => train([0.1, 0.2, 0.3], [3000, 0, 9000])).toThrow(/^row 1: .*\b0$/);
    expect(() => law.fit({ factors: ["cpu"], x: [[1], [1], []], y: [1, 1, 1] }, 1)).toThrow("row 2: cpu");
  });

  it("takes the cost from rows that are all alike, as a proportional law", () => {
    const state = train([0.2, 0.2, 0.2], [6000, 6000, 6000]);
    expect(at(state, 0.2)[0]).toBeCloseTo(6000, 3);
    expect(at(state, 0.4)[0]).toBeCloseTo(12_000, 3);
  });
});

describe("the capacity law, whatever the rows", () => {
  const samples = fc.array(
    fc.tuple(fc.double({ min: 0.05, max: 2, noNaN: true }), fc.integer({ min: 1, max: 10_000 })),
    {
      minLength: 4,
      maxLength: 12,
    },
  );
  const runs = { numRuns: 40, seed: 7 };

  it("predicts the same from its state after a trip through JSON", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const state = train(
          rows.map(([cpu]) => cpu),
          noisy(
            rows.map(([cpu]) => cpu),
            rateAt,
            0.05,
            rows[0]![1],
          ),
        );
        expect(at(JSON.parse(JSON.stringify(state)), 0.07, 0.4, 1.9)).toEqual(at(state, 0.07, 0.4, 1.9));
      }),
      runs,
    );
  });

  it("does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const cpus = rows.map(([cpu]) => cpu);
        const y = noisy(cpus, rateAt, 0.05, rows[0]![1]);
        const straight = at(train(cpus, y), 0.07, 0.4, 1.9);
        const turned = at(train(cpus.toReversed(), y.toReversed()), 0.07, 0.4, 1.9);
        straight.forEach((rate, i) => {
          expect(turned[i]! / rate).toBeCloseTo(1, 4);
        });
      }),
      runs,
    );
  });

  it("scales with the unit of the figure", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -9, max: 9 }), (rows, power) => {
        const cpus = rows.map(([cpu]) => cpu);
        const y = noisy(cpus, rateAt, 0.05, rows[0]![1]);
        const scaled = at(
          train(
            cpus,
            y.map((rate) => rate * 10 ** power),
          ),
          0.07,
          0.4,
          1.9,
        );
        at(train(cpus, y), 0.07, 0.4, 1.9).forEach((rate, i) => {
          expect(scaled[i]! / 10 ** power / rate).toBeCloseTo(1, 4);
        });
      }),
      runs,
    );
  });

  it("never predicts less for more CPU", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const cpus = rows.map(([cpu]) => cpu);
        const rates = at(train(cpus, noisy(cpus, rateAt, 0.2, rows[0]![1])), ...spreadCpus(20));
        rates.slice(1).forEach((rate, i) => {
          expect(rate).toBeGreaterThanOrEqual(rates[i]! * (1 - 1e-9));
        });
      }),
      runs,
    );
  });
});
