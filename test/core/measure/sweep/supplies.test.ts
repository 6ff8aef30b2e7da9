import { describe, expect, it } from "vitest";
import { defineLoad } from "../../../../src/core/contract/index.ts";
import type { LabEventBody } from "../../../../src/core/domain/events.ts";
import { defaultScenario, defaultSpec } from "../../../../src/core/experiment/defaults.ts";
import { benchOf } from "../../../../src/core/hosting/conformance/live/lab.ts";
import { SweepControl } from "../../../../src/core/measure/sweep/control.ts";
import type { SweepJob } from "../../../../src/core/measure/sweep/job.ts";
import { Supplies } from "../../../../src/core/measure/sweep/supplies.ts";
import { LocalHost } from "../../../../src/core/process/host.ts";
import { Ledger } from "../../../../src/core/process/ledger.ts";
import { trialRecord } from "../../../fixtures/records.ts";

/** A load tool that is done at once, with so many replies, and notes how long it was to take. */
function hasty(completedRequests: number) {
  const seconds: number[] = [];
  const plugin = defineLoad({
    id: "hasty",
    title: "a load tool that is done at once",
    program: { executables: ["true"], versionArguments: ["--version"], versionPattern: "([0-9.]+)", install: {} },
    supports: { loops: ["closed"], forwardProxy: false, severalUrls: false, noKeepAlive: true, requestCount: false },
    detect: async () => ({ available: true }),
    plan({ until }) {
      if ("seconds" in until) seconds.push(until.seconds);
      return { argv: ["true"] };
    },
    parse: () => ({
      loop: "closed",
      durationSeconds: 2,
      completedRequests,
      failedRequests: 0,
      failures: {},
      latencyMs: {},
      latencyKind: "service",
    }),
  });
  return { plugin, seconds };
}

/** What a trial is given with origins of such a delay, how long the baseline took, and what was told. */
async function supplied(completedRequests: number, originDelayMs: number) {
  const { plugin, seconds } = hasty(completedRequests);
  const told: LabEventBody[] = [];
  const host = await LocalHost.open(new Ledger());
  const bench = {
    ...benchOf({ host, owned: () => 0 }, new AbortController().signal, { plugin, options: {}, source: "a test" }),
    emit: (event: LabEventBody) => void told.push(event),
  };
  const scenario = { ...defaultScenario, originUrl: "http://127.0.0.1:9/", originDelayMs };
  const spec = { ...defaultSpec, proxies: ["haproxy"], seed: 1, scenario };
  const job: SweepJob = { id: "s", spec, earlier: [], control: new SweepControl(), begin() {}, save() {} };
  const { point } = trialRecord({ point: { loadTool: "hasty" } });
  const context = await new Supplies(bench, job, undefined).contextOf({ sequence: 0, replicate: 0, point });
  return { context, seconds, told };
}

describe("the baseline", () => {
  it("is the rate without a proxy", async () => {
    const { context, seconds } = await supplied(3000, 0);
    expect(context.directRequestsPerSecond).toBe(1500);
    expect(seconds).toEqual([1]);
  });

  it("is not known, rather than 0, where no reply came", async () => {
    const { context, told } = await supplied(0, 0);
    expect(context).not.toHaveProperty("directRequestsPerSecond");
    expect(told).toMatchObject([
      { type: "warning", message: "no baseline: hasty got no reply from the origins in 1 s" },
    ]);
  });

  it("takes long enough for origins that take their time", async () => {
    expect((await supplied(3000, 2_000)).seconds).toEqual([10]);
  });
});
