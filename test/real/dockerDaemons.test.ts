import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Confined, Launch, LimiterHost, Limits, PluginOptions } from "../../src/core/contract/index.ts";
import { LocalHost } from "../../src/core/process/host.ts";
import { Ledger } from "../../src/core/process/ledger.ts";
import limiter from "../../src/plugins/limiters/docker.ts";
import { forward } from "../fixtures/forward.ts";
import { killedWhenTold } from "../fixtures/memoryHog.ts";
import { missing } from "../fixtures/parts.ts";

const MiB = 1024 * 1024;
const socket = "/var/run/docker.sock";
const ledger = new Ledger();
const host = await LocalHost.open(ledger);
const why = await missing("limiter/docker");
const busy: Launch["argv"] = ["/usr/bin/sh", "-c", "trap 'exit 0' TERM; echo busy; while :; do :; done"];

describe.skipIf(why)(`the docker limiter and its daemon (${why || "reached in several ways"})`, () => {
  let dir: string;
  const started: Confined[] = [];
  const servers: Server[] = [];
  let scratch: Awaited<ReturnType<LocalHost["scratchDir"]>>;
  let port: number;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "lab-docker-"));
    scratch = await host.scratchDir();
    servers.push(
      await forward({ host: "127.0.0.1", port: 0 }, socket),
      await forward({ path: `${dir}/second.sock` }, socket),
    );
    port = (servers[0]!.address() as AddressInfo).port;
    await limiter.prepare?.(host, {}, { images: [], onProgress: () => {}, signal: new AbortController().signal });
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((confined) => confined.stop(0)));
    vi.unstubAllEnvs();
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await scratch?.remove();
    rmSync(dir, { recursive: true });
  });

  async function start(argv: Launch["argv"], limits: Limits, options: PluginOptions, on: LimiterHost = host) {
    const launch = { name: "test", argv, executable: argv[0], env: { HOME: scratch.path }, openFiles: 1024 };
    const confined = await limiter.start(
      { ...launch, scratchDir: scratch.path, readOnlyDirs: [] },
      limits,
      on,
      options,
    );
    started.push(confined);
    return confined;
  }

  /** Makes a context as `docker context create` does, in a configuration folder of the test. */
  function addContext(name: string, url: string): void {
    const meta = join(dir, "contexts", "meta", createHash("sha256").update(name).digest("hex"));
    mkdirSync(meta, { recursive: true });
    writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker: { Host: url } } }));
  }

  const ways: [string, () => [name: string, value: string][], () => string][] = [
    ["a port of this machine", () => [["DOCKER_HOST", `tcp://127.0.0.1:${port}`]], () => "(DOCKER_HOST)"],
    ["a second socket", () => [["DOCKER_HOST", `unix://${dir}/second.sock`]], () => "second.sock (DOCKER_HOST)"],
    [
      "a context of the Docker command line",
      () => {
        addContext("mine", `tcp://127.0.0.1:${port}`);
        return [
          ["DOCKER_CONFIG", dir],
          ["DOCKER_CONTEXT", "mine"],
        ];
      },
      () => `tcp://127.0.0.1:${port} (context mine)`,
    ],
  ];

  it.each(ways)("works through %s", async (_, variables, shown) => {
    for (const [name, value] of variables()) vi.stubEnv(name, value);
    const found = await limiter.detect(host, {});
    expect(found).toMatchObject({ available: true, details: [expect.stringContaining(shown())] });
    const confined = await start(busy, { cpu: 0.2 }, {});
    expect(await confined.limits()).toEqual({ cpu: 0.2, periodSeconds: 0.1 });
    await confined.update({ cpu: 0.3 });
    expect(await confined.limits()).toMatchObject({ cpu: 0.3 });
    await expect.poll(() => confined.tail()).toContain("busy");
    await confined.stop(5_000);
    expect(await confined.exited).toEqual({ code: 0 });
  });

  it("gives the counters of the kernel by the daemon's figures too", async () => {
    const confined = await start(busy, { cpu: 0.3, memoryBytes: 64 * MiB }, { counters: "api" });
    expect(await confined.limits()).toEqual({ cpu: 0.3, periodSeconds: 0.1, memoryBytes: 64 * MiB });
    await sleep(2_000);
    const group = await host.controlGroup(confined.pid);
    const [before, daemon, after] = [await group.usage(), await confined.usage(), await group.usage()];
    for (const name of ["cpuSeconds", "periods", "throttledPeriods", "throttledSeconds"] as const) {
      expect(daemon[name]).toBeGreaterThan(0);
      expect(daemon[name]).toBeGreaterThanOrEqual(before[name]!);
      expect(daemon[name]).toBeLessThanOrEqual(after[name]!);
    }
    expect(daemon.memoryBytes).toBeGreaterThan(0);
    expect(daemon.oomKills).toBe(0);
    await confined.update({ cpu: 0.6 });
    expect(await confined.limits()).toEqual({ cpu: 0.6, periodSeconds: 0.1 });
    await confined.stop(5_000);
    expect(await confined.usage()).toEqual({ oomKills: 0 });
  });

  it("counts a kill at the memory limit by the daemon's figures too", async () => {
    const confined = await start(killedWhenTold, { memoryBytes: 32 * MiB }, { counters: "api" });
    writeFileSync(`${scratch.path}/go`, "");
    await expect.poll(async () => (await confined.usage()).oomKills).toBeGreaterThan(0);
    rmSync(`${scratch.path}/go`);
    expect(await confined.exited).toEqual({ code: 9 });
    expect((await confined.usage()).oomKills).toBeGreaterThan(0);
  });

  it("takes the daemon's figures where the processes cannot be seen, and owns no process by a number it cannot check", async () => {
    const confined = await start(busy, { cpu: 0.3 }, {}, elsewhere());
    expect(await confined.limits()).toEqual({ cpu: 0.3, periodSeconds: 0.1 });
    await expect.poll(async () => (await confined.usage()).cpuSeconds).toBeGreaterThan(0);
    expect(ledger.owned.filter(({ kind }) => kind === "process")).toEqual([]);
    await expect.poll(() => confined.tail()).toContain("busy");
    await confined.stop(5_000);
    expect(await confined.exited).toEqual({ code: 0 });
  });

  it("says so where the kernel's counters were chosen and cannot be read", async () => {
    await expect(start(busy, {}, { counters: "kernel" }, elsewhere())).rejects.toThrow(/\bcounters\b/);
  });

  it("refuses a daemon that does not see the lab's files", async () => {
    const scratchDir = "/tmp/proxy-lab-not-there";
    const launch = { name: "test", argv: busy, executable: busy[0], env: {}, openFiles: 1024, readOnlyDirs: [] };
    await expect(limiter.start({ ...launch, scratchDir }, {}, host, {})).rejects.toThrow(scratchDir);
  });
});

/** This machine as it looks to a lab that sees no process but its own. */
function elsewhere(): LimiterHost {
  return new Proxy(host, {
    get(target, key) {
      if (key === "readText") {
        return async (path: string) => (/^\/proc\/\d+\/cgroup$/.test(path) ? undefined : target.readText(path));
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
