import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wrk from "../../../src/plugins/load/wrk.ts";
import {
  follows,
  loadSetup,
  reading,
  recorded,
  refusesEveryBeginning,
  refusesUnknownText,
  squid,
  staysSoundWithBadNumbers,
} from "./recorded.ts";

function parsed(name: string) {
  return wrk.parse(recorded("wrk", name), loadSetup());
}

describe("the command line of wrk", () => {
  it("names threads, connections, time, timeout and the script in the scratch folder", () => {
    const { argv, files } = wrk.plan(loadSetup({ threads: 2 }));
    expect(argv).toEqual([
      "wrk",
      ...["-t", "2", "-c", "8", "-d", "2s", "--timeout", "30s", "-s", "/scratch/wrk.lua"],
      "http://127.0.0.1:9001/",
    ]);
    expect(Object.keys(files ?? {})).toEqual(["wrk.lua"]);
  });

  it("rounds times up to whole seconds", () => {
    const { argv } = wrk.plan(loadSetup({ until: { seconds: 2.2 }, timeoutSeconds: 0.4 }));
    expect(follows(argv, "-d", "3s", "--timeout", "1s")).toBe(true);
  });

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

  it("asks for a closed connection after each reply without keep-alive", () => {
    expect(follows(wrk.plan(loadSetup({ keepAlive: false })).argv, "-H", "Connection: close")).toBe(true);
    expect(wrk.plan(loadSetup()).argv).not.toContain("-H");
  });

  it("connects to the forward proxy and hands the URLs of the origins to the script", () => {
    const urls = ["http://127.0.0.1:9001", "http://127.0.0.1:9002/b"] as const;
    const { argv } = wrk.plan(loadSetup({ forwardProxy: squid, urls }));
    expect(follows(argv, "http://127.0.0.1:3128/", "http://127.0.0.1:9001/", "http://127.0.0.1:9002/b")).toBe(true);
  });

  it("hands the script no URL in the reverse role, so that the request stays static", () => {
    expect(wrk.plan(loadSetup({ urls: ["http://127.0.0.1:9001/a"] })).argv.at(-2)).toBe("/scratch/wrk.lua");
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
});

describe("the report of wrk", () => {
  it("has the figures of the line that the script printed, latency in milliseconds", () => {
    expect(parsed("resets")).toEqual({
      loop: "closed",
      durationSeconds: 2.021594,
      completedRequests: 23264,
      failedRequests: 5813,
      failures: { connect: 0, reset: 5813, timeout: 0, status: 0, other: 0 },
      transferredBytes: 1488896,
      latencyMs: { mean: 1.817, p50: 0.336, p90: 3.496, p99: 32.936, max: 62.857 },
      latencyKind: "corrected",
    });
  });

  it.each([
    ["normal", 122961],
    ["no-keep-alive", 27979],
    ["forward", 9223],
    ["forward-two", 7100],
  ])("is read from a run named %s", (name, completed) => {
    expect(parsed(name)).toMatchObject({ completedRequests: completed, failedRequests: 0 });
  });

  it("does not depend on the locale", () => {
    expect(parsed("german")).toMatchObject({ durationSeconds: 2.009014, latencyMs: { mean: 1.0811 } });
  });

  it("takes bad statuses off the requests", () => {
    expect(parsed("some-hang")).toMatchObject({
      completedRequests: 3499 - 702,
      failedRequests: 702,
      failures: { status: 702 },
    });
    expect(parsed("not-found")).toMatchObject({ completedRequests: 0, failedRequests: 113535 });
  });

  it("counts connections closed without a reply", () => {
    expect(parsed("closed-silently")).toMatchObject({ completedRequests: 13288, failedRequests: 3317 });
  });

  it("takes replies after the timeout off the requests, and has no latency without others", () => {
    const { completedRequests, failedRequests, failures, latencyMs } = parsed("late-replies");
    expect({ completedRequests, failedRequests, timeout: failures.timeout, latencyMs }).toEqual({
      completedRequests: 0,
      failedRequests: 16,
      timeout: 16,
      latencyMs: {},
    });
  });

  it("has neither completed nor failed requests of a target that never replies", () => {
    const { completedRequests, failedRequests, latencyMs } = parsed("no-replies");
    expect({ completedRequests, failedRequests, latencyMs }).toEqual({
      completedRequests: 0,
      failedRequests: 0,
      latencyMs: {},
    });
  });

  it("is whole for a run that an interrupt cut short: its window is as short", () => {
    expect(parsed("interrupted")).toMatchObject({ durationSeconds: 1.202308, completedRequests: 38220 });
  });

  it("never counts less than nothing completed when late replies had bad statuses as well", () => {
    const { stdout, ...end } = recorded("wrk", "late-replies");
    const output = { ...end, stdout: stdout.replace('"status":0.0', '"status":10.0') };
    expect(wrk.parse(output, loadSetup())).toMatchObject({ completedRequests: 0, failedRequests: 16 });
  });
});

describe("output of wrk that is no result", () => {
  it("is refused with what wrk said: connection refused", () => {
    const message =
      'wrk gave no result: it ended with code 1 after "unable to connect to 127.0.0.1:21099 Connection refused"';
    expect(reading(wrk, recorded("wrk", "refused"))).toBe(message);
  });

  it("is refused with the signal that ended wrk", () => {
    expect(reading(wrk, recorded("wrk", "killed"))).toBe("wrk gave no result: it was ended by SIGTERM after no output");
  });

  it("is refused when wrk failed after the result", () => {
    expect(reading(wrk, { ...recorded("wrk", "normal"), code: 139 })).toContain("code 139");
  });

  it("is refused with the line when a figure is missing", () => {
    const { stdout, ...end } = recorded("wrk", "normal");
    const refusal = reading(wrk, { ...end, stdout: stdout.replace('"read"', '"raed"') });
    expect(refusal).toMatch(/^wrk printed a result that cannot be read: LAB_RESULT \{.*"raed"/);
  });

  it("is refused when it is any other text", () => refusesUnknownText(wrk));

  it.each(["normal", "resets", "late-replies"])("is refused when it breaks off: %s", (name) => {
    refusesEveryBeginning(wrk, recorded("wrk", name));
  });

  it.each(["normal", "resets", "late-replies"])("never becomes a report with bad numbers: %s", (name) => {
    staysSoundWithBadNumbers(wrk, recorded("wrk", name));
  });
});
