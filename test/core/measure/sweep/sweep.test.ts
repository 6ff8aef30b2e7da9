import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Scenario } from "../../../../src/core/domain/point.ts";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import type { SweepSpec } from "../../../../src/core/domain/spec.ts";
import { LabError } from "../../../../src/core/errors.ts";
import { gridScenario } from "../../../../src/core/experiment/defaults.ts";
import type { RunContext } from "../../../../src/core/measure/rig/context.ts";
import type { SweepParts } from "../../../../src/core/measure/sweep/job.ts";
import { Sweep } from "../../../../src/core/measure/sweep/sweep.ts";
import { runLoad } from "../../../../src/core/measure/trial/loadRun.ts";
import { specOfToday, trialOfToday } from "../../../../src/core/store/earlier.ts";
import {
  type FakeLoad,
  type FakeRig,
  fakeRegistry,
  fakeSweep,
  inShort,
  untilAborted,
} from "../../../fixtures/fakeSweep.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const brief = { ...gridScenario, warmupSeconds: 0, windowSeconds: 1, maxWindowSeconds: 1 };
const planned = ["planned 2", "started 0", "baseline before"];
const ended = ["baseline after", "finished"];

describe("a sweep", () => {
  it("measures its trials one after the other on a proxy that they share, and ends what it started", async () => {
    const { run, done, events, records } = fakeSweep();
    expect(await run()).toEqual({ status: "finished", completed: 2, failed: 0, skipped: 0 });
    expect(inShort(events)).toEqual([...planned, "completed 0", "started 1", "completed 1", ...ended]);
    expect(done).toEqual([
      "start 1 origins",
      "load origins",
      "start swift",
      `load swift at ${records[0]!.point.cpu}`,
      `load swift at ${records[1]!.point.cpu}`,
      "end swift",
      "load origins",
      "stop 1 origins",
    ]);
    expect(events.filter((event) => event.type === "trial-finished").map(({ record }) => record)).toEqual(records);
  });

  it("records what a trial was measured with, and where its time went", async () => {
    const { run, records } = fakeSweep();
    await run();
    expect(records).toMatchObject([
      {
        id: "s.0",
        sequence: 0,
        status: "completed",
        freshProcess: true,
        timing: { total: 2.25, start: 0.25 },
        deviations: ["made up"],
        configuration: { argv: ["swift"] },
        directRequestsPerSecond: 9000,
        environment: { versions: { live: "1" } },
      },
      { id: "s.1", sequence: 1, freshProcess: false, timing: { total: 1 } },
    ]);
    for (const { point, result, limitsInForce } of records) {
      expect(result?.requestsPerSecond).toBeCloseTo(1000 * point.cpu);
      expect(limitsInForce).toEqual({ cpu: point.cpu });
    }
    expect(records[1]!.timing).not.toHaveProperty("start");
  });

  it("records the options of its plugins that differ from their defaults", async () => {
    const { run, records } = fakeSweep({
      spec: { options: { "swift.log": true, "sure.log": true, "live.x": 1 }, cpu: [0.1] },
    });
    await run();
    expect(records[0]!.options).toEqual({ proxy: { log: true }, limiter: { x: 1 } });
    const plain = fakeSweep({ spec: { cpu: [0.1] } });
    await plain.run();
    expect(plain.records[0]).not.toHaveProperty("options");
  });

  it("tells of the time that is left, from the time that was taken", async () => {
    const { run, events } = fakeSweep({ spec: { cpu: [0.1, 0.2, 0.3] } });
    await run();
    const left = events.flatMap((event) =>
      event.type === "sweep-planned"
        ? [[event.trials, event.estimatedSeconds]]
        : event.type === "trial-finished"
          ? [[event.remainingTrials, event.remainingSeconds]]
          : [],
    );
    // At first 1.5 s for a trial and 1 s for a start; then the mean of 2 s, with the baseline, and of 1 s.
    expect(left).toEqual([
      [3, 5.5],
      [2, 4],
      [1, 1.5],
      [0, 0],
    ]);
  });

  it("starts a proxy for each trial where each is to have a new one, and again for one that is repeated", async () => {
    const sweep = fakeSweep({
      spec: { scenario: { ...brief, fresh: true } },
      onLoad: ({ rig, index }) => {
        if (rig && index === 0) sweep.control.tell({ do: "repeat" });
        return undefined;
      },
    });
    await sweep.run();
    const proxy = ["start swift", "end swift"];
    expect(sweep.done.filter((what) => what.endsWith("swift"))).toEqual([...proxy, ...proxy, ...proxy]);
    expect(sweep.records.map(({ freshProcess }) => freshProcess)).toEqual([true, true]);
  });

  it("starts a proxy anew for a CPU limit that its limiter cannot change", async () => {
    const { run, done, records } = fakeSweep({ spec: { limiters: ["rigid"] } });
    await run();
    expect(done.filter((what) => what.endsWith("swift"))).toEqual([
      ...["start swift", "end swift", "start swift", "end swift"],
    ]);
    expect(records.map(({ freshProcess }) => freshProcess)).toEqual([true, true]);
  });

  it("keeps several proxies running that take turns", async () => {
    const { run, done } = fakeSweep({ spec: { proxies: ["swift", "sure"], cpu: [0.1] } });
    await run();
    const [first, second] = done.filter((what) => what.startsWith("start s"));
    expect(done.indexOf(second!)).toBeGreaterThan(done.indexOf(first!));
    expect(done.filter((what) => what.startsWith("end"))).toHaveLength(2);
  });

  it("starts the proxies of each round anew", async () => {
    const { run, done, records } = fakeSweep({ spec: { plan: "rounds", rounds: 3, proxies: ["swift", "sure"] } });
    await run();
    expect(done.filter((line) => /^(start|end) s/.test(line))).toHaveLength(2 * 2 * 3);
    expect(records.map(({ freshProcess }) => freshProcess).filter(Boolean)).toHaveLength(2 * 3);
    for (const round of [0, 1, 2]) {
      const own = records.filter(({ replicate }) => replicate === round);
      expect(
        own
          .filter(({ freshProcess }) => freshProcess)
          .map(({ point }) => point.proxy)
          .sort(),
      ).toEqual(["sure", "swift"]);
    }
  });

  it("gives a port that was asked for to one proxy at a time", async () => {
    const spec = { proxies: ["swift", "sure"] };
    const running = (done: readonly string[]) => {
      let now = 0;
      return done.map((what) => {
        if (/^start s/.test(what)) now++;
        if (/^end s/.test(what)) now--;
        return now;
      });
    };
    const [free, fixed] = [fakeSweep({ spec }), fakeSweep({ spec, proxyPort: 8080 })];
    for (const { run } of [free, fixed]) await run();
    expect(Math.max(...running(free.done))).toBe(2);
    expect(Math.max(...running(fixed.done))).toBe(1);
  });

  it("gives an adaptive plan the records that it chooses by", async () => {
    const { run, records } = fakeSweep({ spec: { plan: "adaptive", cpu: [0.1, 0.9], trials: 6 } });
    await run();
    expect(records.map(({ point }) => point.cpu).slice(0, 3)).toEqual([0.1, 0.9, 0.3]);
    expect(records.every(({ reason }) => reason !== undefined)).toBe(true);
    // A straight line bends nowhere: the rest goes into its gaps, and into its ends once more.
    expect(records.slice(4).map(({ point, replicate }) => [point.cpu, replicate])).toEqual([
      [0.1, 1],
      [0.9, 1],
    ]);
  });

  it("offers each rate of an open loop at each of its points, and keeps it with them", async () => {
    const asked: unknown[] = [];
    const onLoad = ({ rig, wish }: FakeLoad) => {
      if (!rig) return undefined;
      asked.push([wish.loop, wish.requestsPerSecond]);
      return wish.requestsPerSecond;
    };
    const { run, records } = fakeSweep({ spec: { cpu: [0.5], requestsPerSecond: [200, 400] }, onLoad });
    expect(await run()).toMatchObject({ completed: 2 });
    expect(asked).toEqual(records.map(({ point }) => ["open", point.requestsPerSecond]));
    expect(records.map(({ point }) => point.requestsPerSecond!).sort()).toEqual([200, 400]);
    for (const { point, result, scenario } of records) {
      expect(result!.offeredRequestsPerSecond).toBe(point.requestsPerSecond);
      expect(scenario).not.toHaveProperty("rate");
    }
  });

  it("warms up at the rate that it offers, and in a closed loop where a share of the capacity is wanted", async () => {
    const loopsWith = async (spec: Partial<SweepSpec>, rate?: object) => {
      const loops: unknown[] = [];
      const scenario = { ...brief, warmupSeconds: 1, ...(rate && { rate }) } as Scenario;
      const onLoad = ({ rig, wish }: FakeLoad) => {
        if (rig) loops.push([wish.loop, wish.requestsPerSecond]);
        return undefined;
      };
      await fakeSweep({ spec: { cpu: [0.5], ...spec, scenario }, onLoad }).run();
      return loops;
    };
    const [open, closed] = [(rate: number) => ["open", rate], ["closed", undefined]];
    expect(await loopsWith({ requestsPerSecond: [300] })).toEqual([open(300), open(300)]);
    expect(await loopsWith({}, { shareOfCapacity: 0.7 })).toEqual([closed, open(350)]);
    expect(await loopsWith({})).toEqual([closed, closed]);
  });

  it("of an open loop that an earlier lab began goes on where that stopped", async () => {
    const spec = { cpu: [0.1, 0.2, 0.3], requestsPerSecond: [80] };
    const all = fakeSweep({ spec });
    await all.run();
    const rate = { requestsPerSecond: 80 };
    const stored = all.records.slice(0, 2).map(({ point: { requestsPerSecond: _, ...point }, scenario, ...record }) => {
      return { ...record, point, scenario: { ...scenario, rate } } as unknown as TrialRecord;
    });
    const { requestsPerSecond: __, ...plan } = { ...all.job.spec, scenario: { ...brief, rate } };
    const { run, records } = fakeSweep({
      spec: specOfToday(plan as unknown as SweepSpec),
      earlier: stored.map(trialOfToday),
    });
    expect(await run()).toMatchObject({ completed: 1 });
    expect(records.map(({ sequence, point }) => [sequence, point])).toEqual([[2, all.records[2]!.point]]);
  });

  it("leaves out what an earlier run of it has recorded, and sums all up", async () => {
    const all = fakeSweep({ spec: { cpu: [0.1, 0.2, 0.3] } });
    await all.run();
    const { run, events, records } = fakeSweep({ spec: { cpu: [0.1, 0.2, 0.3] }, earlier: all.records.slice(0, 2) });
    expect(await run()).toMatchObject({ completed: 1 });
    expect(events[0]).toMatchObject({ type: "sweep-planned", trials: 1, alreadyDone: 2 });
    expect(records.map(({ sequence, point }) => [sequence, point])).toEqual([[2, all.records[2]!.point]]);
    expect(events.at(-1)).toMatchObject({ type: "sweep-finished", configurations: { length: 3 } });
  });
});

