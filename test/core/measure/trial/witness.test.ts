import { describe, expect, it, onTestFinished } from "vitest";
import { asOrigins, startTarget } from "../../../../src/core/hosting/conformance/live/target.ts";
import type { LoadWatch } from "../../../../src/core/measure/trial/loadRun.ts";
import type { TrialSetup } from "../../../../src/core/measure/trial/watchedLoad.ts";
import { witnessed } from "../../../../src/core/measure/trial/witness.ts";
import { reportOf } from "../../../fixtures/fakeSweep.ts";
import { trialRecord } from "../../../fixtures/records.ts";

/** A run of a tool that sends nothing and tells of 500 requests in 2 s; a target stands for the proxy and its origin. */
async function run({ sent, tookSeconds = 2.1 }: { sent: number; tookSeconds?: number }) {
  const target = await startTarget();
  onTestFinished(() => target.close());
  let served = 0;
  const plain = asOrigins([target]);
  const count = async () => served + (target.answered.get("/") ?? 0);
  const counters = async () => ({ accepted: (await plain.counters())!.accepted, served: await count() });
  const origins = { ...plain, served: count, counters };
  const { point, scenario } = trialRecord();
  const setup = {
    point,
    scenario,
    rig: { entrance: { listen: target.address, role: "reverse", secure: false } },
    origins,
    async load(_wish: unknown, watch?: LoadWatch) {
      served += sent;
      watch?.onEnd?.(tookSeconds);
      return reportOf(250, 2);
    },
  } as unknown as TrialSetup;
  const wish = { urls: [target.url], concurrency: 32, keepAlive: true, loop: "closed", until: { seconds: 2 } } as const;
  const seen = await witnessed(setup, async ({ load }) => ({ report: await load(wish), samples: [] }));
  const { originServed, contradictions } = seen;
  return { originServed, codes: contradictions.map(({ code }) => code), asked: target.answered.get("/") ?? 0 };
}

describe("a run with a witness", () => {
  it("has what the origins served, and sends nothing of its own where nothing is in doubt", async () =>
    expect(await run({ sent: 510 })).toEqual({ originServed: 510, codes: [], asked: 0 }));

  it("asks the proxy where counts differ, and finds that it passes on each request", async () => {
    const { originServed, codes, asked } = await run({ sent: 1000 });
    expect({ originServed, codes }).toEqual({ originServed: 1000, codes: ["count"] });
    expect(asked).toBeGreaterThan(2);
  });

  it("is held against the lab's own clock", async () =>
    expect(await run({ sent: 500, tookSeconds: 1 })).toMatchObject({ codes: ["duration"] }));
});
