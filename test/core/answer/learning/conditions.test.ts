import { describe, expect, it } from "vitest";
import {
  CONDITIONS,
  type ConditionKey,
  type ConditionValue,
  conditionFlags,
  conditionOf,
  conditionsOf,
  wishFor,
} from "../../../../src/core/answer/learning/conditions.ts";
import { expectError } from "../../../fixtures/errors.ts";
import { trialRecord } from "../../../fixtures/records.ts";

/** Values of each condition, the unusual ones among them. */
const values: Readonly<Record<ConditionKey, readonly ConditionValue[]>> = {
  loadTool: ["wrk"],
  limiter: ["docker"],
  role: ["reverse", "forward"],
  bodyBytes: [1024, 1500, 10_240, 2 ** 20],
  keepAlive: [true, false],
  tls: ["ecdsa", "rsa", null],
  tlsVersion: ["1.2", "1.3", null],
  tlsHandshake: ["resumed", "full", null],
  http: ["2", null],
  profile: ["fair", "as-shipped", "own"],
  pin: ["none", null],
  configurationSha256: ["0f".repeat(32), null],
  url: ["https://127.0.0.1:8443/", null],
  originDelayMs: [0, 5, 12.5],
  originUrl: ["http://127.0.0.1:8080/", null],
  loop: ["closed", "open", "open at 70%", "open at 12.5%"],
  arrivals: ["poisson", "bursts:50", null],
  proxyVersion: ["2.8.3", null],
  proxyOptions: ["accessLog=on, threads=2", null],
  machine: ["Intel(R) Xeon(R), 2 cores"],
};

describe("conditions", () => {
  it.each(CONDITIONS.filter(({ value }) => value !== undefined))(
    "$key is read as its option writes it",
    (condition) => {
      for (const value of values[condition.key]) expect(condition.parse(condition.write(value), "--x")).toBe(value);
    },
  );

  it("are told apart in words", () => {
    for (const { key, name, phrase } of CONDITIONS) {
      expect(new Set(values[key].map(name)).size).toBe(values[key].length);
      expect(new Set(values[key].map(phrase)).size).toBe(values[key].length);
    }
    expect(conditionOf("later").phrase(7)).toContain("later 7");
  });

  it("become the options that choose them", () => {
    expect(conditionFlags({ bodyBytes: 10_240, keepAlive: false, later: 1 })).toEqual([
      "--body",
      "10K",
      "--no-keep-alive",
    ]);
    expect(conditionFlags({ keepAlive: true, loop: "open at 70%", arrivals: null })).toEqual([
      "--keep-alive",
      "--loop",
      "70%",
      "--arrivals",
      "constant",
    ]);
  });

  it("are those of a trial that must be the same for one law", () => {
    const trial = trialRecord();
    const { scenario } = trial;
    const open = trialRecord({ scenario: { ...scenario, rate: { shareOfCapacity: 0.7 } } });
    expect(conditionsOf(trial)).toMatchObject({
      loadTool: "wrk",
      role: "reverse",
      bodyBytes: 1024,
      machine: "test, 2 cores",
    });
    expect(conditionsOf(trial)).not.toHaveProperty("windowSeconds");
    const offered = trialRecord({ point: { requestsPerSecond: 500 } });
    expect([trial, open, offered].map((one) => conditionsOf(one).loop)).toEqual(["closed", "open at 70%", "open"]);
    expect(wishFor(conditionsOf(trial)).arrivals).toBeNull();
  });

  it("refuse a value that is none of theirs", () => {
    const parse = (key: ConditionKey, text: string) => () =>
      CONDITIONS.find((one) => one.key === key)!.parse(text, "--x");
    expectError(parse("bodyBytes", "big"), "LAB_USAGE", "--x", "big");
    expectError(parse("role", "sideways"), "LAB_USAGE", "--x", "sideways");
    expectError(parse("profile", "mine"), "LAB_USAGE", "--x", "mine");
    expectError(parse("loop", "sideways"), "LAB_USAGE", "--x", "sideways");
    expectError(parse("loop", "170%"), "LAB_USAGE", "--x", "170%");
    expectError(parse("arrivals", "seldom"), "LAB_USAGE", "--x", "seldom");
    expectError(parse("originDelayMs", "soon"), "LAB_USAGE", "--x", "soon");
  });
});
