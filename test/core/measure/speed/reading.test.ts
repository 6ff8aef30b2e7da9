import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readingOf } from "../../../../src/core/measure/speed/reading.ts";

const samples = (micros: readonly number[], everySeconds = 0.02) =>
  micros.map((pieceMicros, index) => ({
    atSeconds: 10 + index * everySeconds,
    pieceMicros,
    cpuSeconds: 3 + index * 0.0005,
  }));

describe("the reading of a speed probe", () => {
  it("is the geometric mean of the samples in the window, with their spread and what the probe took", () => {
    const reading = readingOf(samples([...Array(10).fill(10), ...Array(10).fill(40)]), 10, 11)!;
    expect(reading.samples).toBe(20);
    expect(reading.probeMicros).toBeCloseTo(20);
    expect(reading.logDeviation).toBeCloseTo(Math.log(2) * Math.sqrt(20 / 19));
    expect(reading.probeCpu).toBeCloseTo(0.025);
  });

  it("leaves out what lies outside the window", () => {
    const all = samples([...Array(10).fill(99), ...Array(10).fill(10), ...Array(10).fill(99)]);
    expect(readingOf(all, 10.199, 10.381)).toMatchObject({ samples: 10, probeMicros: expect.closeTo(10) });
  });

  it("is absent where there are too few samples", () => {
    expect(readingOf(samples(Array(7).fill(10)), 10, 11)).toBeUndefined();
    expect(readingOf(samples(Array(8).fill(10)), 10, 11)).toBeDefined();
  });

  it("scales with the machine's speed", () => {
    const micros = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(micros, fc.double({ min: 0.1, max: 10, noNaN: true }), (work, factor) => {
        const [one, other] = [work, work.map((value) => value * factor)].map((w) => readingOf(samples(w), 0, 100)!);
        expect(other!.probeMicros / one!.probeMicros).toBeCloseTo(factor);
        expect(other!.logDeviation).toBeCloseTo(one!.logDeviation);
      }),
    );
  });
});
