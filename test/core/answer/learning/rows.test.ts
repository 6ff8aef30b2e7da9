import { describe, expect, it } from "vitest";
import { inCommon } from "../../../../src/core/answer/learning/inCommon.ts";
import { runsBehind, trainingRows, trialCount } from "../../../../src/core/answer/learning/rows.ts";
import { TABLES } from "../../../../src/core/domain/tables.ts";
import { geometricMean } from "../../../../src/core/statistics/index.ts";
import { speedCorrected } from "../../../../src/core/statistics/trials/speeds.ts";
import { unprobed, visits } from "../../../fixtures/visits.ts";
import { trial } from "../synthetic.ts";

describe("training rows", () => {
  it("hold the factors that all rows have, and the figures in the order of the trials", () => {
    const trials = [trial({ cpu: 0.1 }, 3000), trial({ cpu: 0.2, servers: 3 }, 6000)];
    expect(trainingRows(trials)).toMatchObject({
      target: "requestsPerSecond",
      training: {
        factors: ["cpu", "servers", "concurrency"],
        x: [
          [0.1, 1, 32],
          [0.2, 3, 32],
        ],
        y: [3000, 6000],
      },
      trials: trials.map(({ id }) => id),
      excluded: {},
      ceilings: [],
    });
    const limited = trainingRows([trial({ memoryBytes: 64 }, 1), trial({ memoryBytes: 128 }, 2)]);
    expect(limited.training.factors).toEqual(["cpu", "memoryBytes", "servers", "concurrency"]);
    expect(limited.training.x[1]).toEqual([0.5, 128, 1, 32]);
  });

  it("are of trials with a memory limit or without one, as most are unless told", () => {
    const [small, large, free] = [trial({ memoryBytes: 64 }, 1), trial({ memoryBytes: 128 }, 2), trial({}, 3)];
    const mostly = trainingRows([small, free, large]);
    expect(mostly.training).toMatchObject({ factors: ["cpu", "memoryBytes", "servers", "concurrency"], y: [1, 2] });
    expect(mostly.excluded).toEqual({ "no-memory-limit": 1 });
    expect(trainingRows([small, large, free], "requestsPerSecond", TABLES, false)).toMatchObject({
      training: { factors: ["cpu", "servers", "concurrency"], y: [3] },
      excluded: { "memory-limit": 2 },
    });
    expect(trainingRows([small, free]).training.y).toEqual([3]);
    expect(trainingRows([free, small]).training.y).toEqual([1]);
  });

  it("have the offered rate of an open loop as a column, and never mix loops", () => {
    const [one, other] = [500, 900].map((requestsPerSecond) => trial({ cpu: 0.1, requestsPerSecond }, 300));
    expect(trainingRows([one!, other!]).training).toMatchObject({
      factors: ["cpu", "servers", "concurrency", "requestsPerSecond"],
      x: [
        [0.1, 1, 32, 500],
        [0.1, 1, 32, 900],
      ],
    });
    expect(trainingRows([trial({ cpu: 0.1 }, 300)]).training.factors).not.toContain("requestsPerSecond");
    expect(() => trainingRows([one!, trial({}, 300)])).toThrow(/\bloop\b/);
  });

  it("are also of an open loop whose rate the proxy kept, and set no ceilings by what was offered", () => {
    const kept = trial({ cpu: 0.5, requestsPerSecond: 500 }, 500, "rate-bound");
    const lost = trial({ cpu: 0.1, requestsPerSecond: 500 }, 300, "proxy-bound");
    const others = (["send-bound", "connection-bound", "origin-bound", "client-bound", "unclear"] as const).map(
      (bound) => trial({ cpu: 0.2, requestsPerSecond: 500 }, 400, bound),
    );
    const rows = trainingRows([kept, lost, ...others]);
    expect(rows.training.y).toEqual([500, 300]);
    expect(rows.excluded).toEqual({
      "send-bound": 1,
      "connection-bound": 1,
      "origin-bound": 1,
      "client-bound": 1,
      unclear: 1,
    });
    expect(rows.ceilings).toEqual([]);
  });

  it("leave out trials that say nothing about the proxy, and count them by reason", () => {
    const { verdict: _, ...unjudged } = trial({}, 1);
    const { training, excluded } = trainingRows([
      trial({}, 100),
      trial({}, 90, "memory-bound"),
      trial({}, 1, "client-bound"),
      trial({}, 2, "client-bound"),
      trial({}, 3, "origin-bound"),
      trial({}, 4, "unclear"),
      { ...trial({}, 5), status: "failed" },
      { ...trial({}, 6), status: "skipped" },
      unjudged,
      trial({}, 0),
      trial({}, Number.NaN),
    ]);
    expect(training.y).toEqual([100, 90]);
    expect(excluded).toEqual({
      "client-bound": 2,
      "origin-bound": 1,
      unclear: 1,
      failed: 1,
      skipped: 1,
      "no-verdict": 1,
      "no-figure": 2,
    });
  });

  it("keep the highest ceiling of each setting", () => {
    const { ceilings } = trainingRows([
      trial({ cpu: 0.7 }, 20_000, "client-bound"),
      trial({ cpu: 0.9 }, 22_000, "client-bound"),
      trial({ cpu: 0.9, servers: 3 }, 9000, "origin-bound"),
      { ...trial({ cpu: 2 }, 90_000, "client-bound"), status: "failed" },
    ]);
    expect(ceilings).toEqual([
      { bound: "client-bound", figure: 22_000, cpu: 0.9, servers: 1, concurrency: 32 },
      { bound: "origin-bound", figure: 9000, cpu: 0.9, servers: 3, concurrency: 32 },
    ]);
  });

  it("can be of another figure", () => {
    const trials = [trial({}, 100), trial({}, 200, "client-bound")];
    expect(trainingRows(trials, "completedRequests").training.y).toEqual([1000]);
    expect(trainingRows(trials, "completedRequests").ceilings[0]?.figure).toBe(2000);
    expect(trainingRows(trials, "latencyMs.p99")).toMatchObject({ training: { y: [40] }, ceilings: [] });
    expect(trainingRows(trials, "latencyMs.p50").excluded).toEqual({ "client-bound": 1, "no-figure": 1 });
  });

  it("in common are of the trials that have all figures; the others count as without figure", () => {
    const whole = trial({ cpu: 0.1 }, 100);
    const bare = trial({ cpu: 0.2 }, 200);
    const trials = [whole, { ...bare, result: { ...bare.result!, latencyMs: {} } }, trial({ cpu: 0.3 }, 0)];
    const [rates, latencies] = inCommon([trainingRows(trials), trainingRows(trials, "latencyMs.p99")]);
    expect(rates).toMatchObject({ trials: [whole.id], training: { y: [100] }, excluded: { "no-figure": 2 } });
    expect(latencies).toMatchObject({ trials: [whole.id], training: { y: [40] }, excluded: { "no-figure": 2 } });
    expect(inCommon([trainingRows([whole])])[0]!.excluded).toEqual({});
  });

  it("are never mixed from several proxies or scenarios", () => {
    expect(() => trainingRows([trial({}, 1), trial({ proxy: "squid" }, 2)])).toThrow(
      /\bproxy\b.*\bhaproxy\b.*\bsquid\b/,
    );
    const other = trial({}, 1);
    const slow = { ...other, scenario: { ...other.scenario, keepAlive: false } };
    expect(() => trainingRows([other, slow])).toThrow(/\bkeepAlive\b/);
  });
});

