import { describe, expect, it } from "vitest";
import { bandsOf } from "../../../../src/core/statistics/trials/bands.ts";
import { atReferenceSpeed, referenceSpeedOf } from "../../../../src/core/statistics/trials/referenceSpeed.ts";
import { type Machine, simulatedSweep, trueLog } from "../../../fixtures/simulatedSweep.ts";

const sweeps = 60;

/** How often bands at the reference speed hold the truth, and how far off and how wide they are, by logarithm. */
function judged(changes: Partial<Machine>) {
  const found = Array.from({ length: sweeps }, (_, seed) => {
    const { machine, records } = simulatedSweep({ ...changes, seed: seed + 1 });
    const reference = referenceSpeedOf(records)!;
    const { used } = reference.proxies.get(machine.proxy)!;
    return bandsOf(atReferenceSpeed(records, reference)).map(({ point, own, smooth, halfWidth }) => {
      const truth = Math.exp(trueLog(machine, point.cpu, used ? reference.probeMicros : undefined));
      const [holdsOwn, holdsSmooth] = [own, smooth].map(({ low, high }) => low <= truth && truth <= high);
      return { holdsOwn, holdsSmooth, cpu: point.cpu, error: Math.log(smooth.estimate / truth), halfWidth };
    });
  }).flat();
  return {
    own: found.filter(({ holdsOwn }) => holdsOwn).length / found.length,
    smooth: heldShare(found),
    bias: found.reduce((sum, { error }) => sum + error, 0) / found.length,
    halfWidth: found.reduce((sum, one) => sum + one.halfWidth, 0) / found.length,
    worstLevel: Math.min(...[...Map.groupBy(found, ({ cpu }) => cpu).values()].map(heldShare)),
  };
}

function heldShare(bands: readonly { holdsSmooth: boolean | undefined }[]): number {
  return bands.filter(({ holdsSmooth }) => holdsSmooth).length / bands.length;
}

const straight = (cpu: number) => -0.02 * Math.log(cpu) ** 2;
const machines: Record<string, Partial<Machine>> = {
  noisy: {},
  "whose curve has a kink": { bend: (cpu) => straight(cpu) - (cpu > 0.3 ? 0.3 * Math.log(cpu / 0.3) : 0) },
  "whose curve has a step": { bend: (cpu) => straight(cpu) - (cpu > 0.3 ? 0.08 : 0) },
  "with few requests": { capacity: 600 },
  "with an odd visit in fifteen": { odd: 1 / 15 },
  quiet: { shared: 0.008, rest: 0.006 },
};

describe.each(Object.entries(machines))("bands of a machine %s", (_, changes) => {
  it.each([3, 6, 12])("hold the truth of %i rounds as often as they say, and have no bias", (rounds) => {
    const { own, smooth, bias, worstLevel } = judged({ ...changes, rounds });
    for (const share of [own, smooth]) expect(share).toBeGreaterThan(0.92);
    expect(own).toBeLessThan(0.98);
    expect(worstLevel).toBeGreaterThan(0.78);
    expect(Math.abs(bias)).toBeLessThan(0.01);
  });
});
