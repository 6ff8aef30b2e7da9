import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../../../src/core/hosting/conformance/attempt.ts";
import { Steps } from "../../../../../src/core/hosting/conformance/live/steps.ts";

function steps(signal = new AbortController().signal) {
  const begun: string[] = [];
  const results: CheckResult[] = [];
  const watch = {
    onBegin: (name: string) => begun.push(name),
    onResult: (result: CheckResult) => results.push(result),
  };
  return { steps: new Steps(signal, watch), begun, results };
}

describe("steps of a live part", () => {
  it("tell of each rule before and after it is tried, with what was measured", async () => {
    const { steps: it, begun, results } = steps();
    expect(await it.try("counts", () => 3, { detail: (count) => `${count} of 3` })).toBe(3);
    expect(begun).toEqual(["counts"]);
    expect(results).toEqual([{ name: "counts", ok: true, detail: "3 of 3", live: true }]);
  });

  it("go on after a broken rule", async () => {
    const { steps: it, results } = steps();
    const failing = async () => {
      throw new Error("no\nmore");
    };
    expect(await it.try("breaks", failing)).toBeUndefined();
    expect(await it.try("holds", () => true)).toBe(true);
    expect(results).toEqual([
      { name: "breaks", ok: false, reason: "no", live: true },
      { name: "holds", ok: true, live: true },
    ]);
  });

  it("end a rule whose time is over, through its signal", async () => {
    const { steps: it, results } = steps();
    const untilAborted = (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("told to end"))));
    await it.try("waits", untilAborted, { timeoutMs: 20 });
    expect(results).toEqual([{ name: "waits", ok: false, reason: expect.stringMatching(/\b0\.02 s\b/), live: true }]);
  });

  it("stop when the user wants no more, without a verdict on the rule at hand", async () => {
    const controller = new AbortController();
    const { steps: it, results } = steps(controller.signal);
    const interrupted = it.try("is interrupted", async () => controller.abort());
    await expect(interrupted).rejects.toMatchObject({ code: "LAB_INTERRUPTED" });
    await expect(it.try("comes after", () => true)).rejects.toMatchObject({ code: "LAB_INTERRUPTED" });
    expect(results).toEqual([]);
  });

  it("end what a rule has started when the user wants no more meanwhile", async () => {
    const controller = new AbortController();
    const { steps: it } = steps(controller.signal);
    const ended: number[] = [];
    const start = async () => {
      controller.abort();
      return 7;
    };
    const late = async (pid: number) => void ended.push(pid);
    await expect(it.try("starts", start, { late })).rejects.toMatchObject({ code: "LAB_INTERRUPTED" });
    expect(ended).toEqual([7]);
  });
});
