import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { LoadSetup } from "../../src/core/contract/index.ts";
import { Lab } from "../../src/core/lab.ts";
import { processCpuSeconds, secondsOf } from "../../src/core/process/kernel/cpuTime.ts";
import { statFields } from "../../src/core/process/kernel/processStat.ts";
import { keepsOpenLoops, origin, startLoad } from "../fixtures/openLoop.ts";
import { missing } from "../fixtures/parts.ts";

const without = await missing("load/vegeta");

const lab = await Lab.open({ plugins: "plugins.json", store: ":memory:" });
afterAll(() => lab.close());

const start = (url: string, changes: Partial<LoadSetup> = {}) => startLoad(lab, "vegeta", url, changes);

async function run(url: string, changes: Partial<LoadSetup> = {}) {
  return (await start(url, changes)).report;
}

describe.skipIf(without)(`vegeta ${without ? `(not run: ${without})` : "on loopback"}`, () => {
  keepsOpenLoops(start);

  // Again on a busy machine: what is due while everything stands still at the end of the window is not sent any more.
  it("sends 500 requests/s for two seconds", { retry: 2 }, async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const report = await run(url, { concurrency: 64 });
    expect(Math.abs(seen.requests - 1000)).toBeLessThanOrEqual(10);
    expect(Math.abs(report.completedRequests - seen.requests)).toBeLessThanOrEqual(64); // some may be on their way
    expect(report).toMatchObject({ durationSeconds: 2, failedRequests: 0, latencyKind: "response" });
    expect(seen.connections).toBeLessThanOrEqual(64);
  });

  it("connects anew for each request without keep-alive", async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const report = await run(url, { keepAlive: false, until: { requests: 100 } });
    expect(seen).toEqual({ requests: 100, connections: 100 });
    expect(report.completedRequests).toBe(100);
  });

  it("tells of a window that is exactly as long as told when no reply comes", async () => {
    const { url } = await origin(() => {});
    const report = await run(url, { concurrency: 4, until: { seconds: 1 } });
    expect(report).toMatchObject({ durationSeconds: 1, completedRequests: 0, failedRequests: 0, latencyMs: {} });
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
