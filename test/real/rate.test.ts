import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import { missing } from "../fixtures/parts.ts";
import { ownStore, runLab } from "../fixtures/runLab.ts";

const without = await missing("proxy/haproxy", "load/autocannon", "limiter/cgroup");
const windows = ["--window", "2s", "--max-window", "2s", "--warmup", "1s", "--anchors", "0"];
const levels = ["--rate", "200,400", "--cpu", "0.3,0.6"];

describe.skipIf(without)(`a sweep of offered rates ${without ? `(not run: ${without})` : ""}`, () => {
  it("offers each rate at each CPU limit, meets it, and tells what the CPU time was spent on", async () => {
    const store = ownStore();
    const sweep = ["sweep", "--proxy", "haproxy", "--load", "autocannon", "--limiter", "cgroup", ...levels, ...windows];
    const { code, stdout } = await runLab([...sweep, "--json"], { store });
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LabEvent);
    const records = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
    const points = records.map(({ point }) => `${point.requestsPerSecond} at ${point.cpu}`);
    expect(points.toSorted()).toEqual(["200 at 0.3", "200 at 0.6", "400 at 0.3", "400 at 0.6"]);
    for (const { point, result, usage, verdict } of records) {
      const rate = point.requestsPerSecond!;
      expect(Math.abs(result!.requestsPerSecond / rate - 1)).toBeLessThan(0.05);
      expect(result).toMatchObject({ loop: "open", latencyKind: "response", offeredRequestsPerSecond: rate });
      const { p50 = Number.NaN, p95 = Number.NaN, p99 = Number.NaN, p999 = Number.NaN } = result!.latencyMs;
      expect([p50, p95, p99, p999]).toEqual([p50, p95, p99, p999].toSorted((a, b) => a - b));
      const { cpuSeconds = 0, userCpuSeconds = 0, systemCpuSeconds = 0 } = usage!;
      expect(usage!.throttledSeconds).toBeGreaterThanOrEqual(0);
      expect(userCpuSeconds + systemCpuSeconds).toBeGreaterThan(0);
      // Ticks of 10 ms tell the two apart.
      expect(Math.abs(userCpuSeconds + systemCpuSeconds - cpuSeconds)).toBeLessThan(0.05 + 0.3 * cpuSeconds);
      expect(verdict!.bound).not.toBe("proxy-bound");
    }
  });

  it("is drawn against the rate and exported with it", async () => {
    const store = ownStore();
    const sweep = ["sweep", "--proxy", "haproxy", "--load", "autocannon", "--limiter", "cgroup", "--cpu", "0.6"];
    const run = await runLab([...sweep, "--rate", "200,400", ...windows], { store });
    expect(run.stdout).toMatch(/p99 response time against offered rate/);
    const chart = JSON.parse(
      (await runLab(["chart", "--x", "rate", "--y", "latencyMs.p99", "--json"], { store })).stdout,
    );
    expect(chart.series[0].points.map(({ x }: { x: number }) => x)).toEqual([200, 400]);
    const { stdout } = await runLab(["export", "--format", "ndjson"], { store });
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => row.offeredRequestsPerSecond).toSorted()).toEqual([200, 400]);
    for (const row of rows)
      for (const name of ["throttledSeconds", "userCpuMicrosPerRequest", "latencyP999Ms"])
        expect(row[name]).toEqual(expect.any(Number));
  });
});
