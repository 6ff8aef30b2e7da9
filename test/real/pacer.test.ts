import { afterAll, describe, expect, it } from "vitest";
import type { LoadSetup } from "../../src/core/contract/index.ts";
import { Lab } from "../../src/core/lab.ts";
import { keepsOpenLoops, origin, startLoad } from "../fixtures/openLoop.ts";

const lab = await Lab.open({ plugins: "plugins.json", store: ":memory:" });
afterAll(() => lab.close());

const start = (url: string, changes: Partial<LoadSetup> = {}) => startLoad(lab, "pacer", url, changes);
const run = async (url: string, changes: Partial<LoadSetup> = {}) => (await start(url, changes)).report;

describe("pacer on loopback", () => {
  keepsOpenLoops(start);

  // Again on a busy machine: what is due while everything stands still at the end of the window is not sent any more.
  it.each([{ kind: "constant" }, { kind: "poisson" }, { kind: "bursts", size: 20 }] as const)(
    "sends 500 requests/s for two seconds: $kind",
    { retry: 2 },
    async (arrivals) => {
      const { seen, url } = await origin((_, response) => response.end("ok"));
      const report = await run(url, { concurrency: 64, arrivals });
      expect(Math.abs(report.sending!.due - 1000)).toBeLessThanOrEqual(arrivals.kind === "poisson" ? 130 : 20);
      expect(Math.abs(seen.requests - report.sending!.due)).toBeLessThanOrEqual(20);
      expect(Math.abs(report.completedRequests - seen.requests)).toBeLessThanOrEqual(64); // some may be on their way
      expect(report).toMatchObject({ failedRequests: 0, latencyKind: "response" });
      expect(report.durationSeconds).toBeCloseTo(2, 1);
      expect(seen.connections).toBeLessThanOrEqual(64);
    },
  );

  it("connects anew for each request without keep-alive", async () => {
    const { seen, url } = await origin((_, response) => response.end("ok"));
    const report = await run(url, { keepAlive: false, until: { requests: 100 } });
    expect(seen.requests).toBe(100);
    expect(seen.connections).toBeGreaterThanOrEqual(100);
    expect(report.completedRequests).toBe(100);
  });

  it("connects anew where the server closes", async () => {
    const { seen, url } = await origin((_, response) => response.setHeader("connection", "close").end("ok"));
    const report = await run(url, { until: { requests: 100 } });
    expect(seen.requests).toBe(100);
    expect(report).toMatchObject({ completedRequests: 100, failedRequests: 0 });
  });

  it("tells failures apart", async () => {
    const answers = [200, 404, 503];
    const { seen, url } = await origin((_, response) => {
      const status = answers[seen.requests % answers.length];
      response.writeHead(status!).end();
    });
    const { failures, failedRequests } = await run(url, { until: { requests: 300 } });
    expect(failures).toMatchObject({ http4xx: 100, http5xx: 100 });
    expect(failedRequests).toBe(200);
    const resets = await origin((request) => void request.socket.resetAndDestroy());
    const { failures: lost, completedRequests } = await run(resets.url, { until: { requests: 50 } });
    expect(completedRequests).toBe(0);
    expect((lost.reset ?? 0) + (lost.lost ?? 0)).toBe(50);
    const refused = await run("http://127.0.0.1:9/", { until: { seconds: 0.5 } });
    expect(refused.failures.connect).toBeGreaterThan(0);
    expect(refused.completedRequests).toBe(0);
  });
});
