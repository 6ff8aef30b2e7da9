import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../../src/core/domain/events.ts";
import { emptyLab, withSweeps, withTrials } from "../../../src/tui/store/labState.ts";
import { roundsStored } from "../../../src/tui/store/rounds.ts";
import { problemSeen, seen, startedRun } from "../../../src/tui/store/runEvents.ts";
import { isMeasuring, type RunState, windowIsOpen } from "../../../src/tui/store/runState.ts";
import { recordedSweep, until } from "../../fixtures/console/recording.ts";
import { roundsSweep } from "../../fixtures/console/rounds.ts";
import { trialRecord } from "../../fixtures/records.ts";

const replayed = (events: readonly LabEvent[], from = startedRun()) => events.reduce<RunState>(seen, from);
const planned = recordedSweep.find((event) => event.type === "sweep-planned")!;

describe("a run, from the events of its sweep", () => {
  it("knows its plan before the first trial", () => {
    const run = replayed(until("sweep-planned", 1));
    expect(run.phase).toBe("running");
    expect(run.planned).toHaveLength(planned.type === "sweep-planned" ? planned.trials : 0);
    expect(run.remainingTrials).toBe(run.planned.length);
  });

  it("has a window open from the begin of a trial to its end", () => {
    expect(windowIsOpen(replayed(until("trial-started", 1)))).toBe(true);
    expect(windowIsOpen(replayed(until("trial-finished", 1)))).toBe(false);
  });

  it("collects the samples of the trial in work only", () => {
    const run = replayed(until("trial-started", 2));
    expect(run.current?.samples).toEqual([]);
    const samples = replayed(until("trial-finished", 2).slice(0, -1)).current?.samples;
    expect(samples!.length).toBeGreaterThan(5);
    expect(new Set(samples!.map(({ sequence }) => sequence)).size).toBe(1);
  });

  it("holds all records at its end, and says how each trial went", () => {
    const run = replayed(recordedSweep);
    expect(run).toMatchObject({ phase: "ended", status: "finished", remainingTrials: 0 });
    expect(run.records).toHaveLength(run.planned.length);
    expect(run.log.filter(({ text }) => /bound|unclear/.test(text)).length).toBeGreaterThanOrEqual(run.records.length);
    expect(isMeasuring(run)).toBe(false);
  });

  it("begins a repeated trial anew", () => {
    const { sweepId } = planned;
    const run = replayed([
      ...until("trial-finished", 1).slice(0, -1),
      { schemaVersion: 1, at: "2026-11-22T12:00:00.000Z", type: "steered", sweepId, what: "repeated" },
    ]);
    expect(run.current?.samples).toEqual([]);
  });

  it.each(["pausing", "paused"] as const)("is %s when it is told so, and goes on", (what) => {
    const event = (what: "pausing" | "paused" | "resumed"): LabEvent => ({
      schemaVersion: 1,
      at: "2026-11-22T12:00:00.000Z",
      type: "steered",
      sweepId: planned.sweepId,
      what,
    });
    const run = replayed([event(what)], replayed(until("sweep-planned", 1)));
    expect(run.phase).toBe(what);
    expect(replayed([event("resumed")], run).phase).toBe("running");
  });

  it("ends with the reason where its process failed", () => {
    const run = problemSeen(startedRun(), { message: "no haproxy on this machine" });
    expect(run).toMatchObject({ phase: "ended", problem: { message: "no haproxy on this machine" } });
  });
});

describe("a run in rounds", () => {
  const events = roundsSweep(3);
  const upTo = (type: LabEvent["type"], count: number) => {
    const ends = events.flatMap((event, index) => (event.type === type ? index + 1 : []));
    return replayed(events.slice(0, ends[count - 1]));
  };

  it("plans each configuration once", () => expect(upTo("sweep-planned", 1).planned).toHaveLength(10));

  it("keeps the bands of the last whole round while the next one is in work", () => {
    expect(upTo("trial-finished", 10).rounds).toBeUndefined();
    const run = upTo("trial-finished", 25);
    expect(run.rounds).toBe(replayed([events[0]!], run).rounds);
    expect(run.rounds).toMatchObject({ round: 2, told: { round: 2 } });
    expect(run.rounds?.records).toHaveLength(20);
    expect(run.records).toHaveLength(25);
  });

  it("has its window open between two visits, but not while it is paused", () => {
    const run = upTo("trial-finished", 12);
    expect(windowIsOpen(run)).toBe(true);
    const { schemaVersion, at, sweepId } = planned;
    expect(windowIsOpen(replayed([{ schemaVersion, at, sweepId, type: "steered", what: "paused" }], run))).toBe(false);
  });

  it("logs rounds and visits that failed, but no others", () => {
    const finished = events.find((event) => event.type === "trial-finished")!;
    const record = { ...finished.record, id: "f", status: "failed", error: { code: "X", message: "broke" } } as const;
    const log = replayed([{ ...finished, record }], upTo("round-finished", 3)).log.map(({ tone }) => tone);
    expect(log).toEqual(["plain", "plain", "plain", "bad"]);
  });

  it("is known from its stored trials up to its last whole round", () => {
    const { records } = replayed(events);
    const running = (count: number) => roundsStored(records.slice(0, count), false, undefined);
    expect(running(10)).toBeUndefined();
    expect(running(11)).toMatchObject({ round: 1, records: records.slice(0, 10) });
    expect(running(29)).toMatchObject({ round: 2, records: records.slice(0, 20) });
    expect(roundsStored(records.slice(0, 20), false, running(15))?.records).toHaveLength(10);
    expect(roundsStored(records.slice(0, 18), false, running(15))).toEqual(running(15));
    expect(roundsStored(records, true, undefined)).toMatchObject({ round: 3, records });
  });
});

describe("what is in the store", () => {
  const spec = planned.type === "sweep-planned" ? planned.spec : undefined!;
  const sweep = (id: string, status: "running" | "finished") => ({
    id,
    status,
    spec,
    createdAt: "2026-11-22T12:00:00.000Z",
  });

  it("takes a trial in once, and the newer one where it comes again", () => {
    const lab = withTrials(withTrials(emptyLab, [trialRecord({ id: "a" })]), [trialRecord({ id: "a", replicate: 1 })]);
    expect(lab.trials.map(({ replicate }) => replicate)).toEqual([1]);
  });

  it("follows a sweep that another process runs, else shows the newest one", () => {
    const lab = withTrials(emptyLab, [trialRecord({ id: "b.0", sweepId: "b" })]);
    const { run } = withSweeps(lab, [sweep("c", "finished"), sweep("b", "running")]);
    expect(run).toMatchObject({ how: "followed", sweepId: "b", phase: "running" });
    expect(run.records).toHaveLength(1);
    expect(withSweeps(lab, [sweep("c", "finished")]).run).toMatchObject({ sweepId: "c", phase: "ended" });
  });

  it("does not leave its own sweep for another one", () => {
    const run = replayed(until("sweep-planned", 1));
    expect(withSweeps({ ...emptyLab, run }, [sweep("b", "running")]).run).toBe(run);
  });
});
