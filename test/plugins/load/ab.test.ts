import { describe, expect, it } from "vitest";
import ab from "../../../src/plugins/load/ab.ts";
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
  return ab.parse(recorded("ab", name), loadSetup());
}

describe("the command line of ab", () => {
  it("takes resets and replies of any length, and reports no progress", () => {
    const { argv } = ab.plan(loadSetup());
    expect(argv[0]).toBe("ab");
    expect(argv).toEqual(expect.arrayContaining(["-q", "-r", "-l", "-k"]));
    expect(argv.at(-1)).toBe("http://127.0.0.1:9001/");
  });

  it("gives -t before -n, which -t would set to 50,000", () => {
    const { argv } = ab.plan(loadSetup({ until: { seconds: 10 } }));
    expect(follows(argv, "-t", "10", "-n", "1000000")).toBe(true);
  });

  it("bounds the memory that it reserves in a long run", () => {
    const { argv } = ab.plan(loadSetup({ until: { seconds: 3600 } }));
    expect(follows(argv, "-n", "20000000")).toBe(true);
  });

  it("rounds times up to whole seconds", () => {
    const { argv } = ab.plan(loadSetup({ until: { seconds: 2.2 }, timeoutSeconds: 0.4 }));
    expect(follows(argv, "-t", "3")).toBe(true);
    expect(follows(argv, "-s", "1")).toBe(true);
  });

  it("stops after a number of requests, with no more connections than requests", () => {
    const { argv } = ab.plan(loadSetup({ until: { requests: 5 }, concurrency: 8 }));
    expect(follows(argv, "-n", "5", "-c", "5")).toBe(true);
    expect(argv).not.toContain("-t");
  });

  it("asks for keep-alive in the lower case that all proxies know", () => {
    expect(follows(ab.plan(loadSetup()).argv, "-k", "-H", "Connection: keep-alive")).toBe(true);
  });

  it("leaves keep-alive off when told", () => {
    const { argv } = ab.plan(loadSetup({ keepAlive: false }));
    expect(argv).not.toContain("-k");
    expect(argv).not.toContain("Connection: keep-alive");
  });

  it("names the forward proxy and asks it for the URL of the origin", () => {
    const { argv } = ab.plan(loadSetup({ forwardProxy: squid, urls: ["http://127.0.0.1:9001/a?b"] }));
    expect(follows(argv, "-X", "127.0.0.1:3128", "http://127.0.0.1:9001/a?b")).toBe(true);
  });

  it("adds the path that ab refuses to do without", () => {
    expect(ab.plan(loadSetup({ urls: ["http://127.0.0.1:9001"] })).argv.at(-1)).toBe("http://127.0.0.1:9001/");
  });
});

describe("the report of ab", () => {
  it("has the figures of the summary", () => {
    expect(parsed("normal")).toEqual({
      loop: "closed",
      durationSeconds: 2,
      completedRequests: 72530,
      failedRequests: 0,
      failures: { connect: 0, reset: 0, status: 0, other: 0 },
      transferredBytes: 85150220,
      latencyMs: { mean: 0.883, p50: 1, p90: 2, p99: 7, max: 12 },
      latencyKind: "service",
      latencyResolutionMs: 1,
    });
  });

  it.each([
    ["no-keep-alive", 17798],
    ["forward", 7523],
    ["count", 2000],
  ])("is read from a run with %s", (name, completed) => {
    expect(parsed(name)).toMatchObject({ completedRequests: completed, failedRequests: 0 });
  });

  it("does not depend on the locale", () => {
    expect(parsed("german")).toMatchObject({ durationSeconds: 2.001, latencyMs: { mean: 0.151 } });
  });

  it("takes bad statuses off the complete requests", () => {
    expect(parsed("server-errors")).toMatchObject({
      completedRequests: 40951 - 4095,
      failedRequests: 4095,
      failures: { status: 4095 },
    });
    expect(parsed("not-found")).toMatchObject({ completedRequests: 0, failedRequests: 87748 });
  });

  it("counts a reset once, though ab counts a failed receive and an exception", () => {
    const { completedRequests, failedRequests, failures } = parsed("resets");
    expect(completedRequests).toBe(37488); // what it calls Keep-Alive requests: those with a reply
    expect(failedRequests).toBe(9369);
    expect(failures).toEqual({ connect: 0, reset: 9368, status: 0, other: 1 });
  });

  it("has no completed request when every connection is refused", () => {
    expect(parsed("refused")).toMatchObject({ completedRequests: 0, failedRequests: 96758, transferredBytes: 0 });
  });

  it("takes write errors off the complete requests", () => {
    const { stdout, ...end } = recorded("ab", "normal");
    const output = {
      ...end,
      stdout: stdout.replace("Keep-Alive requests:", "Write errors:           30\nKeep-Alive requests:"),
    };
    expect(ab.parse(output, loadSetup())).toMatchObject({
      completedRequests: 72500,
      failedRequests: 30,
      failures: { other: 30 },
    });
  });

  it("has no percentiles for a single request, where ab prints none", () => {
    expect(parsed("one-request")).toMatchObject({ durationSeconds: 0.311, completedRequests: 1 });
    expect(parsed("one-request").latencyMs).toEqual({});
  });
});

describe("output of ab that is no result", () => {
  it.each([
    ["no-replies", /^ab .* code 119 after "apr_pollset_poll: The timeout specified has expired \(70007\)"$/],
    ["some-hang", /^ab .* code 119 after "apr_pollset_poll: The timeout specified has expired \(70007\)"$/],
    ["late-replies", /^ab .* code 119 after "apr_pollset_poll: The timeout specified has expired \(70007\)"$/],
    ["killed", /^ab .* ended by SIGTERM after "Benchmarking 127\.0\.0\.1 \(be patient\)\.\.\."$/],
    ["interrupted", /^ab .* code 1 after "100% +9 \(longest request\)"$/],
  ])("is refused with its last line: %s", (name, message) => {
    expect(reading(ab, recorded("ab", name))).toMatch(message);
  });

  it("is refused with the line that cannot be read", () => {
    const { stdout, ...end } = recorded("ab", "normal");
    const broken = { ...end, stdout: stdout.replace("72530\nFailed", "7z530\nFailed") };
    expect(reading(ab, broken)).toBe('ab printed a line that cannot be read: "Complete requests:      7z530"');
  });

  it("is refused when failures have no kinds", () => {
    const { stdout, ...end } = recorded("ab", "resets");
    const broken = { ...end, stdout: stdout.replace("Receive: 9368", "Receive: many") };
    expect(reading(ab, broken)).toContain("Receive: many");
  });

  it("is refused when the run was too short for its clock", () => {
    const { stdout, ...end } = recorded("ab", "one-request");
    expect(reading(ab, { ...end, stdout: stdout.replace("0.311 sec", "0.000 sec") })).toContain("too short");
  });

  it("is refused when it is any other text", () => refusesUnknownText(ab));

  it.each(["normal", "resets", "one-request"])("is refused when it breaks off: %s", (name) => {
    refusesEveryBeginning(ab, recorded("ab", name));
  });

  it.each(["normal", "resets", "one-request"])("never becomes a report with bad numbers: %s", (name) => {
    staysSoundWithBadNumbers(ab, recorded("ab", name));
  });
});
