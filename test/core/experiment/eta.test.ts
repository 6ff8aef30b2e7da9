import { describe, expect, it } from "vitest";
import { defaultScenario } from "../../../src/core/experiment/defaults.ts";
import { Eta } from "../../../src/core/experiment/eta.ts";
import type { PlannedGroup } from "../../../src/core/experiment/plan.ts";

const groups = Array.from({ length: 4 }, () => ({ trials: Array(5).fill({}) })) as unknown as PlannedGroup[];

describe("the time left", () => {
  it("is at first what the scenario says, with a little for starting", () => {
    expect(new Eta(defaultScenario, groups).remainingSeconds()).toBeCloseTo(20 * 12.5 + 4 * 1);
  });

  it("follows what trials and starts really took", () => {
    const eta = new Eta(defaultScenario, groups);
    eta.measured(17, 3);
    for (let trial = 0; trial < 4; trial++) eta.measured(14, undefined);
    expect(eta.remainingSeconds()).toBeCloseTo(15 * 14 + 3 * 3);
  });

  it("is nothing when all is done", () => {
    const eta = new Eta(defaultScenario, groups);
    for (let trial = 0; trial < 20; trial++) eta.measured(1, trial % 5 === 0 ? 0.5 : undefined);
    expect(eta.remainingSeconds()).toBe(0);
  });
});