describe("a sweep that is steered", () => {
  it("skips a trial: a record without figures, and on to the next one", async () => {
    const sweep = fakeSweep({
      onLoad: (load) => {
        if (!load.rig || load.index > 0) return undefined;
        sweep.control.tell({ do: "skip" });
        return untilAborted(load);
      },
    });
    expect(await sweep.run()).toEqual({ status: "finished", completed: 1, failed: 0, skipped: 1 });
    expect(inShort(sweep.events)).toEqual([
      ...[...planned, "skipped", "skipped 0", "started 1", "completed 1"],
      ...ended,
    ]);
    expect(sweep.records[0]).toMatchObject({ status: "skipped", configuration: { argv: ["swift"] } });
    for (const part of ["result", "error", "verdict"]) expect(sweep.records[0]).not.toHaveProperty(part);
  });

  it("repeats a trial: one record, of what was measured at last", async () => {
    const sweep = fakeSweep({
      spec: { cpu: [0.1] },
      onLoad: ({ rig, index }) => {
        if (!rig || index > 0) return undefined;
        sweep.control.tell({ do: "repeat" });
        return 77;
      },
    });
    expect(await sweep.run()).toMatchObject({ completed: 1 });
    expect(inShort(sweep.events)).toEqual([
      ...["planned 1", "started 0", "baseline before", "repeated", "completed 0"],
      ...ended,
    ]);
    expect(sweep.records.map(({ result }) => result?.requestsPerSecond)).toEqual([100]);
  });

  it("pauses between trials, not in one, and goes on when told to", async () => {
    const sweep = fakeSweep({
      onLoad: ({ rig, index }) => {
        if (rig && index === 0) sweep.control.tell({ do: "pause" });
        return undefined;
      },
      onEvent: (event) => {
        if (event.type === "steered" && event.what === "paused")
          queueMicrotask(() => sweep.control.tell({ do: "resume" }));
      },
    });
    await sweep.run();
    expect(inShort(sweep.events)).toEqual([
      ...[...planned, "pausing", "completed 0", "paused", "resumed", "started 1", "completed 1"],
      ...ended,
    ]);
  });

  it("begins no trial that would not end within its budget, but measures the first one whatever it takes", async () => {
    const levels = { cpu: [0.1, 0.2, 0.3, 0.4, 0.5] };
    // The first trial takes 2.25 s with baseline and start, the others 1 s; the next one is expected to take their mean.
    for (const [budgetSeconds, trials] of [
      [0.1, 1],
      [4.2, 1],
      [4.3, 2],
      [60, 5],
    ] as const) {
      const { run, events } = fakeSweep({ spec: { ...levels, budgetSeconds } });
      expect(await run()).toMatchObject({ status: "finished", completed: trials });
      expect(inShort(events).at(-2)).toBe("baseline after");
    }
  });

  it("takes another budget while it runs, and does not count pauses", async () => {
    const told = { cpu: [0.1, 0.2, 0.3, 0.4, 0.5], budgetSeconds: 0.1 };
    const sweep = fakeSweep({
      spec: told,
      onLoad: ({ rig, index }) => {
        if (!rig || index > 0) return undefined;
        sweep.control.tell({ do: "budget", seconds: 4.3 });
        sweep.control.tell({ do: "pause" });
        return undefined;
      },
      onEvent: (event) => {
        if (event.type !== "steered" || event.what !== "paused") return;
        queueMicrotask(() => {
          sweep.clock.seconds += 1000;
          sweep.control.tell({ do: "resume" });
        });
      },
    });
    expect(await sweep.run()).toMatchObject({ completed: 2 });
    expect(inShort(sweep.events)).toContain("budget");
  });
});

