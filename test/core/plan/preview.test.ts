import { expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { previewSweep } from "../../../src/core/plan/preview.ts";

const spec = { ...gridSpec, proxies: ["haproxy", "traefik"], cpu: [0.1, 0.2, 0.4], servers: [1, 3], seed: 1 };

it("counts the points of a grid, and its trials: each replicate, and repetitions of up to half of them", () => {
  // 2 proxies x 3 CPU levels x 2 numbers of servers
  expect(previewSweep({ ...spec, anchors: 0 })).toMatchObject({ points: 12, trials: 12 });
  expect(previewSweep({ ...spec, anchors: 0, replicates: 3 })).toMatchObject({ points: 12, trials: 36 });
  expect(previewSweep({ ...spec, anchors: 4 })).toMatchObject({ points: 12, trials: 16 });
  expect(previewSweep({ ...spec, anchors: 20 })).toMatchObject({ points: 12, trials: 18 });
});

it("estimates the time of the trials and of the starts of proxies", () => {
  const scenario = { ...spec.scenario, warmupSeconds: 3, windowSeconds: 5, maxWindowSeconds: 10 };
  // 12 trials of 3 s warm-up, 5 s window, 40 % of the 5 s that it may go on, and 0.5 s between; 2 x 2 proxies to start at 1 s.
  expect(previewSweep({ ...spec, anchors: 0, scenario }).estimatedSeconds).toBeCloseTo(12 * 10.5 + 4);
});

it("counts the combinations of everything but CPU for an adaptive plan", () => {
  expect(previewSweep({ ...spec, plan: "adaptive", trials: 20 })).toMatchObject({ points: 4, trials: 20 });
});

it("estimates no more time than there is", () => {
  expect(previewSweep({ ...spec, budgetSeconds: 30 }).estimatedSeconds).toBe(30);
});
