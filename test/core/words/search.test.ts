import { describe, expect, it } from "vitest";
import type { CapacityAnswer, CapacityRecommendation } from "../../../src/core/answer/search.ts";
import type { CheckedRate, RateVerification } from "../../../src/core/answer/verify.ts";
import { capacityInWords, howItWent } from "../../../src/core/words/search.ts";
import { rateVerificationInWords } from "../../../src/core/words/verification.ts";
import { trialRecord } from "../../fixtures/records.ts";

const goals = { p99Ms: 20 };
const { point } = trialRecord({ point: { cpu: 0.2, loadTool: "vegeta", concurrency: 64, requestsPerSecond: 2400 } });
const answer: CapacityRecommendation = {
  recommendedRequestsPerSecond: 2350,
  requestsPerSecond: { estimate: 2481.3, low: 2390, high: 2570, confidence: 0.9 },
  mostRequestsPerSecond: 3489.6,
  directP99Ms: 4.9,
  point,
};
const found: CapacityAnswer = {
  sweepId: "s1",
  status: "finished",
  proxy: "haproxy",
  goals,
  records: [],
  found: {},
  measuring: { trials: 7, seconds: 61.7 },
  answer,
};
const { answer: _, ...without } = found;

describe("a capacity in words", () => {
  it("says the rate to count on, where the goal is just kept, and how that was found", () => {
    expect(capacityInWords(found)).toEqual([
      "haproxy at 0.20 cpu, p99 at most 20 ms: 2,350 requests/s to be 90 % sure",
      "  just within: 2,481 requests/s (2,390 to 2,570); offered more than it can serve, it serves 3,490",
      "  found by 7 trials in 62 s, with 64 connections of vegeta; straight at the origins the p99 is 4.9 ms",
    ]);
    expect(capacityInWords({ ...found, goals: { ...goals, failedShare: 0.01 } })[0]).toContain("at most 1 % failed");
  });

  it("says that it is at least a rate, and why no more is shown", () => {
    const { mostRequestsPerSecond: __, ...rest } = answer;
    const lineFor = (atLeast: CapacityRecommendation["atLeast"]) =>
      capacityInWords({ ...found, answer: { ...rest, ...(atLeast && { atLeast }) } })[1];
    expect(lineFor({ cause: "range" })).toBe("  at least 2,481 requests/s: no higher rate was to be tried");
    expect(lineFor({ cause: "baseline", directP99Ms: 31 })).toBe(
      "  at least 2,481 requests/s: at higher rates load tool and origins alone have a p99 of 31 ms",
    );
    expect(lineFor({ cause: "blocked", bound: "client-bound", evidence: "load tool 0.95 cpu" })).toBe(
      "  at least 2,481 requests/s: higher rates say nothing of the proxy: client-bound (load tool 0.95 cpu)",
    );
  });

  it("says why there is no answer", () => {
    const records = [trialRecord({ point })];
    const lineOf = (more: Partial<CapacityAnswer>) => capacityInWords({ ...without, records, ...more })[0];
    const wanted = "haproxy at 0.20 cpu, p99 at most 20 ms";
    expect(lineOf({ status: "interrupted" })).toBe(`${wanted}: the search was cut short`);
    expect(lineOf({ unmet: { cause: "latency", evidence: "throttled in 40 % of periods" } })).toBe(
      `${wanted}: out of reach: its p99 is longer even at the lowest rate (throttled in 40 % of periods)`,
    );
    expect(lineOf({ unmet: { cause: "baseline", directP99Ms: 25 } })).toBe(
      `${wanted}: cannot be shown: load tool and origins alone have a p99 of 25 ms`,
    );
  });

  it("says what a trial came to where load tool and origins alone miss the goal", () => {
    expect(
      howItWent(trialRecord({ directLatencyMs: { p99: 25 }, verdict: { bound: "rate-bound", evidence: "" } }), goals),
    ).toBe("says nothing: p99 25 ms straight at the origins");
  });
});

describe("the verification of a rate in words", () => {
  const checked = (rate: number, p99: number): CheckedRate => ({
    requestsPerSecond: rate,
    cpu: 0.2,
    runs: 1,
    failedRuns: 0,
    held: p99 <= 20,
    findings: [
      { target: "requestsPerSecond", wanted: rate, measured: rate - 1, runsMet: 1, met: true },
      { target: "latencyMs.p99", wanted: 20, measured: p99, runsMet: p99 <= 20 ? 1 : 0, met: p99 <= 20 },
    ],
  });
  const verification: RateVerification = {
    sweepId: "s2",
    status: "finished",
    held: true,
    recommended: checked(2350, 14.2),
    above: checked(2700, 31),
  };

  it("says what the rate and one a step above came to, and what that proves", () => {
    expect(rateVerificationInWords(goals, verification)).toEqual([
      "held at 2,350 requests/s: 2,349 of 2,350 requests/s (1 of 1 runs), p99 14.2 ms of 20 ms allowed (1 of 1 runs)",
      "not held at 2,700 requests/s, a step above: 2,699 of 2,700 requests/s (1 of 1 runs), p99 31 ms of 20 ms allowed (0 of 1 runs)",
      "  2 trials in sweep s2",
      "proved: it serves the rate within the goal; 15 % more it does not",
    ]);
    expect(rateVerificationInWords(goals, { ...verification, above: checked(2700, 19) }).at(-1)).toBe(
      "proved: it serves the rate within the goal, and 15 % more",
    );
  });

  it("proves nothing where the rate did not hold", () => {
    const missed = rateVerificationInWords(goals, { ...verification, held: false, recommended: checked(2350, 22) });
    expect(missed[0]).toMatch(/^not held at 2,350 requests\/s:/);
    expect(missed.join()).not.toContain("proved");
  });
});
