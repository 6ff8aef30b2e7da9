import { describe, expect, it } from "vitest";
import { gridScenario } from "../../../src/core/experiment/defaults.ts";
import { Eta } from "../../../src/core/plan/eta.ts";

const left = { trials: 20, starts: 4 };
const fixed = { ...gridScenario, warmupSeconds: 2, windowSeconds: 10, maxWindowSeconds: 10 };

describe("the time left", () => {
  it("is at first what the scenario says, with a little for starting", () => {
    expect(new Eta(fixed).remainingSeconds(left)).toBeCloseTo(20 * 12.5 + 4 * 1);
  });

  it("allows at first for windows that go on", () => {
    const extended = new Eta({ ...fixed, maxWindowSeconds: 20 }).remainingSeconds(left);
    expect(extended).toBeGreaterThan(new Eta(fixed).remainingSeconds(left));
    expect(extended).toBeLessThan(new Eta({ ...fixed, windowSeconds: 20 }).remainingSeconds(left));
  });

  it("follows what trials and starts really took", () => {
    const eta = new Eta(fixed);
    eta.measured(17, 3);
    for (let trial = 0; trial < 4; trial++) eta.measured(14, undefined);
    expect(eta.remainingSeconds({ trials: 15, starts: 3 })).toBeCloseTo(15 * 14 + 3 * 3);
  });

  it("is nothing when all is done", () => {
    expect(new Eta(fixed).remainingSeconds({ trials: 0, starts: 0 })).toBe(0);
  });
});
