import { describe, expect, it } from "vitest";
import { figureOf } from "../../../../src/core/domain/figures.ts";
import { bandsOf } from "../../../../src/core/statistics/trials/bands.ts";
import { centresOf } from "../../../../src/core/statistics/trials/centre.ts";
import { simulatedSweep } from "../../../fixtures/simulatedSweep.ts";

const rate = figureOf("requestsPerSecond");
const cost = figureOf("cpuMicrosPerRequest");

describe("the middle of trials at one level", () => {
  const { records } = simulatedSweep({ rounds: 4 });
  const group = records.filter(({ point }) => point.cpu === 0.25);

  it("is the band of the configuration where the figure is its rate", () => {
    const band = bandsOf(records).find(({ point }) => point.cpu === 0.25)!;
    const { estimate, low, high } = band.smooth;
    expect(centresOf(records, rate)(group)).toEqual({ y: estimate, low, high });
  });

  it("has the spread of its own proxy, not of one that varies more", () => {
    const other = simulatedSweep({ rounds: 4, proxy: "squid", rest: 0.5, seed: 2 }).records;
    expect(centresOf([...records, ...other], cost)(group)).toEqual(centresOf(records, cost)(group));
  });

  it("has that of other proxies where its own were not repeated, and the range of trials where nothing was", () => {
    const once = simulatedSweep({ rounds: 1, proxy: "squid" }).records;
    const level = once.filter(({ point }) => point.cpu === 0.25);
    expect(centresOf([...records, ...once], rate)(level).low).toBeLessThan(rate.of(level[0]!)!);
    expect(centresOf(once, rate)(level)).toEqual({ y: expect.closeTo(rate.of(level[0]!)!, 6) });
    const range = centresOf(once, rate)(once);
    expect(range.low).toBe(Math.min(...once.map((run) => rate.of(run)!)));
  });
});
