import { expect, it } from "vitest";
import { defaultSpec } from "../../../src/core/experiment/defaults.ts";
import { planSweep } from "../../../src/core/plan/plan.ts";
import { previewSweep } from "../../../src/core/plan/preview.ts";

const spec = { ...defaultSpec, proxies: ["haproxy", "traefik"], cpu: [0.1, 0.2, 0.4], servers: [1, 3], seed: 1 };

it("counts the points and the trials of a grid as it will be run", () => {
  expect(previewSweep(spec)).toMatchObject({ points: 12, trials: planSweep(spec).length });
});

it("counts the combinations of everything but CPU for an adaptive plan", () => {
  expect(previewSweep({ ...spec, plan: "adaptive", trials: 20 })).toMatchObject({ points: 4, trials: 20 });
});

it("estimates no more time than there is", () => {
  expect(previewSweep({ ...spec, budgetSeconds: 30 }).estimatedSeconds).toBe(30);
});
