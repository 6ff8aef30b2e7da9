import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultScenario, defaultSpec } from "../../../src/core/experiment/defaults.ts";
import { gridPoints } from "../../../src/core/experiment/grid.ts";
import { planSweep } from "../../../src/core/experiment/plan.ts";
import type { SweepSpec } from "../../../src/core/records/spec.ts";

const spec: SweepSpec = {
  ...defaultSpec,
  proxies: ["haproxy", "traefik"],
  loadTools: ["wrk", "ab"],
  limiters: ["cgroup", "docker"],
  cpu: [0.1, 0.3, 1.5],
  memoryBytes: [2 ** 28],
  servers: [1, 3],
  replicates: 2,
  seed: 1,
};

const some = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 });
const anySpec = fc.record({
  proxies: some,
  loadTools: some,
  limiters: some,
  cpu: fc.uniqueArray(fc.constantFrom(0.1, 0.5, 1, 1.2, 2), { minLength: 1 }),
  servers: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  replicates: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
  fresh: fc.boolean(),
});

function specOf({ fresh, ...varied }: { fresh: boolean } & Partial<SweepSpec>): SweepSpec {
  return { ...spec, ...varied, scenario: { ...defaultScenario, fresh } };
}

describe("the plan of a sweep", () => {
  it("holds each combination of levels once per replicate", () => {
    fc.assert(
      fc.property(anySpec, (varied) => {
        const wanted = specOf(varied);
        const trials = planSweep(wanted).flatMap((group) => group.trials);
        const keys = trials.map(({ point, replicate }) => JSON.stringify([point, replicate]));
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toHaveLength(gridPoints(wanted).length * wanted.replicates);
      }),
    );
  });

  it("numbers the trials in the order in which they run", () => {
    const sequences = planSweep(spec).flatMap(({ trials }) => trials.map(({ sequence }) => sequence));
    expect(sequences).toEqual(sequences.map((_, index) => index));
  });

  it("is the same for the same seed and another for another one", () => {
    expect(planSweep(spec)).toEqual(planSweep(spec));
    expect(planSweep({ ...spec, seed: 2 })).not.toEqual(planSweep(spec));
  });

  it("lets one running proxy serve only points that differ in CPU limit, load tool and connections", () => {
    for (const { trials } of planSweep(spec)) {
      const fixed = trials.map(({ point }) => [
        point.proxy,
        point.limiter,
        point.servers,
        point.memoryBytes,
        Math.ceil(point.cpu),
      ]);
      expect(new Set(fixed.map(String)).size).toBe(1);
    }
  });

  it("starts a proxy for each trial when asked for fresh processes", () => {
    const groups = planSweep(specOf({ fresh: true }));
    expect(groups.every(({ trials }) => trials.length === 1)).toBe(true);
  });

  it("finishes one replicate of everything before it begins the next", () => {
    const replicates = planSweep(spec).flatMap(({ trials }) => trials.map(({ replicate }) => replicate));
    expect(replicates).toEqual([...replicates].sort());
  });
});
