import { describe, expect, it } from "vitest";
import { gridScenario } from "../../../../src/core/experiment/defaults.ts";
import { Supplies } from "../../../../src/core/measure/sweep/supplies.ts";
import { fakeSweep, type Script } from "../../../fixtures/fakeSweep.ts";
import { trialRecord } from "../../../fixtures/records.ts";

/** Supplies for trials of a point, how long each baseline took, and what was told of them. */
function supplying(onLoad?: Script["onLoad"], originDelayMs = 0) {
  const seconds: number[] = [];
  const told: string[] = [];
  const { job, parts, done } = fakeSweep({
    spec: { scenario: { ...gridScenario, originDelayMs } },
    onEvent(event) {
      if (event.type === "baseline") told.push(`${event.when}: ${event.requestsPerSecond}`);
      if (event.type === "warning") told.push(event.message);
    },
    onLoad(load) {
      if ("seconds" in load.wish.until) seconds.push(load.wish.until.seconds);
      return onLoad?.(load);
    },
  });
  const { point } = trialRecord({ point: { loadTool: "tool" } });
  return { supplies: new Supplies(job, parts), point, seconds, told, done };
}

describe("the baseline", () => {
  it("is the rate without a proxy, measured once for each load", async () => {
    const { supplies, point, seconds, told, done } = supplying(() => 1500);
    for (const cpu of [0.1, 0.2]) await supplies.provide({ ...point, cpu });
    expect(supplies.knownBaseline(point)).toEqual({ directRequestsPerSecond: 1500 });
    expect([seconds, told]).toEqual([[1], ["before: 1500"]]);
    await supplies.provide({ ...point, concurrency: 64 });
    await supplies.provide({ ...point, servers: 3 });
    expect(done.filter((what) => what.startsWith("start"))).toEqual(["start 1 origins", "start 3 origins"]);
    expect(told).toHaveLength(3);
  });

  it("is not known, rather than 0, where no reply came", async () => {
    const { supplies, point, told } = supplying(() => 0);
    await supplies.provide(point);
    expect(supplies.knownBaseline(point)).toEqual({});
    expect(told).toEqual([expect.stringMatching(/\bbaseline: tool\b.*\b1 s$/)]);
  });

  it("of an open loop is its latencies at that rate and with those arrivals, measured once for each", async () => {
    const wishes: unknown[] = [];
    const { supplies, point, told } = supplying(({ wish }) => {
      wishes.push(wish);
      return 500;
    });
    const open = { ...point, requestsPerSecond: 500 };
    for (const cpu of [0.1, 0.2]) await supplies.provide({ ...open, cpu });
    await supplies.provide({ ...open, requestsPerSecond: 900 });
    const offered = wishes.filter((wish) => (wish as { loop: string }).loop === "open");
    expect(offered).toMatchObject([{ requestsPerSecond: 500 }, { requestsPerSecond: 900 }]);
    expect(supplies.knownBaseline(open)).toEqual({ directRequestsPerSecond: 500, directLatencyMs: {} });
    expect(supplies.knownBaseline(point)).not.toHaveProperty("directLatencyMs");
    expect(told).toHaveLength(3);
  });

  it("of a goal is looked at once more where it seems longer than that, and the shorter one counts", async () => {
    const tailsMs = [8, 90, 9, 40, 60];
    const { job, parts } = fakeSweep({ spec: { goal: { p99Ms: 20 } } });
    const runLoad: typeof parts.runLoad = async (tool, wish, signal) => {
      const report = await parts.runLoad(tool, wish, signal);
      return wish.loop === "open" ? { ...report, latencyMs: { p99: tailsMs.shift()! } } : report;
    };
    const supplies = new Supplies(job, { ...parts, runLoad });
    const { point } = trialRecord({ point: { loadTool: "tool" } });
    const found: unknown[] = [];
    for (const requestsPerSecond of [500, 1000, 2000]) {
      await supplies.provide({ ...point, requestsPerSecond });
      found.push(supplies.knownBaseline({ ...point, requestsPerSecond }).directLatencyMs?.p99);
    }
    expect(found).toEqual([8, 9, 40]);
  });

  it("takes long enough for origins that take their time", async () => {
    const { supplies, point, seconds } = supplying(undefined, 2_000);
    await supplies.provide(point);
    expect(seconds).toEqual([10]);
  });
});
