import { describe, expect, it, onTestFinished } from "vitest";
import { defineLimiter, defineProxy, type Limits, type ProxySetup } from "../../../../src/core/contract/index.ts";
import type { Point } from "../../../../src/core/domain/point.ts";
import type { LabError } from "../../../../src/core/errors.ts";
import { asOrigins, startTarget } from "../../../../src/core/hosting/conformance/live/target.ts";
import { openRig, type PlannedStart, type RigSetup } from "../../../../src/core/measure/trial/rig.ts";
import { LocalHost } from "../../../../src/core/process/host.ts";
import { Ledger } from "../../../../src/core/process/ledger.ts";
import builtin from "../../../../src/plugins/proxies/builtin.ts";
import { expectRejection } from "../../../fixtures/errors.ts";
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

/** Starts the built-in proxy under a limiter. */
async function opened(limiter: ReturnType<typeof noting>["plugin"], changes: Partial<RigSetup> = {}) {
  const target = await startTarget();
  const host = await LocalHost.open(new Ledger());
  const found = await builtin.detect(host, {});
  if (!found.available) throw new Error(found.reason);
  const rig = await openRig(
    { host, signal: new AbortController().signal },
    {
      proxy: { plugin: builtin, options: {}, source: "a test" },
      limiter: { plugin: limiter, options: {}, source: "a test" },
      source: { found },
      point: pointAt({ cpu: 0.5 }),
      profile: "fair",
      origins: asOrigins([target]),
      connections: 32,
      ...changes,
    },
  );
  onTestFinished(async () => {
    await rig.close();
    await target.close();
  });
  return rig;
}

describe("a proxy", () => {
  it("is told its version and the most connections of any trial on it", async () => {
    const setups: ProxySetup[] = [];
    const plugin = defineProxy({
      ...builtin,
      plan(setup) {
        setups.push(setup);
        return builtin.plan(setup);
      },
    });
    const found = { available: true, version: "2.0.1", executable: process.execPath } as const;
    const proxy = { plugin, options: {}, source: "a test" };
    await opened(noting(true).plugin, {
      proxy,
      source: { found },
      connections: 512,
      point: pointAt({ concurrency: 8 }),
    });
    expect(setups).toMatchObject([{ version: "2.0.1", connections: 512, role: "reverse" }]);
  });

  it("starts under its CPU limit only where its limiter cannot change that later", async () => {
    const [live, rigid] = [noting(true), noting(false)];
    const fits = [];
    for (const { plugin } of [live, rigid]) fits.push((await opened(plugin)).fits(pointAt({ cpu: 0.4 })));
    expect([live.starts, rigid.starts]).toEqual([[{}], [{ cpu: 0.5 }]]);
    expect(fits).toEqual([true, false]);
  });

  it("is known to have ended", async () => {
    const rig = await opened(noting(true).plugin);
    expect(rig.alive()).toBe(true);
    await rig.close();
    expect(rig.alive()).toBe(false);
  });
});

describe("a proxy that cannot be started", () => {
  const complaining = (script: string) =>
    defineProxy({
      ...builtin,
      plan: () => ({ argv: ["sh", "-c", script], files: { "proxy.conf": "listen nowhere" }, deviations: ["none"] }),
    });

  async function failure(script: string) {
    const planned: PlannedStart[] = [];
    const opening = opened(noting(true).plugin, {
      proxy: { plugin: complaining(script), options: {}, source: "a test" },
      source: { found: { available: true, executable: "/bin/sh" } },
      onPlan: (one) => planned.push(one),
    });
    const error = await opening.catch((thrown: LabError) => thrown);
    return { error, planned };
  }

  it("tells the line that says why, and has all that was written", async () => {
    const { error } = await failure('echo notice; echo "error in $HOME/proxy.conf"; echo giving up; exit 1');
    expect(error).toMatchObject({
      code: "LAB_START",
      help: "error in ./proxy.conf",
      output: "notice\nerror in ./proxy.conf\ngiving up",
    });
  });

  it("is told of with how it was to be started", async () => {
    const { planned } = await failure("exit 1");
    expect(planned).toMatchObject([
      { configuration: { files: { "proxy.conf": "listen nowhere" } }, deviations: ["none"] },
    ]);
  });
});

describe("a proxy that answers wrongly", () => {
  const answering = (status: number) => {
    const answer = `(_, answer) => answer.writeHead(${status}).end("mine")`;
    return defineProxy({
      ...builtin,
      plan: ({ listen: { host, port } }) => ({
        argv: ["node", "-e", `require("http").createServer(${answer}).listen(${port}, "${host}")`],
      }),
    });
  };

  it.each([
    [400, /\b400\b/],
    [200, /\b200\b.*origin/],
  ])("is told with its answer: %i", async (status, told) => {
    const proxy = { plugin: answering(status), options: {}, source: "a test" };
    await expectRejection(opened(noting(true).plugin, { proxy, readyWithinMs: 1_500 }), "LAB_NOT_READY", told);
  });
});

describe("a CPU limit", () => {
  const limited = async (inForce: (limits: Limits) => Limits) =>
    (await opened(noting(true, inForce).plugin)).limit(pointAt({ cpu: 0.5 }));

  it("is one that the kernel has in force", () => expect(limited((limits) => limits)).resolves.toBeUndefined());

  it("is refused where the kernel has another one in force, or none", async () => {
    await expectRejection(
      limited(() => ({ cpu: 1 })),
      "LAB_LIMIT",
      /\b0\.5 cpu\b.*\b1\b/,
    );
    await expectRejection(
      limited(() => ({})),
      "LAB_LIMIT",
      /\b0\.5 cpu\b.*\bno limit\b/,
    );
  });
});
