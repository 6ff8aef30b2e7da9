import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedVisits, usualNoise } from "../../../bench/rounds/simulate.ts";
import { meansOf, spreadFigures } from "../../../bench/rounds/spreadFigures.ts";

const curve = { id: "curve", cpu: [0.1, 0.2, 0.4, 0.8], rounds: 60, proxies: { haproxy: 30_000 } };

describe("how much visits differ", () => {
  const { machine, drift, slope, rest } = usualNoise;
  const figures = spreadFigures(simulatedVisits(curve), 3);

  it("is what they were made with, without and with the correction", () => {
    expect(figures.raw).toBeCloseTo(Math.hypot(slope * Math.hypot(machine, drift), rest), 1);
    expect(figures.corrected).toBeCloseTo(rest, 1);
    expect(figures.corrected).toBeLessThan(0.65 * figures.raw);
  });

  it("follows the probe by its slope", () => {
    expect(figures.slope).toBeCloseTo(slope, 1);
    expect(figures.correlation).toBeGreaterThan(0.7);
  });

  it("is less for means of several visits", () => {
    expect(figures.correctedMeans).toBeLessThan(figures.corrected);
    expect(figures.rawMeans).toBeLessThan(figures.raw);
  });

  it("follows no probe where there was none", () => {
    const bare = simulatedVisits(curve).map(({ speed: _, ...visit }) => visit);
    const found = spreadFigures(bare, 3);
    expect(found.corrected).toBe(found.raw);
    expect(found.correlation).toBeNaN();
  });
});

describe("means of visits", () => {
  it("are each of as many as it takes to measure so long", () => {
    const visits = simulatedVisits({ ...curve, cpu: [0.3] });
    const each = visits[0]!.result!.durationSeconds;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (count) => {
        expect(meansOf(visits, each * (count - 0.5))).toHaveLength(Math.floor(visits.length / count));
      }),
    );
  });
});