describe("a sweep that is aborted", () => {
  it("drops the trial that it is in, and ends what it started", async () => {
    const sweep = fakeSweep({
      onLoad: (load) => {
        if (!load.rig || load.index === 0) return undefined;
        sweep.abort.abort();
        return untilAborted(load);
      },
    });
    expect(await sweep.run()).toEqual({ status: "interrupted", completed: 1, failed: 0, skipped: 0 });
    expect(inShort(sweep.events)).toEqual([...planned, "completed 0", "started 1", "interrupted"]);
    expect(sweep.records).toHaveLength(1);
    expect(sweep.done.slice(-2)).toEqual(["end swift", "stop 1 origins"]);
  });

  it("begins no further trial, and measures no baseline", async () => {
    const sweep = fakeSweep({
      onEvent: ({ type }) => {
        if (type === "trial-finished") sweep.abort.abort();
      },
    });
    expect(await sweep.run()).toMatchObject({ status: "interrupted", completed: 1 });
    expect(inShort(sweep.events)).toEqual([...planned, "completed 0", "interrupted"]);
  });

  it("measures no baseline to its end, and says nothing of it", async () => {
    const sweep = fakeSweep({
      onLoad: (load) => {
        sweep.abort.abort();
        return untilAborted(load);
      },
    });
    expect(await sweep.run()).toMatchObject({ status: "interrupted", completed: 0 });
    expect(inShort(sweep.events)).toEqual(["planned 2", "started 0", "interrupted"]);
    expect(sweep.done).toEqual(["start 1 origins", "load origins", "stop 1 origins"]);
  });

  it("ends a pause", async () => {
    const sweep = fakeSweep({
      onLoad: ({ rig, index }) => {
        if (rig && index === 0) sweep.control.tell({ do: "pause" });
        return undefined;
      },
      onEvent: (event) => {
        if (event.type === "steered" && event.what === "paused") queueMicrotask(() => sweep.abort.abort());
      },
    });
    expect(await sweep.run()).toMatchObject({ status: "interrupted", completed: 1 });
    expect(inShort(sweep.events).slice(-2)).toEqual(["paused", "interrupted"]);
  });
});

