import { describe, expect, it } from "vitest";
import { type Sample, summarise } from "../../../../src/core/measure/samples/telemetry.ts";

/** Samples every 0.2 s of a proxy that is idle for some intervals, works at a rate, and is idle again. */
function samples({ idle = 0, active = 20, tail = 0, cores = 0.3 }): Sample[] {
  const rates = [...Array(idle).fill(0), ...Array(active).fill(cores), ...Array(tail).fill(0)];
  let cpuSeconds = 5;
  const at = (index: number): Sample => ({
    atSeconds: 100 + index * 0.2,
    proxy: { cpuSeconds, periods: index * 2, throttledPeriods: index, memoryPeakBytes: 1000 + index, oomKills: 0 },
    loadToolCpuSeconds: index * 0.02,
  });
  return [
    at(0),
    ...rates.map((rate, index) => {
      cpuSeconds += rate * 0.2;
      return at(index + 1);
    }),
  ];
}

describe("telemetry of a run", () => {
  it("gives the CPU achieved while load was on", () => {
    expect(summarise(samples({})).cpuAchieved).toBeCloseTo(0.3, 6);
  });

  it("does not count the time that the load tool needs to start and to print", () => {
    expect(summarise(samples({ idle: 4, tail: 3 })).cpuAchieved).toBeCloseTo(0.3, 6);
  });

  it("counts all CPU time of the run as the requests' cost", () => {
    expect(summarise(samples({ idle: 4, tail: 3 })).cpuSeconds).toBeCloseTo(20 * 0.2 * 0.3, 6);
  });

  it("gives the throttled share of the periods and the load tool's CPU", () => {
    expect(summarise(samples({}))).toMatchObject({ throttledShare: 0.5, oomKills: 0, memoryPeakBytes: 1020 });
    expect(summarise(samples({})).loadToolCpu).toBeCloseTo(0.1, 6);
  });

  it("gives user and system time and throttled time of the run, and 0 where nothing was throttled", () => {
    const counted = samples({ active: 10 }).map((sample, index) => ({
      ...sample,
      proxy: { ...sample.proxy, userCpuSeconds: 1 + 0.02 * index, systemCpuSeconds: 0.04 * index, throttledSeconds: 7 },
    }));
    const { userCpuSeconds, systemCpuSeconds, throttledSeconds } = summarise(counted);
    expect(userCpuSeconds).toBeCloseTo(0.2, 9);
    expect(systemCpuSeconds).toBeCloseTo(0.4, 9);
    expect(throttledSeconds).toBe(0);
    expect(summarise(samples({}))).not.toHaveProperty("throttledSeconds");
  });

  it("leaves out what the host does not count", () => {
    const bare = samples({}).map(({ atSeconds }) => ({ atSeconds, proxy: {} }));
    expect(summarise(bare)).toEqual({});
    expect(summarise([])).toEqual({});
  });
});
