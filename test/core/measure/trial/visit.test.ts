import { describe, expect, it } from "vitest";
import { LabError } from "../../../../src/core/errors.ts";
import { defaultSpec } from "../../../../src/core/experiment/defaults.ts";
import type { LoadWatch, LoadWish } from "../../../../src/core/measure/trial/loadRun.ts";
import { measureTrial } from "../../../../src/core/measure/trial/trial.ts";
import { visit } from "../../../../src/core/measure/trial/visit.ts";
import type { TrialSetup } from "../../../../src/core/measure/trial/watchedLoad.ts";
import wrk from "../../../../src/plugins/load/wrk.ts";
import { reportOf } from "../../../fixtures/fakeSweep.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const brief = { ...defaultSpec.scenario, windowSeconds: 0.1, maxWindowSeconds: 0.5, warmupSeconds: 0.5 };
const wish = { urls: ["http://127.0.0.1:1/"], concurrency: 1, keepAlive: true, loop: "closed" } as Omit<
  LoadWish,
  "until"
>;

interface Fake {
  /** Requests/s so many seconds after the load tool started. */
  readonly rateAt?: (seconds: number) => number;
  /** What the load tool does; by default it runs until it is told to end. */
  readonly load?: TrialSetup["load"];
  readonly counts?: boolean;
}

/** A tool of this process: no signal can end it, so it looks for itself whether it was told to. */
function untilTold(_wish: LoadWish, watch?: LoadWatch) {
  return new Promise<ReturnType<typeof reportOf>>((resolve) => {
    const timer = setInterval(() => {
      if (!watch?.wasInterrupted?.()) return;
      clearInterval(timer);
      resolve(reportOf(7, 1));
    }, 5);
    watch?.onStart?.({ pid: 2 ** 22 + 1 }); // higher than any pid
  });
}

function setupOf({ rateAt = () => 10_000, load = untilTold, counts = true }: Fake): TrialSetup {
  const start = performance.now();
  let [served, at] = [0, start];
  const count = () => {
    for (const now = performance.now(); at < now; at++) served += rateAt((at - start) / 1000) / 1000;
    return Math.round(served);
  };
  return {
    point: trialRecord().point,
    scenario: brief,
    proxy: { supports: { roles: ["reverse"], balancing: true } },
    tool: wrk,
    rig: {
      entrance: { listen: { host: "127.0.0.1", port: 1 }, role: "reverse", secure: false },
      limit: async () => {},
      control: { usage: async () => ({ cpuSeconds: count() / 1e3 }), limits: async () => ({}) },
    },
    origins: {
      kind: "nginx",
      addresses: [{ host: "127.0.0.1", port: 2 }],
      path: "/",
      marker: "",
      served: async () => (counts ? count() : undefined),
      counters: async () => undefined,
      cpuSeconds: async () => 0,
      stop: async () => {},
    },
    load,
    onFigures: () => {},
    onSampleFault: () => {},
  };
}

const servedIn = ({ samples }: { samples: readonly { served?: number | undefined }[] }) =>
  samples.at(-1)!.served! - samples[0]!.served!;

describe("a visit", () => {
  it("opens its window once the limit has settled, and closes it once enough was served", async () => {
    // As when a proxy has to accept its connections first.
    const seen = await visit(setupOf({ rateAt: (seconds) => (seconds < 0.15 ? 0 : 10_000) }), wish);
    expect(seen.settled).toBe(true);
    expect(seen.settleSeconds).toBeGreaterThan(0.15);
    expect(servedIn(seen)).toBeGreaterThanOrEqual(500);
    expect(seen.report.completedRequests).toBe(7);
  });

  it("goes on while little is served, up to its longest window", async () => {
    const [busy, slow] = await Promise.all([10_000, 200].map((rate) => visit(setupOf({ rateAt: () => rate }), wish)));
    const seconds = ({ samples }: typeof busy & object) => samples.at(-1)!.atSeconds - samples[0]!.atSeconds;
    expect(seconds(slow!)).toBeGreaterThanOrEqual(brief.maxWindowSeconds);
    expect(seconds(busy!)).toBeLessThan(seconds(slow!));
  });

  it("says so where the limit does not settle", async () => {
    const seen = await visit(setupOf({ rateAt: (seconds) => 100 * 10 ** (10 * seconds) }), wish);
    expect(seen.settled).toBe(false);
  });

  it("fails as its load tool does", async () => {
    const load = async () => Promise.reject(new LabError("LAB_LOAD", "no"));
    await expect(visit(setupOf({ load }), wish)).rejects.toMatchObject({ code: "LAB_LOAD" });
  });

  it("ends with a load tool that ends by itself", async () => {
    const load = async () => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      return reportOf(9, 1);
    };
    expect((await visit(setupOf({ load }), wish)).report.completedRequests).toBe(9);
  });

  it.each([
    [true, ["load", "limit", "load"]],
    [false, ["limit", "load"]],
  ])("warms a proxy up before it is limited where that was started for it: %s", async (freshProcess, order) => {
    const done: string[] = [];
    const setup = setupOf({
      load: (...told) => {
        done.push("load");
        return untilTold(...told);
      },
    });
    const limit = async () => {
      done.push("limit");
    };
    const { timing } = await measureTrial({ ...setup, rig: { ...setup.rig, limit }, freshProcess });
    expect(done).toEqual(order);
    expect(timing.warmup! > 0.4).toBe(freshProcess);
  });
});
