import { describe, expect, it } from "vitest";
import { missing } from "../fixtures/parts.ts";
import { ownStore, runLab } from "../fixtures/runLab.ts";

const reason = await missing("proxy/haproxy", "load/wrk", "limiter/cgroup");
/** Each twice, and little CPU: trials that others on this machine disturb do not teach. */
const levels = "0.05,0.07,0.1,0.14,0.2,0.28";
/** As sure as so few trials can be. */
const sure = ["--confidence", "0.8"];
const short = ["--window", "1s", "--max-window", "1s", "--warmup", "1s", "--replicates", "2"];

describe.skipIf(reason !== "")(`a recommendation (${reason || "here"})`, () => {
  it("is run for real, a step below as well, and the next answer learns from it", async () => {
    const store = ownStore();
    const sweep = ["sweep", "--proxy", "haproxy", "--load", "wrk", "--limiter", "cgroup", "--cpu", levels, ...short];
    expect((await runLab(sweep, { store })).code).toBe(0);
    const there = await runLab(["predict", "--proxy", "haproxy", "--cpu", "0.1", "--json", ...sure], { store });
    const goal = String(Math.round(JSON.parse(there.stdout).requestsPerSecond.estimate));
    const asked = await runLab(["recommend", "--proxy", "haproxy", "--rps", goal, "--json", ...sure], { store });
    expect(asked.code).toBe(0);
    const { recommendedCpu, rowsUsed } = JSON.parse(asked.stdout);

    const run = await runLab(["verify", "--last", "--json"], { store });
    const lines = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["sweep-planned", "trial-finished", "verified"]),
    );
    const { recommended, below } = lines.at(-1);
    expect(recommended.cpu).toBeCloseTo(recommendedCpu, 2);
    expect(below.cpu).toBeLessThan(recommended.cpu);
    expect([recommended.runs, below.runs]).toEqual([3, 3]);
    expect(recommended.findings).toMatchObject([{ target: "requestsPerSecond", wanted: Number(goal) }]);
    expect(run.code).toBe(recommended.held ? 0 : 6);

    const again = await runLab(["predict", "--proxy", "haproxy", "--cpu", "0.2", "--json", ...sure], { store });
    expect(JSON.parse(again.stdout).rowsUsed).toBeGreaterThan(rowsUsed);
  });
});
