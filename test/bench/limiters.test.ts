import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Lap, ratioOf, spread } from "../../bench/limiters/ratios.ts";
import { tables, verdict } from "../../bench/limiters/report.ts";
import { random } from "../../src/core/statistics/random.ts";

const lapOf = (cgroup: number, docker: number): Lap => new Map(Object.entries({ cgroup, docker }));
const arms = ["cgroup", "docker"];

describe("the ratio of two arms", () => {
  it("is that within laps, whatever the machine does from lap to lap", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.array(fc.double({ min: 100, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (ratio, speeds) => {
          const laps = speeds.map((speed) => lapOf(speed, speed * ratio));
          const { low, median, high } = ratioOf(laps, "docker", "cgroup");
          for (const value of [low, median, high]) expect(value).toBeCloseTo(ratio, 9);
        },
      ),
    );
  });

  it("is the middle one, and does not follow one lap that went wrong", () => {
    const laps = [lapOf(100, 101), lapOf(100, 103), lapOf(100, 500)];
    expect(ratioOf(laps, "docker", "cgroup")).toEqual({ low: 1.01, median: 1.03, high: 5 });
  });

  it("comes with an interval that holds the true ratio in about 95 of 100 cases", () => {
    const draw = random(7);
    const held = Array.from({ length: 2000 }, () => {
      const laps = Array.from({ length: 40 }, () => lapOf(100, 100 * (0.5 + draw())));
      const { low, high } = ratioOf(laps, "docker", "cgroup");
      return low <= 1 && 1 <= high;
    });
    const share = held.filter(Boolean).length / held.length;
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.99);
  });
});

describe("the verdict", () => {
  it("is about the two arms that are furthest apart, at the worst setting", () => {
    expect(spread([1, 0.95, 1.045])).toBeCloseTo(0.1, 9);
    const all = new Map([
      ["haproxy at 0.2 CPU", [lapOf(100, 102)]],
      ["squid at 0.2 CPU", [lapOf(100, 80)]],
    ]);
    expect(verdict(all, arms)).toEqual({
      agree: false,
      text: "cgroup, docker do NOT agree within 10 %: the furthest apart are two by 25.0 %, squid at 0.2 CPU",
    });
  });

  it("is that they agree when no two are further apart than a tenth", () => {
    expect(verdict(new Map([["haproxy at 0.2 CPU", [lapOf(100, 109)]]]), arms).agree).toBe(true);
    expect(verdict(new Map([["haproxy at 0.2 CPU", [lapOf(109, 100)]]]), arms).agree).toBe(true);
  });

  it("comes with the medians and the ratios it was found from", () => {
    const text = tables(new Map([["squid at 0.5 CPU", [lapOf(2000, 2100), lapOf(3000, 3150)]]]), arms);
    expect(text).toMatch(/squid at 0\.5 CPU +2500 +2625/);
    expect(text).toMatch(/squid at 0\.5 CPU +1 +1\.050 \(1\.05 to 1\.05\)/);
  });
});