describe("a trial that fails becomes a record", () => {
  const dying = (oomKills: number) =>
    fakeSweep({
      onLoad: ({ rig, index }) => {
        if (!rig || index > 0) return undefined;
        Object.assign(rig, { dead: true, oomKills });
        throw new LabError("LAB_LOAD", "tool got no reply");
      },
    });

  it("when its proxy dies under load; the next one gets a new proxy", async () => {
    const { run, events, records, done } = dying(0);
    expect(await run()).toEqual({ status: "finished", completed: 1, failed: 1, skipped: 0 });
    expect(inShort(events)).toEqual([...planned, "LAB_LOAD 0", "started 1", "completed 1", ...ended]);
    expect(records).toMatchObject([
      { status: "failed", error: { code: "LAB_LOAD" }, freshProcess: true, configuration: { argv: ["swift"] } },
      { status: "completed", freshProcess: true },
    ]);
    expect(records[0]).not.toHaveProperty("verdict");
    expect(done.filter((what) => what.endsWith("swift"))).toEqual([
      ...["start swift", "end swift", "start swift", "end swift"],
    ]);
  });

  it("when its proxy is killed for memory, which is what held it down", async () => {
    const { run, records } = dying(1);
    await run();
    expect(records[0]).toMatchObject({ error: { code: "LAB_MEMORY" }, verdict: { bound: "memory-bound" } });
    expect(records[1]!.status).toBe("completed");
  });

  it("when its load tool hangs, and is stopped long after its time", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sweep = fakeSweep({ spec: { cpu: [0.1] } });
    let stops = 0;
    const parts: SweepParts = {
      ...sweep.parts,
      runLoad: (tool, wish, signal, watch) =>
        wish.urls[0].includes(":8000/")
          ? sweep.parts.runLoad(tool, wish, signal)
          : runLoad({ host: hangingHost(() => stops++), registry: fakeRegistry, signal }, tool, wish, watch),
    };
    const running = new Sweep(sweep.job, parts).run();
    await vi.advanceTimersByTimeAsync(45_900); // a window of 1 s, 30 s for a reply, and 15 s
    expect(stops).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(await running).toMatchObject({ status: "finished", failed: 1 });
    expect(stops).toBe(1);
    expect(sweep.records).toMatchObject([{ status: "failed", error: { code: "LAB_LOAD" } }]);
  });

  it("when no origins can be started for it; a proxy of another trial is not its own", async () => {
    const { run, records, done } = fakeSweep({
      spec: { servers: [1, 3], cpu: [0.1] },
      onOrigins: (servers) => {
        if (servers === 3) throw new LabError("LAB_START", "an origin server did not start");
      },
    });
    expect(await run()).toMatchObject({ completed: 1, failed: 1 });
    const failed = records.find(({ point }) => point.servers === 3)!;
    expect(failed).toMatchObject({
      status: "failed",
      error: { code: "LAB_START" },
      freshProcess: false,
      deviations: [],
    });
    for (const part of ["configuration", "directRequestsPerSecond"]) expect(failed).not.toHaveProperty(part);
    expect(failed.timing).toEqual({ total: 0 });
    expect(done.filter((what) => what.startsWith("start"))).toEqual(["start 1 origins", "start swift"]);
  });

  it("when its origins are gone, of which the baseline warns", async () => {
    let gone = false;
    const { run, events } = fakeSweep({
      onLoad: () => (gone ? 0 : undefined),
      onEvent: ({ type }) => {
        gone ||= type === "trial-finished";
      },
    });
    expect(await run()).toMatchObject({ completed: 1, failed: 1 });
    expect(inShort(events)).toEqual([...planned, "completed 0", "started 1", "LAB_LOAD 1", "warning", "finished"]);
  });

  it("when its limiter cannot put its limit into force", async () => {
    const { run, records, done } = fakeSweep({
      onLimit: ({ cpu }) => {
        if (cpu === 0.2) throw new LabError("LAB_LIMIT", "asked for 0.2 cpu");
      },
    });
    expect(await run()).toMatchObject({ completed: 1, failed: 1 });
    expect(records.find(({ point }) => point.cpu === 0.2)).toMatchObject({
      status: "failed",
      error: { code: "LAB_LIMIT" },
    });
    expect(done.filter((what) => what.startsWith("load swift"))).toEqual(["load swift at 0.1"]);
  });

  it("when its proxy cannot be started; that is tried once for all that would start alike", async () => {
    const refuse = (rig: FakeRig) => {
      throw new LabError("LAB_START", `${rig.point.proxy} ended with code 1`, { help: "no such file", output: "a\nb" });
    };
    const { run, done, events, records } = fakeSweep({ onStart: refuse });
    expect(await run()).toEqual({ status: "finished", completed: 0, failed: 2, skipped: 0 });
    expect(inShort(events)).toEqual([...planned, "LAB_START 0", "started 1", "LAB_START 1", ...ended]);
    expect(done.filter((what) => what === "start swift")).toHaveLength(1);
    const told = {
      error: { message: "swift ended with code 1 (no such file)", output: "a\nb" },
      configuration: { argv: ["swift"] },
      deviations: ["made up"],
    };
    expect(records).toMatchObject([
      { ...told, freshProcess: true, timing: { start: 0.25 } },
      { ...told, freshProcess: false },
    ]);
    const rigid = fakeSweep({ onStart: refuse, spec: { limiters: ["rigid"] } });
    await rigid.run();
    expect(rigid.done.filter((what) => what === "start swift")).toHaveLength(2);
  });
});

