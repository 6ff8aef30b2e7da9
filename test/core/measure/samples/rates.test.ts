import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { peakRate } from "../../../../src/core/measure/samples/rates.ts";

describe("the highest rate of a run", () => {
  const steps = fc.array(
    fc.record({ seconds: fc.double({ min: 0.11, max: 0.3, noNaN: true }), requests: fc.nat({ max: 10_000 }) }),
    { minLength: 6, maxLength: 40 },
  );

  it("is no lower than the rate over all of it", () => {
    fc.assert(
      fc.property(steps, (parts) => {
        const counts = [{ atSeconds: 100, served: 7 }];
        for (const { seconds, requests } of parts) {
          const { atSeconds, served } = counts.at(-1)!;
          counts.push({ atSeconds: atSeconds + seconds, served: served + requests });
        }
        const [first, last] = [counts[0]!, counts.at(-1)!];
        const seconds = last.atSeconds - first.atSeconds;
        const peak = peakRate(counts, Math.max(seconds * 0.999, 0.9));
        if (seconds > 0.9) expect(peak).toBeGreaterThanOrEqual(((last.served - first.served) / seconds) * 0.999999);
      }),
    );
  });

  const counts = [0, 0.2, 0.4, 0.6, 0.8, 1].map((atSeconds) => ({ atSeconds, served: 100 * atSeconds }));

  it("is not known of a longer run than was seen", () => {
    expect(peakRate(counts, 0.9)).toBeCloseTo(100);
    expect(peakRate(counts, 1.1)).toBeUndefined();
  });

  it("is not known where nobody looked often enough, or counted", () => {
    expect(peakRate([counts[0]!, counts[2]!, counts[5]!], 1)).toBeUndefined();
    expect(
      peakRate(
        counts.map(({ atSeconds }) => ({ atSeconds })),
        0.9,
      ),
    ).toBeUndefined();
  });

  it("is not taken from two looks in quick succession", () =>
    expect(peakRate([...counts, { atSeconds: 1.001, served: 200 }], 0.9)).toBeCloseTo(100));
});
