import { describe, expect, it } from "vitest";
import type { AnswerData } from "../../../src/core/answer/learning/conditions.ts";
import {
  beyondMessage,
  conditionsInWords,
  dataInWords,
  saturationInWords,
} from "../../../src/core/words/conditions.ts";

const data: AnswerData = {
  conditions: {
    loop: "closed",
    loadTool: "wrk",
    role: "reverse",
    bodyBytes: 1024,
    keepAlive: true,
    profile: "fair",
    originDelayMs: 0,
    proxyVersion: "2.8",
    machine: "test, 2 cores",
  },
  limiters: ["cgroup", "docker"],
  levels: { cpu: 0.3, servers: 1, concurrency: 32, memoryBytes: 2 ** 28 },
  taken: [],
  measured: { cpu: [0.1, 0.9], servers: [1], concurrency: [8, 32, 128], memoryBytes: [2 ** 26, 2 ** 28] },
  trials: 148,
  excluded: {},
  leftOut: [],
};

describe("the conditions of an answer in words", () => {
  it("are those that people ask about, and no more where all trials share them", () => {
    expect(dataInWords(data)).toEqual([
      "conditions of the 148 trials: 32 connections, 1 server, 256 MiB, wrk, cgroup and docker, reverse, 1 KiB bodies, keep-alive",
    ]);
  });

  it("name no number of trials where none teaches", () => {
    expect(dataInWords({ ...data, trials: 0 })[0]).toMatch(/^conditions: /);
    expect(dataInWords({ ...data, trials: 1 })[0]).toMatch(/^conditions of the 1 trial: /);
  });

  it("say what is out of the ordinary, and what other trials differ in", () => {
    const odd = { ...data.conditions, keepAlive: false, profile: "as-shipped", originDelayMs: 5, arrivals: "poisson" };
    const words = conditionsInWords({ ...data, conditions: odd });
    for (const one of ["no keep-alive", "as-shipped", "5 ms", "poisson arrivals"]) expect(words).toContain(one);
    const leftOut = [{ trials: 3, differ: { machine: "other, 4 cores", loop: "open" }, flags: [] }];
    const differing = conditionsInWords({ ...data, leftOut });
    for (const one of ["test, 2 cores", "closed loop"]) expect(differing).toContain(one);
    expect(differing).not.toContain("2.8");
  });

  it("say that a loop is open, and of a latency of a closed one that it is the one at saturation", () => {
    expect(saturationInWords({ ...data, latency: "at saturation" })).toBe("at saturation, with 32 connections");
    const open = { ...data, conditions: { ...data.conditions, loop: "open" }, latency: "at a rate" } as const;
    expect(conditionsInWords(open, { requestsPerSecond: 500 })).toMatch(/^500 requests\/s offered, .*open loop/);
    expect(saturationInWords(open)).toBeUndefined();
    expect(saturationInWords(data)).toBeUndefined();
  });

  it("name a level that was taken and the others, or all levels where none is asked about", () => {
    const taken = [{ factor: "concurrency", level: 32, measured: [8, 32, 128] }] as const;
    expect(conditionsInWords({ ...data, taken })).toContain("32 connections (measured most; also 8, 128)");
    expect(dataInWords({ ...data, taken })[0]).toContain("also 8, 128: --concurrency");
    expect(conditionsInWords(data, {})).toMatch(/^8 to 128 connections, 1 server, 64 MiB to 256 MiB, /);
    const { memoryBytes: _, ...measured } = data.measured;
    expect(conditionsInWords({ ...data, measured }, {})).toContain("no memory limit");
    expect(conditionsInWords({ ...data, measured: {}, trials: 0 }, {})).toMatch(/^wrk, /);
  });

  it("count what is left out and why, with the options that choose it, in one line", () => {
    const groups = [149, 5, 4, 3, 2].map((trials, i) => ({
      trials,
      differ: { bodyBytes: 1024 * (i + 2), keepAlive: false },
      flags: ["--body", `${i + 2}K`, "--no-keep-alive"],
    }));
    const left = dataInWords({ ...data, leftOut: groups, excluded: { unclear: 2, "no-memory-limit": 1 } })[1];
    expect(left).toMatch(/^left out: 149 with 2 KiB bodies, without keep-alive \(--body 2K --no-keep-alive\); /);
    expect(left).toMatch(/; 5 under 2 other conditions; 2 unclear; 1 without a memory limit \(--memory none\)$/);
  });

  it("quote what a shell would part", () => {
    const machine = "Intel(R) Xeon, 2 cores";
    const leftOut = [{ trials: 3, differ: { machine }, flags: ["--machine", machine] }];
    expect(dataInWords({ ...data, leftOut })[1]).toContain(`--machine '${machine}'`);
  });

  it("do not repeat what the message of a refusal tells", () => {
    const counted = { ...data, excluded: { failed: 4 } };
    const refused = {
      ok: false,
      refusal: { code: "too-few-configurations", configurations: 0, needed: 3, message: "" },
    } as const;
    expect(beyondMessage(refused, counted).excluded).toEqual({});
    const other = { ok: false, refusal: { code: "no-model", message: "" } } as const;
    expect(beyondMessage(other, counted).excluded).toEqual({ failed: 4 });
  });
});