describe("a sweep", () => {
  it("ends with the fault of a store that refuses a record, and leaves nothing running", async () => {
    const { run, events, done } = fakeSweep({
      onSave: () => {
        throw new LabError("LAB_STORE", "the disk is full");
      },
    });
    await expect(run()).rejects.toMatchObject({ code: "LAB_STORE" });
    expect(inShort(events)).toEqual(planned);
    expect(done.slice(-2)).toEqual(["end swift", "stop 1 origins"]);
  });

  it("warns of a limiter that does not end its process, and goes on", async () => {
    const { run, events } = fakeSweep({
      spec: { limiters: ["rigid"] },
      onClose: () => {
        throw new LabError("LAB_PLUGIN", "limiter rigid, stop: returned while its process was running");
      },
    });
    expect(await run()).toMatchObject({ status: "finished", completed: 2 });
    expect(inShort(events)).toEqual([
      ...[...planned, "completed 0", "started 1", "warning", "warning", "completed 1"],
      ...ended,
    ]);
  });

  it("measures a baseline for each load before its first trial and after the last, and warns of a change", async () => {
    const rates = [9000, 8000, 9500, 6000];
    const { run, events, records } = fakeSweep({
      spec: { concurrency: [8, 64], cpu: [0.1] },
      onLoad: ({ rig, index }) => (rig ? undefined : rates[index]),
    });
    await run();
    const [first, second] = records.map(({ point }) => point.concurrency);
    expect(events.filter(({ type }) => type === "baseline")).toMatchObject([
      { when: "before", concurrency: first, requestsPerSecond: 9000 },
      { when: "before", concurrency: second, requestsPerSecond: 8000 },
      { when: "after", concurrency: first, requestsPerSecond: 9500 },
      { when: "after", concurrency: second, requestsPerSecond: 6000 },
    ]);
    expect(inShort(events).slice(-4)).toEqual(["baseline after", "baseline after", "warning", "finished"]);
    expect(events.at(-2)).toMatchObject({ message: expect.stringMatching(/8000 .* 6000 /) });
  });

  it("measures without a baseline that cannot be had, and tries again for the next trial", async () => {
    const { run, events, records } = fakeSweep({ onLoad: ({ rig, index }) => (rig || index > 0 ? undefined : 0) });
    await run();
    expect(inShort(events)).toEqual([
      ...["planned 2", "started 0", "warning", "completed 0", "started 1", "baseline before", "completed 1"],
      ...ended,
    ]);
    expect(records[0]).not.toHaveProperty("directRequestsPerSecond");
    expect(records[1]).toMatchObject({ directRequestsPerSecond: 9000 });
  });

  it("keeps the trials of a sweep that went before out of its count", async () => {
    const earlier = [trialRecord({ sequence: 0 }), trialRecord({ sequence: 1 })];
    const { run, events } = fakeSweep({ earlier });
    expect(await run()).toEqual({ status: "finished", completed: 0, failed: 0, skipped: 0 });
    expect(inShort(events)).toEqual(["planned 0", "finished"]);
  });
});

/** A machine whose processes end only when they are stopped. */
function hangingHost(onStop: () => void): RunContext["host"] {
  const host = {
    scratchDir: async () => ({ path: "/nowhere", instance: "none", remove: async () => {} }),
    start() {
      const { promise: exited, resolve } = Promise.withResolvers<{ signal: string }>();
      const stop = async () => {
        onStop();
        resolve({ signal: "SIGTERM" });
      };
      return { pid: 0, exited, stop, stdout: () => "", stderr: () => "", tail: () => "" };
    },
  };
  return host as unknown as RunContext["host"];
}
