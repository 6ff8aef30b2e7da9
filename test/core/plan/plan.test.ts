import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridScenario, gridSpec } from "../../../src/core/experiment/defaults.ts";
import { gridPoints } from "../../../src/core/plan/grid.ts";
import { mostRigs, planSweep, rigKey } from "../../../src/core/plan/plan.ts";
import { queueOf } from "../../../src/core/plan/queue.ts";
import { trialRecord } from "../../fixtures/records.ts";

const spec: SweepSpec = {
  ...gridSpec,
  proxies: ["haproxy", "traefik"],
  loadTools: ["wrk", "ab"],
  limiters: ["cgroup", "docker"],
  cpu: [0.1, 0.3, 1.5],
  memoryBytes: [2 ** 28],
  servers: [1, 3],
  replicates: 2,
  anchors: 0,
  seed: 1,
};

const some = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 2 });
const many = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
const anySpec = fc.record({
  proxies: many,
  loadTools: some,
  limiters: some,
  cpu: fc.uniqueArray(fc.constantFrom(0.1, 0.5, 1, 1.2, 2), { minLength: 1 }),
  servers: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2 }),
  replicates: fc.integer({ min: 1, max: 3 }),
  anchors: fc.integer({ min: 0, max: 8 }),
  seed: fc.nat(),
});

describe("the plan of a sweep", () => {
  it("holds each combination of levels once per replicate, and repetitions only beyond them", () => {
    fc.assert(
      fc.property(anySpec, (varied) => {
        const wanted = { ...spec, ...varied };
        const trials = planSweep(wanted);
        const keys = trials.map(({ point, replicate }) => JSON.stringify([point, replicate]));
        expect(new Set(keys).size).toBe(keys.length);
        const planned = trials.filter(({ anchor }) => !anchor);
        expect(planned).toHaveLength(gridPoints(wanted).length * wanted.replicates);
        expect(trials.length - planned.length).toBeLessThanOrEqual(wanted.anchors);
      }),
      { numRuns: 50 },
    );
  });

  it("numbers the trials in the order in which they run", () => {
    expect(planSweep(spec).map(({ sequence }) => sequence)).toEqual(planSweep(spec).map((_, index) => index));
  });

  it("is the same for the same seed and another for another one", () => {
    expect(planSweep(spec)).toEqual(planSweep(spec));
    expect(planSweep({ ...spec, seed: 2 })).not.toEqual(planSweep(spec));
  });

  it("measures proxies at the same levels one right after the other", () => {
    const levels = planSweep(spec).map(({ point: { proxy: _, ...level } }) => JSON.stringify(level));
    for (let index = 0; index < levels.length; index += 2) expect(levels[index + 1]).toBe(levels[index]);
  });

  it("finishes one replicate of everything before it begins the next", () => {
    const replicates = planSweep(spec).map(({ replicate }) => replicate);
    expect(replicates).toEqual([...replicates].sort());
  });
});

describe("anchors", () => {
  const ten = { ...spec, proxies: ["haproxy"], loadTools: ["wrk"], limiters: ["cgroup"], servers: [1], replicates: 1 };
  const levels = Array.from({ length: 10 }, (_, index) => (index + 1) / 10);
  const plan = planSweep({ ...ten, cpu: levels, anchors: 6 });
  const at = (cpu: number) => plan.flatMap(({ point }, index) => (point.cpu === cpu ? [index] : []));

  it("are at most half of the points, and none for a few", () => {
    expect(plan.filter(({ anchor }) => anchor)).toHaveLength(5);
    expect(planSweep({ ...ten, cpu: [0.1, 0.2, 0.3], anchors: 6 })).toHaveLength(3);
  });

  it("measure the middle level first, last and in between", () => {
    const [first, middle, last] = at(0.6);
    expect([first, last]).toEqual([0, plan.length - 1]);
    expect(middle).toBeGreaterThan(plan.length / 4);
    expect(middle).toBeLessThan((3 * plan.length) / 4);
  });

  it("repeat the lowest and the highest level as well", () => {
    expect(at(0.1).length).toBeGreaterThan(1);
    expect(at(1).length).toBeGreaterThan(1);
  });
});

describe("the queue of a sweep", () => {
  it("goes on where an interrupted run stopped", () => {
    const all = planSweep(spec);
    const queue = queueOf(
      spec,
      [0, 1, 5].map((sequence) => trialRecord({ sequence })),
    );
    expect(queue.remaining().trials).toBe(all.length - 3);
    expect(queue.next([])).toEqual(all[2]);
  });

  it("knows which running proxies are wanted again soon", () => {
    const queue = queueOf(spec);
    const first = queue.next([])!;
    expect(queue.needs(rigKey(first.point))).toBe(true);
    while (queue.next([]));
    expect(queue.needs(rigKey(first.point))).toBe(false);
    expect(queue.remaining()).toEqual({ trials: 0, starts: 0 });
  });

  it("starts a proxy for each trial when asked for fresh processes", () => {
    const fresh = { ...spec, scenario: { ...gridScenario, fresh: true } };
    const { trials, starts } = queueOf(fresh).remaining();
    expect(starts).toBe(trials);
  });

  it("starts each proxy once in a replicate", () => {
    fc.assert(
      fc.property(anySpec, (varied) => {
        const wanted = { ...spec, ...varied, anchors: 0 };
        const rigs = new Set(planSweep(wanted).map(({ point, replicate }) => `${rigKey(point)} ${replicate}`));
        expect(queueOf(wanted).remaining().starts).toBeLessThanOrEqual(rigs.size);
      }),
      { numRuns: 30 },
    );
  });

  it("never wants more than a few proxies side by side", () => {
    const many = { ...spec, proxies: ["a", "b", "c", "d", "e", "f"] };
    const queue = queueOf(many);
    const keys = new Set(planSweep(many).map(({ point }) => rigKey(point)));
    while (queue.next([])) expect([...keys].filter((key) => queue.needs(key)).length).toBeLessThanOrEqual(mostRigs);
  });
});
