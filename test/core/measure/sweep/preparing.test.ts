import { describe, expect, it } from "vitest";
import { type EstimatedProgress, preparationProgress } from "../../../../src/core/measure/sweep/preparing.ts";

function recorder() {
  let now = 100;
  const told: EstimatedProgress[] = [];
  const take = preparationProgress(
    (progress) => told.push(progress),
    () => now,
  );
  return { told, take, wait: (seconds: number) => (now += seconds) };
}

describe("the progress of a preparation", () => {
  it("comes with the time that is left at the rate so far, once there is one to speak of", () => {
    const { told, take, wait } = recorder();
    take({ task: "pull x", doneBytes: 0, totalBytes: 100 });
    wait(0.5);
    take({ task: "pull x", doneBytes: 10, totalBytes: 100 });
    wait(1.5);
    take({ task: "pull x", doneBytes: 40, totalBytes: 100 });
    expect(told.map(({ remainingSeconds }) => remainingSeconds)).toEqual([undefined, undefined, 3]);
  });

  it("says nothing of the time left where the total is not known, or nothing comes in", () => {
    const { told, take, wait } = recorder();
    take({ task: "pull x", doneBytes: 50 });
    wait(5);
    take({ task: "pull x", doneBytes: 60 });
    take({ task: "unpack x", doneBytes: 60, totalBytes: 100 });
    wait(5);
    take({ task: "unpack x", doneBytes: 60, totalBytes: 100 });
    expect(told).toHaveLength(4);
    for (const progress of told) expect(progress).not.toHaveProperty("remainingSeconds");
  });

  it("is told four times a second at most, but for a new task or a finished layer", () => {
    const { told, take, wait } = recorder();
    for (let line = 0; line < 100; line++) {
      take({ task: "pull x", doneBytes: line, layers: { done: 0, of: 2 } });
      wait(0.01);
    }
    expect(told.length).toBeLessThanOrEqual(5);
    take({ task: "pull x", doneBytes: 100, layers: { done: 1, of: 2 } });
    take({ task: "unpack x", layers: { done: 1, of: 2 } });
    expect(told.slice(-2).map(({ task }) => task)).toEqual(["pull x", "unpack x"]);
  });
});
