import { describe, expect, it, onTestFinished } from "vitest";
import { defineLimiter, type LimiterPlugin, type Limits } from "../../../../src/core/contract/index.ts";
import type { Point } from "../../../../src/core/domain/point.ts";
import { defaultScenario } from "../../../../src/core/experiment/defaults.ts";
import { benchOf } from "../../../../src/core/hosting/conformance/live/lab.ts";
import { asOrigins, startTarget } from "../../../../src/core/hosting/conformance/live/target.ts";
import { RigKeeper } from "../../../../src/core/measure/sweep/rigKeeper.ts";
import { LocalHost } from "../../../../src/core/process/host.ts";
import { Ledger } from "../../../../src/core/process/ledger.ts";
import builtin from "../../../../src/plugins/proxies/builtin.ts";
import { trialRecord } from "../../../fixtures/records.ts";

/** A limiter that sets no limits and notes those that it starts processes under. */
function noting(liveUpdate: boolean, inForce = (limits: Limits): Limits => limits) {
  const starts: Limits[] = [];
  const plugin = defineLimiter({
    id: "noting",
    title: "a limiter that takes notes",
    supports: { cpu: true, memory: true, liveUpdate, images: false, otherHosts: false },
    minimum: { cpu: 0.01, memoryBytes: 1 },
    detect: async () => ({ available: true }),
    async start(launch, limits, host) {
      starts.push(limits);
      const child = await host.launch(launch);
      let last = limits;
      return {
        ...child,
        usage: async () => ({}),
        limits: async () => inForce(last),
        async update(changed) {
          last = changed;
        },
      };
    },
  });
  return { plugin, starts };
}

const pointAt = (changes: Partial<Point>) =>
  trialRecord({ point: { proxy: "builtin", limiter: "noting", ...changes } }).point;

/** Asks a keeper for the proxy of a point; all points share one. */
async function keeping(limiter: LimiterPlugin, connections = 32) {
  const target = await startTarget();
  const host = await LocalHost.open(new Ledger());
  const entries = [builtin, limiter].map((plugin) => ({ plugin, options: {}, source: "a test" }));
  const bench = benchOf({ host, owned: () => 0 }, new AbortController().signal, ...entries);
  const keeper = new RigKeeper(bench, defaultScenario, undefined, connections, () => {});
  onTestFinished(async () => {
    await keeper.keepOnly(() => false);
    await target.close();
  });
  const origins = asOrigins([target]);
  const context = { bench, scenario: defaultScenario, origins, onFigures() {}, onSampleFault() {} };
  return (changes: Partial<Point>) => keeper.rigFor("shared", context, pointAt(changes));
}

describe("a proxy that trials share", () => {
  it("is ready for the most connections of any of them, whichever comes first", async () => {
    const rigFor = await keeping(noting(true).plugin, 512);
    const rig = await rigFor({ concurrency: 8 });
    expect(rig.configuration.argv.join(" ")).toContain('"connections":512');
  });

  it("gets another CPU limit while it runs", async () => {
    const { plugin, starts } = noting(true);
    const rigFor = await keeping(plugin);
    const rig = await rigFor({ cpu: 0.2 });
    expect(await rigFor({ cpu: 0.4 })).toBe(rig);
    expect(starts).toEqual([{}]);
  });

  it("is started anew for another CPU limit where its limiter cannot change it", async () => {
    const { plugin, starts } = noting(false);
    const rigFor = await keeping(plugin);
    const [first, second, same] = [await rigFor({ cpu: 0.2 }), await rigFor({ cpu: 0.4 }), await rigFor({ cpu: 0.4 })];
    expect(first.alive()).toBe(false);
    expect(same).toBe(second);
    expect(starts).toEqual([{ cpu: 0.2 }, { cpu: 0.4 }]);
  });

  it("that could not be started is tried again only under limits that it was not started under", async () => {
    const { plugin, starts } = noting(false);
    const refusing: LimiterPlugin = {
      ...plugin,
      async start(_launch, limits) {
        starts.push(limits);
        throw new Error("not today");
      },
    };
    const rigFor = await keeping(refusing);
    for (const cpu of [0.2, 0.2, 0.4]) await expect(rigFor({ cpu })).rejects.toThrow("not today");
    expect(starts).toEqual([{ cpu: 0.2 }, { cpu: 0.4 }]);
  });
});

describe("a CPU limit", () => {
  const limited = async (inForce: (limits: Limits) => Limits) => {
    const rigFor = await keeping(noting(true, inForce).plugin);
    const rig = await rigFor({ cpu: 0.5 });
    return rig.limit(pointAt({ cpu: 0.5 }));
  };

  it("is one that the kernel has in force", () => expect(limited((limits) => limits)).resolves.toBeUndefined());

  it("is refused where the kernel has another one in force, or none", async () => {
    const said = "asked for 0.5 cpu, but the kernel has";
    await expect(limited(() => ({ cpu: 1 }))).rejects.toThrow(`${said} 1 in force`);
    await expect(limited(() => ({}))).rejects.toThrow(`${said} no limit in force`);
  });
});
