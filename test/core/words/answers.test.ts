import { describe, expect, it } from "vitest";
import type { Goals } from "../../../src/core/answer/goals.ts";
import type { AnswerData } from "../../../src/core/answer/learning/conditions.ts";
import type { Prediction } from "../../../src/core/answer/predict.ts";
import type { Recommendation } from "../../../src/core/answer/recommend.ts";
import type { Checked, Verification } from "../../../src/core/answer/verify.ts";
import { cpuInWords, predictionInWords, recommendationInWords } from "../../../src/core/words/answers.ts";
import { goalsInWords } from "../../../src/core/words/goals.ts";
import { verificationInShort, verificationInWords } from "../../../src/core/words/verification.ts";

const goals: Goals = { completedRequests: 5000, withinSeconds: 10, p99Ms: 20 };
const basis = { model: "capacity-law", medianApe: 0.05, rowsUsed: 1014, rowsExcluded: {} };

describe("goals in words", () => {
  const cases: [Goals, string][] = [
    [goals, "5,000 requests in 10 s, p99 at most 20 ms"],
    [{ requestsPerSecond: 1234.5 }, "1,234.5 requests/s"],
    [{ failedShare: 0 }, "at most 0 % failed"],
    [{ requestsPerSecond: 12, failedShare: 0.001 }, "12 requests/s, at most 0.1 % failed"],
    [{ p999Ms: 50, throttledShare: 0.05 }, "p99.9 at most 50 ms, at most 5 % of periods throttled"],
  ];
  it.each(cases)("says %j", (given, sentence) => expect(goalsInWords(given)).toBe(sentence));
});

describe("answers in words", () => {
  it.each([
    [{ estimate: 0.068, low: 0.059, high: 0.078 }, "0.068 (0.059 to 0.078)"],
    [{ estimate: 0.068, high: 0.078 }, "0.068 (at most 0.078)"],
    [{ estimate: 0.068, low: 0.059 }, "0.068 (at least 0.059)"],
    [{ estimate: 0.068 }, "0.068"],
  ])("leaves an end that was not measured open: %j", (quantity, sentence) => {
    expect(cpuInWords({ ...quantity, confidence: 0.9 })).toBe(sentence);
  });

  it("says what to set, what that rests on, the memory and what else would do", () => {
    const answer: Recommendation = {
      ok: true,
      goals,
      recommendedCpu: 0.0741,
      cpu: { estimate: 0.068, high: 0.078, confidence: 0.9 },
      memory: { bytes: 64 * 2 ** 20, from: "limit" },
      expected: {},
      levels: {},
      choices: [],
      ...basis,
    };
    const [first, second] = [
      "traefik, 5,000 requests in 10 s, p99 at most 20 ms: 0.068 cpu (at most 0.078); 0.075 cpu to be 90 % sure",
      "  capacity-law, median error 5 % on points left out, 1,014 trials",
    ];
    expect(recommendationInWords("traefik", answer)).toEqual([
      first,
      second,
      "  memory: 64 MiB, the limit that was measured",
    ]);
    const choices = [32, 64].map((size, i) => ({ memoryBytes: size * 2 ** 20, recommendedCpu: 0.2 - i / 10 }));
    expect(recommendationInWords("traefik", { ...answer, choices }).slice(2)).toEqual([
      "  memory: 64 MiB, where more saves hardly any CPU",
      "  or: 0.20 cpu with 32 MiB, 0.10 cpu with 64 MiB",
    ]);
  });

  it("says of a latency of closed loops that it is the one at saturation", () => {
    const data: AnswerData = {
      conditions: { loop: "closed" },
      limiters: ["cgroup"],
      levels: { concurrency: 32 },
      taken: [],
      measured: {},
      trials: 12,
      excluded: {},
      leftOut: [],
      latency: "at saturation",
    };
    const cpu = { estimate: 0.2, confidence: 0.9 };
    const answer = {
      ok: true,
      goals,
      recommendedCpu: 0.3,
      cpu,
      expected: {},
      levels: {},
      choices: [],
      ...basis,
    } as const;
    expect(recommendationInWords("haproxy", { ...answer, data })[0]).toMatch(
      /p99 at most 20 ms at saturation, with 32 connections: 0\.20 cpu/,
    );
    expect(recommendationInWords("haproxy", answer)[0]).not.toContain("saturation");
  });

  it("names the figure that is predicted, unless it is the rate", () => {
    const rate: Prediction = {
      ok: true,
      target: "requestsPerSecond",
      unit: "requests/s",
      quantity: { estimate: 520, low: 500, high: 541, confidence: 0.9 },
      lower: 505,
      upper: 535,
      ...basis,
    };
    expect(predictionInWords("haproxy", 0.1, rate)[0]).toBe(
      "haproxy at 0.1 cpu: 520 requests/s (500 requests/s to 541 requests/s), 90 % sure for one further run",
    );
    const p99 = { ...rate, target: "latencyMs.p99", unit: "ms", quantity: { ...rate.quantity, estimate: 12 } } as const;
    expect(predictionInWords("haproxy", 0.1, p99)[0]).toMatch(/^haproxy at 0.1 cpu: latencyMs.p99 12 ms/);
  });
});

describe("a verification in words", () => {
  const held: Checked = {
    cpu: 0.075,
    runs: 3,
    failedRuns: 0,
    held: true,
    findings: [{ target: "requestsPerSecond", measured: 512, wanted: 500, runsMet: 3, met: true }],
  };
  const failed: Checked = {
    cpu: 0.066,
    runs: 2,
    failedRuns: 1,
    killedRuns: 1,
    held: false,
    findings: [
      { target: "latencyMs.p99", measured: 25, wanted: 20, runsMet: 0, met: false },
      { target: "failedShare", measured: 0.02, wanted: 0.01, runsMet: 1, met: false },
    ],
    bound: "client-bound",
  };
  const found: Verification = { sweepId: "s1", status: "finished", recommended: held, below: failed };

  it("says for both limits what was found", () => {
    expect(verificationInWords(goals, found)).toEqual([
      "held at 0.075 cpu: 5,120 of 5,000 requests in 10 s (3 of 3 runs)",
      "not held at 0.066 cpu, a step below: p99 25 ms of 20 ms allowed (0 of 2 runs), 2 % failed of 1 % allowed (1 of 2 runs), 1 run failed, 1 killed at the memory limit, the proxy was not the bottleneck: client-bound",
      "  5 trials in sweep s1; the next answer learns from them",
    ]);
  });

  it("says that less CPU would do where the step below holds too", () => {
    const both = { ...found, below: { ...held, cpu: 0.066 } };
    expect(verificationInWords(goals, both)[1]).toMatch(/; less CPU would do$/);
    expect(verificationInShort(goals, both)).toMatch(/^held at 0\.075 cpu: .*; 0\.066 would do too$/);
    expect(verificationInShort(goals, { ...both, recommended: failed })).not.toContain("would do");
  });

  it("repeats the goals where nothing was measured", () => {
    const none = { cpu: 0.075, runs: 0, failedRuns: 0, findings: [] };
    expect(verificationInShort(goals, { ...found, recommended: none })).toBe(
      "not measured at 0.075 cpu: 5,000 requests in 10 s, p99 at most 20 ms",
    );
  });
});
