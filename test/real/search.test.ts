import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { missing } from "../fixtures/parts.ts";

interface CapacityLine {
  readonly recommendedRequestsPerSecond: number;
  readonly measuring: { readonly trials: number };
}

const without = await missing("proxy/haproxy", "limiter/cgroup");

describe.skipIf(without)(`lab size and lab capacity ${without ? `(not run: ${without})` : "of haproxy"}`, () => {
  it("finds the least limit for a rate at a latency from an empty store, and proves it", { retry: 1 }, async () => {
    const wish = ["--proxy", "haproxy", "--rps", "1000", "--p99", "50ms", "--window", "2s"];
    const { stdout, exitCode } = await execa("./lab", ["size", ...wish, "--store", ":memory:", "--json"], {
      reject: false,
    });
    const answer = JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, never>;
    expect(answer).toMatchObject({
      type: "size",
      proxy: "haproxy",
      goals: { requestsPerSecond: 1000, p99Ms: 50 },
      cpu: { confidence: 0.9 },
      verification: { recommended: { held: true }, status: "finished" },
    });
    expect(answer.recommendedCpu).toBeGreaterThan(0.02);
    expect(answer.recommendedCpu).toBeLessThan(0.6);
    expect(answer.measuring).toMatchObject({ trials: expect.any(Number) });
    expect(exitCode).toBe(0);
  });

  it("finds the highest rate at a latency under a limit, and proves that a step more is too much", {
    retry: 1,
  }, async () => {
    const wish = ["--proxy", "haproxy", "--cpu", "0.1", "--p99", "60ms", "--window", "2s"];
    const { stdout, exitCode } = await execa("./lab", ["capacity", ...wish, "--store", ":memory:", "--json"], {
      reject: false,
    });
    const answer = JSON.parse(stdout.trim().split("\n").at(-1)!) as CapacityLine;
    expect(answer).toMatchObject({
      type: "capacity",
      proxy: "haproxy",
      goals: { p99Ms: 60 },
      point: { cpu: 0.1 },
      requestsPerSecond: { confidence: 0.9 },
      verification: { held: true, status: "finished" },
    });
    expect(answer.measuring.trials).toBeLessThanOrEqual(12);
    expect(answer.recommendedRequestsPerSecond).toBeGreaterThan(100);
    expect(answer.recommendedRequestsPerSecond).toBeLessThan(5000);
    expect(exitCode).toBe(0);
  });

  it("says that a goal is out of reach, and asks for what is missing", async () => {
    const size = (...flags: string[]) =>
      execa("./lab", ["size", ...flags, "--store", ":memory:", "--json"], { reject: false });
    expect((await size("--proxy", "haproxy", "--rps", "500")).exitCode).toBe(2);
    const { stdout, exitCode } = await size("--proxy", "haproxy", "--rps", "500", "--p99", "0.01ms", "--window", "1s");
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({ unmet: { cause: "baseline" } });
    expect(exitCode).toBe(4);
  });
});
