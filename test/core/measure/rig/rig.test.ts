import { X509Certificate } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  defineLimiter,
  defineProxy,
  type Limits,
  type ProxySetup,
  type ServerTls,
} from "../../../../src/core/contract/index.ts";
import type { Point } from "../../../../src/core/domain/point.ts";
import type { LabError } from "../../../../src/core/errors.ts";
import { asOrigins, startTarget } from "../../../../src/core/hosting/conformance/live/target.ts";
import { certificateOf } from "../../../../src/core/measure/rig/certificate.ts";
import { openRig, type PlannedStart, type RigSetup } from "../../../../src/core/measure/rig/rig.ts";
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

describe("a proxy over TLS", () => {
  const tls = { key: "ecdsa", version: "1.3", resumption: true } as const;
  const planning = (plan: (setup: ProxySetup) => ReturnType<typeof builtin.plan>, supports = builtin.supports) => ({
    proxy: { plugin: defineProxy({ ...builtin, plan, supports }), options: {}, source: "a test" },
  });
  /** A proxy that takes what it is told of TLS for something else. */
  const mistaking = (changes: Partial<ServerTls>) =>
    planning((setup) => builtin.plan({ ...setup, tls: { ...setup.tls!, ...changes } }));

  it.each(["ecdsa", "rsa"] as const)("answers over it, by a certificate with such a key: %s", async (key) => {
    const { entrance } = await opened(noting(true).plugin, { tls: { ...tls, key } });
    expect(entrance).toMatchObject({ secure: true, role: "reverse" });
    const { asymmetricKeyType } = await certificateOf(key).then(
      ({ certificate }) => new X509Certificate(certificate).publicKey,
    );
    expect(asymmetricKeyType).toBe(key === "rsa" ? "rsa" : "ec");
  });

  it.each(["1.2", "1.3"] as const)(
    "is started as it was told, TLS %s, with resumed and with full handshakes",
    async (version) => {
      for (const resumption of [true, false])
        await expect(opened(noting(true).plugin, { tls: { ...tls, version, resumption } })).resolves.toBeDefined();
    },
  );

  it("leaves nothing of the certificate in the record", async () => {
    const rig = await opened(noting(true).plugin, { tls });
    expect(Object.keys(rig.configuration.files)).toEqual([]);
    expect(JSON.stringify(rig.configuration)).not.toContain("-----BEGIN");
  });

  it("is refused where it speaks another version, or resumes otherwise than it was told", async () => {
    const { plugin } = noting(true);
    await expectRejection(opened(plugin, { tls, ...mistaking({ version: "1.2" }) }), "LAB_NOT_READY", /1\.2.*1\.3/);
    await expectRejection(opened(plugin, { tls, ...mistaking({ resumption: false }) }), "LAB_NOT_READY", "resume");
    const full = { tls: { ...tls, resumption: false } };
    await expectRejection(opened(plugin, { ...full, ...mistaking({ resumption: true }) }), "LAB_NOT_READY", "resumes");
  });

  it("is not expected to resume sessions where it never does", async () => {
    const { tlsResumption: _, ...supports } = builtin.supports;
    const never = planning((setup) => builtin.plan({ ...setup, tls: { ...setup.tls!, resumption: false } }), supports);
    await expect(opened(noting(true).plugin, { tls, ...never })).resolves.toBeDefined();
  });

  it("is refused where it offers no HTTP/2", async () => {
    await expectRejection(opened(noting(true).plugin, { tls, http2: true }), "LAB_NOT_READY", "HTTP/2");
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
