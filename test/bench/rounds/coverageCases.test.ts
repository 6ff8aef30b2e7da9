import { describe, expect, it } from "vitest";
import { biases, type Case, coverageCases, kinds } from "../../../bench/rounds/coverageCases.ts";
import { simulatedVisits } from "../../../bench/rounds/simulate.ts";
import { mean } from "../../../src/core/statistics/index.ts";

const cpu = [0.05, 0.1, 0.2, 0.4, 0.8];
const recordings = [1, 2, 3, 4].map((seed) =>
  simulatedVisits({ id: "curve", cpu, rounds: 33, proxies: { haproxy: 30_000 }, seed }),
);
const cases = recordings.flatMap((visits) => coverageCases(visits, 4));

describe("the coverage of the bands of short sweeps", () => {
  it("has a case of each kind at each level of each sweep that fits", () => {
    for (const kind of kinds)
      expect(cases.filter((one) => one.kind === kind)).toHaveLength(recordings.length * cpu.length * 8);
  });

  it.each(kinds)("is about what is promised where the truth is known: %s", (kind) => {
    const own = cases.filter((one) => one.kind === kind);
    const share = (hit: (one: Case) => boolean) => mean(own.map((one) => (hit(one) ? 1 : 0)));
    const plain = share(({ held }) => held);
    const allowing = share(({ heldAllowing }) => heldAllowing);
    expect(allowing).toBeGreaterThan(0.9);
    expect(allowing).toBeGreaterThanOrEqual(plain);
    expect(Math.abs(plain - mean(own.map(({ expected }) => expected)))).toBeLessThan(0.06);
  });

  it("is far less of sweeps of another machine", () => {
    const twice = recordings[0]!.map((visit) => {
      const result = { ...visit.result!, requestsPerSecond: 2 * visit.result!.requestsPerSecond };
      return visit.replicate < 4
        ? { ...visit, result: { ...result, completedRequests: 2 * result.completedRequests } }
        : visit;
    });
    const first = coverageCases(twice, 4).slice(0, kinds.length * cpu.length);
    expect(mean(first.map(({ held }) => (held ? 1 : 0)))).toBeLessThan(0.1);
  });
});

describe("the correction", () => {
  it("leaves the means of long recordings about where they are", () => {
    for (const visits of recordings) expect(Math.abs(mean(biases(visits)) - 1)).toBeLessThan(0.03);
  });
});
