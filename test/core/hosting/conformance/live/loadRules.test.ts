import { describe, expect, it } from "vitest";
import type { LoadPlugin, LoadReport } from "../../../../../src/core/contract/index.ts";
import { loadCases } from "../../../../../src/core/hosting/conformance/live/loadCases.ts";
import type { LoadTrial } from "../../../../../src/core/hosting/conformance/live/loadRules.ts";
import type { LoadWish } from "../../../../../src/core/measure/trial/loadRun.ts";

const everything: LoadPlugin["supports"] = {
  loops: ["closed", "open"],
  forwardProxy: true,
  severalUrls: true,
  noKeepAlive: true,
  requestCount: true,
  tls: true,
  tlsResumption: ["1.2"],
  http2: true,
};
const url = "http://127.0.0.1:1/";
const others = ["http://127.0.0.1:2/", "http://127.0.0.1:3/"];
const soundReport: LoadReport = {
  loop: "closed",
  durationSeconds: 1,
  completedRequests: 600,
  failedRequests: 0,
  failures: {},
  latencyMs: { mean: 12, p50: 12, p90: 14, p99: 20, max: 30 },
  latencyKind: "service",
};
const soundWish: LoadWish = { urls: [url], concurrency: 8, keepAlive: true, loop: "closed", until: { seconds: 1 } };

interface Changes {
  readonly report?: Partial<LoadReport>;
  readonly wish?: Partial<LoadWish>;
  readonly answered?: Record<string, number>;
  readonly connections?: number;
  readonly resumed?: number;
  readonly overHttp2?: number;
  readonly wallSeconds?: number;
}

function trial(changes: Changes): LoadTrial {
  const { report, wish, answered = { [url]: 604 }, connections = 8, wallSeconds = 1.2 } = changes;
  const { resumed = 0, overHttp2 = 0 } = changes;
  return {
    report: { ...soundReport, ...report },
    wish: { ...soundWish, ...wish },
    target: {
      answered: new Map(Object.entries(answered)),
      connections: () => connections,
      resumed: () => resumed,
      overHttp2: () => overHttp2,
    },
    wallSeconds,
  };
}

/** The rules of a case that a trial breaks. */
function broken(name: string, changes: Changes): string[] {
  const found = loadCases(everything).find((one) => one.name === name)!;
  return found.rules.flatMap((rule) => {
    try {
      rule.judge(trial(changes));
      return [];
    } catch {
      return [rule.name];
    }
  });
}

const counts = "counts what was answered, within 1 %";
const openLoop = "open loop, 200 requests/s";
const atRate = {
  report: { completedRequests: 200 },
  answered: { [url]: 202 },
  wish: { loop: "open", requestsPerSecond: 200 },
} as const;
const overload = "open loop, faster than its origin";
const overloaded = (report: Partial<LoadReport>): Changes => ({ ...atRate, report });
const shares = { [url]: 201, [others[0]!]: 202, [others[1]!]: 201 };
const severalUrls = { urls: [url, ...others] } as const;

