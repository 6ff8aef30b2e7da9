import { describe, expect, it } from "vitest";
import { SweepControl } from "../../../../src/core/measure/sweep/control.ts";

const never = new AbortController().signal;

/** A trial that ends when it is aborted, or when told to. */
function trial() {
  const begun: (() => void)[] = [];
  const run = (signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      begun.push(() => resolve(begun.length));
      signal.addEventListener("abort", () => reject(new Error("given up")));
    });
  return { run, begun };
}

function steered(control: SweepControl): string[] {
  const told: string[] = [];
  control.onSteered = (what) => told.push(what);
  return told;
}

describe("the steering of a sweep", () => {
  it("lets a trial run to its end where nothing is said", async () => {
    const { run, begun } = trial();
    const result = new SweepControl().trial(never, run);
    begun[0]!();
    expect(await result).toBe(1);
  });

  it("gives up a trial that is to be skipped", async () => {
    const control = new SweepControl();
    const told = steered(control);
    const result = control.trial(never, trial().run);
    control.tell({ do: "skip" });
    expect(await result).toBeUndefined();
    expect(told).toEqual(["skipped"]);
  });

  it("begins a trial anew that is to be repeated, as often as it is told", async () => {
    const control = new SweepControl();
    const { run, begun } = trial();
    const result = control.trial(never, run);
    for (const times of [2, 3]) {
      control.tell({ do: "repeat" });
      while (begun.length < times) await Promise.resolve();
    }
    begun[2]!();
    expect(await result).toBe(3);
  });

  it("drops what was measured where a wish comes when the load has ended already", async () => {
    const control = new SweepControl();
    let times = 0;
    const repeatOnce = async () => {
      if (++times === 1) control.tell({ do: "repeat" });
      return times;
    };
    expect(await control.trial(never, repeatOnce)).toBe(2);
    const skip = async () => {
      control.tell({ do: "skip" });
      return 1;
    };
    expect(await control.trial(never, skip)).toBeUndefined();
  });

  it("heeds only the first wish for a trial, and none between trials", async () => {
    const control = new SweepControl();
    const told = steered(control);
    control.tell({ do: "skip" });
    const { run, begun } = trial();
    const result = control.trial(never, run);
    control.tell({ do: "skip" });
    control.tell({ do: "repeat" });
    expect(await result).toBeUndefined();
    expect(begun).toHaveLength(1);
    expect(told).toEqual(["skipped"]);
  });

  it("passes on a fault of the trial and an abort of the sweep", async () => {
    const control = new SweepControl();
    await expect(control.trial(never, () => Promise.reject(new Error("no load")))).rejects.toThrow("no load");
    const sweep = new AbortController();
    const result = control.trial(sweep.signal, trial().run);
    sweep.abort(new Error("stopped"));
    await expect(result).rejects.toThrow("stopped");
  });

  it("pauses between trials until it is told to resume, and counts that time", async () => {
    const control = new SweepControl();
    const told = steered(control);
    await control.untilResumed(never);
    control.tell({ do: "pause" });
    control.tell({ do: "pause" });
    const paused = control.untilResumed(never);
    await new Promise((wait) => setTimeout(wait, 5));
    control.tell({ do: "resume" });
    await paused;
    expect(told).toEqual(["pausing", "paused", "resumed"]);
    expect(control.pausedSeconds).toBeGreaterThan(0);
  });

  it("ends a pause when the sweep is aborted", async () => {
    const control = new SweepControl();
    control.tell({ do: "pause" });
    const sweep = new AbortController();
    const paused = control.untilResumed(sweep.signal);
    sweep.abort();
    await paused;
  });

  it("replaces the budget, also by none", () => {
    const control = new SweepControl();
    expect(control.budgetSeconds(60)).toBe(60);
    control.tell({ do: "budget", seconds: 30 });
    expect(control.budgetSeconds(60)).toBe(30);
    control.tell({ do: "budget" });
    expect(control.budgetSeconds(60)).toBeUndefined();
  });
});
