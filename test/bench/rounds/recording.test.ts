import { describe, expect, it } from "vitest";
import { recordingOf, roundsOf, sides } from "../../../bench/rounds/recording.ts";
import { simulatedVisits } from "../../../bench/rounds/simulate.ts";

const sweep = { cpu: [0.2, 0.4], rounds: 3 };
const trials = [
  ...simulatedVisits({ ...sweep, id: "curve", proxies: { haproxy: 1000 } }),
  ...simulatedVisits({ ...sweep, id: "docker", limiter: "docker", proxies: { haproxy: 1000 } }),
  ...simulatedVisits({ ...sweep, id: "pairs", proxies: { [sides.first]: 1000, [sides.same]: 1000 } }),
];

describe("a recording", () => {
  const recording = recordingOf(trials);

  it("tells the set of pairs from the series of the same proxy", () => {
    expect(recording.pairs.map(({ sweepId }) => sweepId)).toEqual(Array(12).fill("pairs"));
    expect(recording.series.map(({ proxy, limiter, visits }) => [proxy, limiter, visits.length])).toEqual([
      ["haproxy", "cgroup", 6],
      ["haproxy", "docker", 6],
    ]);
  });

  it("has its curves under cgroup", () => {
    expect(recording.curves.map(({ limiter }) => limiter)).toEqual(["cgroup"]);
  });

  it("leaves out what failed", () => {
    const [first, ...rest] = trials;
    const { result: _, ...failed } = { ...first!, status: "failed" as const };
    expect(recordingOf([failed, ...rest]).curves[0]!.visits).toHaveLength(5);
    expect(() => recordingOf([failed])).toThrow();
  });

  it("is cut into rounds in order of time", () => {
    expect(roundsOf(recording.curves[0]!.visits).map((round) => round.map(({ replicate }) => replicate))).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });
});
