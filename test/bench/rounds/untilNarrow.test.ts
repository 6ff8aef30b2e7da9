import { describe, expect, it } from "vitest";
import { simulatedVisits } from "../../../bench/rounds/simulate.ts";
import { bandHalfWidth, commonHalfWidth, secondsUntilNarrow } from "../../../bench/rounds/untilNarrow.ts";

const cpu = [0.05, 0.1, 0.2, 0.4, 0.8];
const visits = simulatedVisits({ id: "curve", cpu, rounds: 20, proxies: { haproxy: 30_000 } });
const startMs = Date.parse(visits[0]!.startedAt);
const until = (halfWidth: number) => secondsUntilNarrow(visits, startMs, cpu.length, halfWidth, "own");
const endSeconds = (Date.parse(visits.at(-1)!.startedAt) - startMs) / 1000 + visits.at(-1)!.timing!.total;

describe("the time until bands are narrow", () => {
  it("is the end of the first round after which they are", () => {
    const halfWidth = 0.08;
    const rounds = Math.round((until(halfWidth) / endSeconds) * 20);
    const widthAt = (count: number) => bandHalfWidth(visits.slice(0, count * cpu.length), cpu.length, "own");
    expect(widthAt(rounds)).toBeLessThanOrEqual(halfWidth);
    expect(widthAt(rounds - 1) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(halfWidth);
  });

  it("is longer by the square where they never were", () => {
    const reached = bandHalfWidth(visits, cpu.length, "own")!;
    expect(until(reached / 2)).toBeCloseTo(4 * endSeconds, 6);
  });
});

describe("a common half-width", () => {
  it("is that of all where all are alike", () => expect(commonHalfWidth([0.1, 0.1])).toBeCloseTo(0.1, 12));
});