describe("rows of visits", () => {
  const measured = visits({ cpus: [0.1, 0.2], rounds: 4 });

  it("are one for each configuration and sweep, with the mean of its visits and what they were", () => {
    const { training, runs, trials } = trainingRows([...measured, ...visits({ cpus: [0.1], rounds: 2, sweepId: "t" })]);
    expect(training.x.map(([cpu]) => cpu)).toEqual([0.1, 0.2, 0.1]);
    expect(runs!.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(training.y[0]).toBeCloseTo(geometricMean(runs![0]!), 6);
    expect(trials).toHaveLength(10);
    expect(trialCount({ training, runs: runs! })).toBe(10);
  });

  it("stay apart from trials that had a window", () => {
    const window = trial({ cpu: 0.1 }, 3000);
    expect(trainingRows([...measured, window]).training.y).toHaveLength(3);
    expect(runsBehind(trainingRows([window]))).toEqual([[3000]]);
    expect(trainingRows([window])).not.toHaveProperty("runs");
  });

  it("in common are means of the visits that have all figures", () => {
    const [first, ...others] = measured;
    const bare = { ...first!, result: { ...first!.result!, latencyMs: {} } };
    const alone = visits({ cpus: [0.9], rounds: 1 }).map((one) => ({
      ...one,
      result: { ...one.result!, latencyMs: {} },
    }));
    const trials = [bare, ...others, ...alone];
    const [rates, latencies] = inCommon([trainingRows(trials), trainingRows(trials, "latencyMs.p99")]);
    expect(rates!.runs!.map(({ length }) => length)).toEqual([3, 4]);
    expect(rates!.training.y[0]).toBeCloseTo(geometricMean(rates!.runs![0]!), 6);
    expect(rates!.trials).toEqual(latencies!.trials);
    expect(rates!.excluded["no-figure"]).toBe(2);
    expect(rates!.training.x).toHaveLength(2);
  });

  it("have a ceiling that is no chance high", () => {
    const held = measured.map((one) => ({ ...one, verdict: { bound: "client-bound", evidence: "" } }) as const);
    const rates = held.filter(({ point }) => point.cpu === 0.2).map(({ result }) => result!.requestsPerSecond);
    expect(trainingRows(held).ceilings[0]!.figure).toBeCloseTo(geometricMean(rates), 6);
  });

  it("say what speed of the machine they are of, where the figure follows it", () => {
    expect(trainingRows(speedCorrected(measured)).speed).toMatchObject({ figures: "at reference speed", readings: 8 });
    expect(trainingRows(measured).speed).toMatchObject({ figures: "as measured" });
    expect(trainingRows(measured, "latencyMs.p99")).not.toHaveProperty("speed");
    expect(trainingRows(unprobed(measured))).not.toHaveProperty("speed");
  });
});
