import { describe, expect, it } from "vitest";
import oha from "../../../src/plugins/load/oha.ts";
import { loadSetup, recorded, squid } from "./recorded.ts";

describe("oha", () => {
  it("counts from the intended start in an open loop", () => {
    const report = oha.parse(recorded("oha", "overload"), loadSetup({ loop: "open", requestsPerSecond: 1000 }));
    expect(report).toMatchObject({ loop: "open", completedRequests: 812, failedRequests: 0, latencyKind: "response" });
    expect(report.latencyMs.p99).toBe(1590);
  });

  it("knows no open loop without a rate", () => {
    expect(() => oha.plan(loadSetup({ loop: "open" }))).toThrow(/requests per second/);
  });

  it("runs the threads it is given, and finds all URLs in its file", () => {
    const urls = ["http://127.0.0.1:9001", "http://127.0.0.1:9002/b"] as const;
    const plan = oha.plan(loadSetup({ urls, forwardProxy: squid, threads: 3 }));
    expect(plan.env).toEqual({ TOKIO_WORKER_THREADS: "3" });
    expect(plan.files).toEqual({ "urls.txt": "http://127.0.0.1:9001/\nhttp://127.0.0.1:9002/b" });
  });
});
