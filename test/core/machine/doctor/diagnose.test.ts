import { describe, expect, it } from "vitest";
import {
  defineLimiter,
  defineProxy,
  type LimiterPlugin,
  type Plugin,
  type ProxyPlugin,
} from "../../../../src/core/contract/index.ts";
import { Registry } from "../../../../src/core/hosting/registry.ts";
import { combinationOf, diagnose } from "../../../../src/core/machine/doctor/diagnose.ts";
import type { Part } from "../../../../src/core/machine/doctor/parts.ts";
import type { LocalHost } from "../../../../src/core/process/host.ts";

/** A machine with nothing on it but npm. */
const host: Partial<LocalHost> = {
  platform: "linux",
  cores: 2,
  memoryBytes: 2 ** 30,
  root: true,
  env: {},
  findProgram: async () => ({ available: false, reason: "not on this machine" }),
  probe: async ([name]) => (name === "npm" ? { code: 0, stdout: "11\n", stderr: "" } : undefined),
  readText: async () => undefined,
};

const nowhere = { executables: ["no-such-proxy"], versionArguments: ["-v"], versionPattern: "(.*)" };

function proxy(id: string, changes: Partial<ProxyPlugin> = {}): ProxyPlugin {
  const program = { ...nowhere, install: {} };
  const supports = { roles: ["reverse" as const], balancing: true };
  return defineProxy({ id, title: id, program, supports, plan: () => ({ argv: ["no-such-proxy"] }), ...changes });
}

function limiter(changes: Partial<LimiterPlugin> = {}): LimiterPlugin {
  const supports = { cpu: true, memory: true, liveUpdate: true, images: true, otherHosts: false };
  const start = () => Promise.reject(new Error("not here"));
  const detect = async () => ({ available: true }) as const;
  return defineLimiter({
    id: "boxes",
    title: "boxes",
    supports,
    minimum: { cpu: 0.1, memoryBytes: 1 },
    start,
    detect,
    ...changes,
  });
}

function diagnoseWith(...plugins: Plugin[]) {
  const registry = new Registry(plugins.map((plugin) => ({ plugin, options: {}, source: plugin.id })));
  return diagnose({ host: host as LocalHost, registry, dataDir: "/nowhere" });
}

describe("a diagnosis", () => {
  it("has every part, found or not, with the command that would bring it", async () => {
    const missing = proxy("absent", { program: { ...nowhere, install: { npm: ["absent-proxy"] } } });
    const { findings, lacking, checks } = await diagnoseWith(missing, limiter());
    expect(findings.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["proxy absent", "limiter boxes", "origin nginx"]);
    expect(findings[0]).toMatchObject({ detection: { available: false }, advice: { do: "setup", program: "absent" } });
    expect(findings[1]).not.toHaveProperty("advice");
    expect(lacking).toEqual(["proxy", "load"]);
    expect(checks.map(({ id }) => id)).toContain("system");
  });

  it("goes on where a plugin throws", async () => {
    const detect = () => Promise.reject(new Error("no idea"));
    const { findings } = await diagnoseWith(proxy("broken", { detect }));
    expect(findings[0]?.detection).toMatchObject({ available: false, reason: expect.stringContaining("no idea") });
  });

  it("tells how to get the others where a plugin throws", async () => {
    const program = (name: string) => ({ ...nowhere, install: { npm: [name] } });
    const broken = proxy("broken", { detect: () => Promise.reject(new Error("no idea")), program: program("one") });
    const { findings } = await diagnoseWith(broken, proxy("absent", { program: program("other") }));
    expect(findings.find(({ id }) => id === "absent")).toMatchObject({ advice: { do: "setup", program: "absent" } });
  });

  it("sends whoever is not root to a setup by sudo for what root must install", async () => {
    const needsRoot = proxy("absent", { program: { ...nowhere, install: { apt: ["absent-proxy"] } } });
    const probe: LocalHost["probe"] = async ([name]) =>
      name === "apt-get" ? { code: 0, stdout: "apt 2", stderr: "" } : undefined;
    const registry = new Registry([{ plugin: needsRoot, options: {}, source: "absent" }]);
    const user = { ...host, root: false, probe } as LocalHost;
    const { findings } = await diagnose({ host: user, registry, dataDir: "/nowhere" });
    expect(findings[0]).toMatchObject({ advice: { do: "setup", program: "absent", by: "sudo" } });
  });

  it("passes on what a plugin itself says that would help", async () => {
    const detect = async () => ({ available: false, reason: "no", help: "buy one" }) as const;
    const { findings } = await diagnoseWith(proxy("odd", { detect }));
    expect(findings[0]).toMatchObject({ advice: { do: "byHand", text: "buy one" } });
  });

  it("tells of the image that a limiter would take for a program that is not there", async () => {
    const imageOf = () => "absent:1";
    const image = { limiter: "boxes", name: "absent:1" };
    expect((await diagnoseWith(proxy("absent"), limiter({ imageOf }))).findings[0]).toMatchObject({ image });
    const unavailable = async () => ({ available: false, reason: "not running" }) as const;
    expect(
      (await diagnoseWith(proxy("absent"), limiter({ imageOf, detect: unavailable }))).findings[0],
    ).not.toHaveProperty("image");
  });
});

describe("what can measure on a machine", () => {
  const part = (kind: Part["kind"], id: string, available: boolean, image?: Part["image"]): Part => ({
    ...{ kind, id, title: id },
    detection: available ? { available: true } : { available: false, reason: "no" },
    ...(image ? { image } : {}),
  });
  const tools = [part("load", "ab", false), part("load", "wrk", true), part("limiter", "cgroup", true)];

  it("is the first of each kind that works", () => {
    expect(combinationOf([part("proxy", "haproxy", false), part("proxy", "squid", true), ...tools])).toEqual({
      proxy: "squid",
      load: "wrk",
      limiter: "cgroup",
    });
  });

  it("may be a proxy from an image, under the limiter that brings it", () => {
    const boxed = part("proxy", "haproxy", false, { limiter: "docker", name: "haproxy:lts" });
    expect(combinationOf([boxed, ...tools, part("limiter", "docker", true)])).toEqual({
      proxy: "haproxy",
      load: "wrk",
      limiter: "docker",
    });
  });

  it("is nothing where one kind has none", () => {
    expect(combinationOf(tools)).toBeUndefined();
    expect(combinationOf([part("proxy", "squid", true), part("limiter", "cgroup", true)])).toBeUndefined();
  });
});
