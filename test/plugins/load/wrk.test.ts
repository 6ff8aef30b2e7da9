import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wrk from "../../../src/plugins/load/wrk.ts";
import { loadSetup, reading, recorded } from "./recorded.ts";

describe("the plan of wrk", () => {
  it("has as many threads as divide the connections, since wrk drops the remainder", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 64 }), (concurrency, threads) => {
        const { argv } = wrk.plan(loadSetup({ concurrency, threads }));
        const used = Number(argv[argv.indexOf("-t") + 1]);
        expect(concurrency % used).toBe(0);
        expect(used).toBeGreaterThanOrEqual(1);
        expect(used).toBeLessThanOrEqual(threads);
      }),
    );
  });

  it("defines a request function for several URLs only", () => {
    const script = wrk.plan(loadSetup()).files?.["wrk.lua"] ?? "";
    expect(script).toMatch(/if #urls > 1 then\s+function request\(\)/);
    expect(script.match(/function request/g)).toHaveLength(1);
  });

  it("cannot be told to stop after a number of requests", () => {
    expect(wrk.supports.requestCount).toBe(false);
    expect(() => wrk.plan(loadSetup({ until: { requests: 100 } }))).toThrow(/wrk .* number of requests/);
  });

  it("puts the script into the scratch folder", () => {
    expect(Object.keys(wrk.plan(loadSetup()).files ?? {})).toEqual(["wrk.lua"]);
  });
});

describe("the report of wrk", () => {
  it("never counts less than nothing completed when late replies had bad statuses as well", () => {
    const { stdout, ...end } = recorded("wrk", "late-replies");
    const output = { ...end, stdout: stdout.replace('"status":0.0', '"status":10.0') };
    expect(wrk.parse(output, loadSetup())).toMatchObject({ completedRequests: 0, failedRequests: 16 });
  });

  it("has the percentiles that the script asks wrk for, in milliseconds", () => {
    const script = wrk.plan(loadSetup()).files?.["wrk.lua"] ?? "";
    for (const name of ["p50", "p90", "p95", "p99", "p999"]) expect(script).toContain(`"${name}":%.1f`);
    expect(script).toContain("latency:percentile(95), latency:percentile(99), latency:percentile(99.9), latency.max");
    const { stdout, ...end } = recorded("wrk", "normal");
    const told = { ...end, stdout: stdout.replace('"max":', '"p95":2100.0,"p999":8200.0,"max":') };
    expect(wrk.parse(told, loadSetup()).latencyMs).toMatchObject({ p95: 2.1, p999: 8.2 });
  });

  it("is refused when wrk failed after the result", () => {
    expect(reading(wrk, { ...recorded("wrk", "normal"), code: 139 })).toContain("code 139");
  });
});
