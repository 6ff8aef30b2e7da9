import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { LoadSetup } from "../../src/core/contract/index.ts";
import { Lab } from "../../src/core/lab.ts";
import { processCpuSeconds, secondsOf } from "../../src/core/process/kernel/cpuTime.ts";
import { statFields } from "../../src/core/process/kernel/processStat.ts";
import { origin, startLoad } from "../fixtures/openLoop.ts";
import { missing } from "../fixtures/parts.ts";

const without = await missing("load/vegeta");

const lab = await Lab.open({ plugins: "plugins.json", store: ":memory:" });
afterAll(() => lab.close());

const start = (url: string, changes: Partial<LoadSetup> = {}) => startLoad(lab, "vegeta", url, changes);

async function run(url: string, changes: Partial<LoadSetup> = {}) {
  return (await start(url, changes)).report;
}

describe.skipIf(without)(`vegeta ${without ? `(not run: ${without})` : "on loopback"}`, () => {
  // Again on a busy machine: what is due while everything stands still at the end of the window is not sent any more.
  it("sends 500 requests/s for two seconds", { retry: 2 }, async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const report = await run(url, { concurrency: 64 });
    expect(Math.abs(seen.requests - 1000)).toBeLessThanOrEqual(10);
    expect(Math.abs(report.completedRequests - seen.requests)).toBeLessThanOrEqual(64); // some may be on their way
    expect(report).toMatchObject({ durationSeconds: 2, failedRequests: 0, latencyKind: "response" });
    expect(seen.connections).toBeLessThanOrEqual(64);
  });

  it("sends just as many requests as told", async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const report = await run(url, { until: { requests: 777 }, requestsPerSecond: 1500 });
    expect(seen.requests).toBe(777);
    expect(report).toMatchObject({ completedRequests: 777, failedRequests: 0 });
  });

  it("connects anew for each request without keep-alive", async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const report = await run(url, { keepAlive: false, until: { requests: 100 } });
    expect(seen).toEqual({ requests: 100, connections: 100 });
    expect(report.completedRequests).toBe(100);
  });

  it("counts what waited for a free connection into the response time", async () => {
    const { url } = await origin((_, response) => setTimeout(() => response.end("ok"), 50));
    const report = await run(url, { concurrency: 1, requestsPerSecond: 100, until: { requests: 40 } });
    expect(report.completedRequests).toBe(40);
    expect(report.durationSeconds).toBeGreaterThan(1.9); // 40 replies of 50 ms, one after the other
    expect(report.latencyMs.max).toBeGreaterThan(1_000); // the last one was due after 400 ms
  });

  it("ends with its window when no reply comes, and leaves nothing behind", async () => {
    const { seen, url } = await origin(() => {});
    const { child, report } = await start(url, { concurrency: 4, until: { seconds: 1 } });
    expect(await report).toMatchObject({ durationSeconds: 1, completedRequests: 0, failedRequests: 0, latencyMs: {} });
    expect(seen.requests).toBe(4);
    expect(() => process.kill(-child.pid, 0)).toThrow(/ESRCH/);
  });

  it("ends at an interrupt with what it did until then", async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const { child, report } = await start(url, { until: { seconds: 60 } });
    await vi.waitUntil(() => seen.requests >= 200, { timeout: 20_000 });
    process.kill(-child.pid, "SIGINT");
    const { durationSeconds, completedRequests } = await report;
    expect(durationSeconds).toBeLessThan(20);
    expect(Math.abs(completedRequests - seen.requests)).toBeLessThanOrEqual(16);
  });

  it.skipIf(!existsSync("/proc/self/stat"))("has its CPU time seen through the driver", async () => {
    const { url } = await origin((_, response) => response.end("ok"));
    const { child, report } = await start(url, { requestsPerSecond: 2000, until: { seconds: 60 } });
    const ofDriver = () => secondsOf(statFields(readFileSync(`/proc/${child.pid}/stat`, "utf8")));
    await vi.waitUntil(async () => (await processCpuSeconds(child.pid))! - ofDriver() > 0.1, { timeout: 20_000 });
    process.kill(-child.pid, "SIGINT");
    await report;
  });
});
