import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { planSweep } from "../../../src/core/plan/plan.ts";
import { scatteredPoints } from "../../../src/core/plan/scatter.ts";

const MiB = 2 ** 20;
const spec: SweepSpec = {
  ...gridSpec,
  plan: "random",
  proxies: ["haproxy", "traefik"],
  cpu: [0.05, 0.9],
  memoryBytes: [16 * MiB, 256 * MiB],
  servers: [2],
  concurrency: [8, 128],
  anchors: 0,
  seed: 1,
};

/** Where a level lies between the ends, on a log scale. */
const place = (level: number, [low, high]: readonly number[]) => Math.log(level / low!) / Math.log(high! / low!);

describe("a random plan", () => {
  it("spreads each factor evenly over its range, both ends included, and leaves alone what does not vary", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (count, seed) => {
        const points = scatteredPoints({ ...spec, proxies: ["haproxy"], trials: count, seed });
        expect(points).toHaveLength(count);
        expect(new Set(points.map(({ servers }) => servers))).toEqual(new Set([2]));
        for (const factor of ["cpu", "memoryBytes", "concurrency"] as const) {
          const places = points.map((point) => place(point[factor]!, spec[factor])).sort((a, b) => a - b);
          for (const [index, one] of places.entries()) expect(one).toBeCloseTo(index / (count - 1), 1);
          expect([places[0], places.at(-1)]).toEqual([0, 1]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("spreads offered rates as it does other levels", () => {
    const rates = { requestsPerSecond: [200, 500, 20_000], concurrency: [32], memoryBytes: [], cpu: [0.3] };
    const points = scatteredPoints({ ...spec, ...rates, proxies: ["haproxy"], trials: 5 });
    const levels = points.map(({ requestsPerSecond }) => requestsPerSecond!).sort((a, b) => a - b);
    expect(levels).toEqual([200, 632, 2000, 6320, 20_000]);
    expect(scatteredPoints(spec).some((point) => "requestsPerSecond" in point)).toBe(false);
  });

  it("gives all proxies the same points", () => {
    const points = scatteredPoints(spec);
    const [one, other] = spec.proxies.map((proxy) =>
      points.filter((point) => point.proxy === proxy).map(({ proxy: _, ...levels }) => levels),
    );
    expect(one).toEqual(other);
  });

  it("measures ten points for each factor that varies, unless told how many trials", () => {
    expect(scatteredPoints({ ...spec, proxies: ["haproxy"] })).toHaveLength(30);
    expect(
      scatteredPoints({ ...spec, proxies: ["haproxy"], cpu: [0.1], memoryBytes: [], concurrency: [8] }),
    ).toHaveLength(1);
  });

  it("has no more trials than wanted, and uses them, repetitions included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 80 }), fc.integer({ min: 0, max: 8 }), (trials, anchors) => {
        const planned = planSweep({ ...spec, trials, anchors });
        expect(planned.length).toBeLessThanOrEqual(trials);
        expect(planned.length).toBeGreaterThan(trials - spec.proxies.length - 1);
      }),
    );
  });

  it("keeps points apart", () => {
    const points = scatteredPoints({ ...spec, proxies: ["haproxy"], memoryBytes: [], trials: 12 });
    const places = points.map((point) => [place(point.cpu, spec.cpu), place(point.concurrency, spec.concurrency)]);
    const distances = places.flatMap((a, at) =>
      places.slice(at + 1).map((b) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)),
    );
    expect(Math.min(...distances)).toBeGreaterThan(0.15);
  });

  it("is the same for the same seed and another for another one", () => {
    expect(scatteredPoints(spec)).toEqual(scatteredPoints(spec));
    expect(scatteredPoints({ ...spec, seed: 2 })).not.toEqual(scatteredPoints(spec));
  });
});