describe("the live rules for load tools", () => {
  it("are for what a tool supports, and for failures in any case", () => {
    const nothing = { loops: ["open"], forwardProxy: false, severalUrls: false, noKeepAlive: false } as const;
    const names = loadCases({ ...nothing, requestCount: false }).map(({ name }) => name);
    expect(names).toEqual([openLoop, overload, "an origin that answers with status 500"]);
  });

  const sound: [string, Changes][] = [
    ["closed loop", {}],
    ["closed loop", { report: { latencyMs: {} } }],
    ["closed loop", { connections: 9 }],
    [openLoop, atRate],
    [overload, overloaded({ latencyMs: { p50: 250, max: 590 }, latencyKind: "response" })],
    [overload, overloaded({ latencyMs: {}, latencyKind: "corrected" })],
    ["without keep-alive", { connections: 604, wish: { keepAlive: false } }],
    ["through a forward proxy", {}],
    ["several URLs through a forward proxy", { answered: shares, wish: severalUrls }],
    [
      "200 requests",
      { report: { completedRequests: 200 }, answered: { [url]: 200 }, wish: { until: { requests: 200 } } },
    ],
    ["an origin that answers with status 500", { report: { completedRequests: 0, failedRequests: 600 } }],
  ];
  it.each(sound)("let a sound report pass: %s", (name, changes) => expect(broken(name, changes)).toEqual([]));

  const wrong: [string, string, Changes, string][] = [
    ["too few", "closed loop", { report: { completedRequests: 302 } }, counts],
    ["too many", "closed loop", { report: { completedRequests: 660 } }, counts],
    ["failures that nobody saw", "closed loop", { report: { failedRequests: 50 } }, counts],
    ["nothing at all", "closed loop", { answered: {}, report: { completedRequests: 0 } }, counts],
    ["another duration", "closed loop", { report: { durationSeconds: 1000 } }, "takes the time that it was given"],
    ["an end much later", "closed loop", { wallSeconds: 9 }, "takes the time that it was given"],
    [
      "seconds as milliseconds",
      "closed loop",
      { report: { latencyMs: { p50: 0.012 } } },
      "measures an origin that takes 10 ms",
    ],
    [
      "twice the latency",
      "closed loop",
      { report: { latencyMs: { mean: 24 } } },
      "measures an origin that takes 10 ms",
    ],
    [
      "microseconds as milliseconds",
      "closed loop",
      { report: { latencyMs: { mean: 12_000 } } },
      "measures an origin that takes 10 ms",
    ],
    [
      "percentiles in disorder",
      "closed loop",
      { report: { latencyMs: { p50: 12, p90: 20, p95: 14 } } },
      "measures an origin that takes 10 ms",
    ],
    ["a connection for each request", "closed loop", { connections: 604 }, "keeps its connections open"],
    ["one connection", "closed loop", { connections: 1 }, "keeps its connections open"],
    ["another rate", openLoop, { ...atRate, report: { completedRequests: 160 } }, "keeps to the rate"],
    [
      "times from the sending in an open loop",
      overload,
      overloaded({ latencyMs: { p50: 101, max: 110 }, latencyKind: "response" }),
      "counts latencies from when requests were due",
    ],
    [
      "an open loop that says so itself",
      overload,
      overloaded({ latencyMs: { p50: 250, max: 590 }, latencyKind: "service" }),
      "counts latencies from when requests were due",
    ],
    ["more connections than there are", overload, { ...atRate, connections: 20 }, "keeps its connections open"],
    ["connections kept", "without keep-alive", { connections: 8 }, "opens a connection for each request"],
    [
      "a path asked of a proxy",
      "through a forward proxy",
      { answered: { "/": 604 } },
      "asks the proxy for the URL, in absolute form",
    ],
    [
      "only the first URL",
      "several URLs through a forward proxy",
      { answered: { [url]: 604 }, wish: severalUrls },
      "asks for each as often as for the others",
    ],
    [
      "one request more",
      "200 requests",
      { report: { completedRequests: 200 }, answered: { [url]: 201 }, wish: { until: { requests: 200 } } },
      "sends so many and no more",
    ],
    ["failures as completed", "an origin that answers with status 500", {}, "reports failures and nothing completed"],
    [
      "no failures",
      "an origin that answers with status 500",
      { report: { completedRequests: 0 } },
      "reports failures and nothing completed",
    ],
  ];
  it.each(wrong)("catch %s: %s", (_, name, changes, rule) => expect(broken(name, changes)).toContain(rule));
});

describe("a load tool over TLS", () => {
  const apart = (version: string) => `over TLS ${version} without keep-alive`;
  const separate = { answered: { [url]: 604 }, connections: 604 };

  it("resumes sessions where it says so, but for those of its first connections", () => {
    expect(broken(apart("1.2"), { ...separate, resumed: 596 })).toEqual([]);
    expect(broken(apart("1.2"), { ...separate, resumed: 302 })).toEqual(["resumes TLS sessions on new connections"]);
  });

  it("does not resume them always where it does not say so", () => {
    expect(broken(apart("1.3"), { ...separate, resumed: 302 })).toEqual([]);
    expect(broken(apart("1.3"), { ...separate, resumed: 596 })).toEqual(["makes full TLS handshakes"]);
  });

  it("speaks HTTP/2 and nothing else", () => {
    expect(broken("over HTTP/2", { overHttp2: 604 })).toEqual([]);
    expect(broken("over HTTP/2", { overHttp2: 0 })).toEqual(["speaks HTTP/2"]);
  });
});
