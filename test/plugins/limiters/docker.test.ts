import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Host, Launch } from "../../../src/core/contract/index.ts";
import { type DaemonInfo, detectDaemon, judge } from "../../../src/plugins/limiters/docker/daemon.ts";
import {
  hostImageName,
  imageFor,
  imageOption,
  readHostSystem,
  skeleton,
} from "../../../src/plugins/limiters/docker/image.ts";
import { difference, dockerLimits } from "../../../src/plugins/limiters/docker/limits.ts";
import { containerOptions } from "../../../src/plugins/limiters/docker/options.ts";
import { tarOf } from "../../../src/plugins/limiters/docker/tar.ts";
import { exitOf } from "../../../src/plugins/limiters/docker/watch.ts";

const MiB = 1024 * 1024;
const merged = { links: [{ path: "bin", target: "usr/bin" }], folders: ["/usr", "/etc"] };
const split = { links: [], folders: ["/usr", "/etc", "/bin", "/lib"] };
const owner = { name: "proxy-lab-1-0", pid: 1, user: "1000:1000" };

function launchOf(changes: Partial<Launch> = {}): Launch {
  return {
    name: "haproxy",
    argv: ["haproxy", "-f", "/tmp/s/haproxy.cfg"],
    executable: "/usr/sbin/haproxy",
    env: { HOME: "/tmp/s", PATH: "/usr/sbin" },
    scratchDir: "/tmp/s",
    readOnlyDirs: [],
    openFiles: 8192,
    ...changes,
  };
}

function hostOf(changes: Partial<Host> = {}): Host {
  return {
    platform: "linux",
    cores: 2,
    memoryBytes: 1024 * MiB,
    root: true,
    env: {},
    findProgram: async () => ({ available: false, reason: "none" }),
    probe: async () => undefined,
    readText: async () => undefined,
    ...changes,
  };
}

function listing(stdout: string): Host {
  return hostOf({ probe: async () => ({ code: 0, stdout, stderr: "" }) });
}

describe("the image of the host's skeleton", () => {
  it("has the links of a host whose /bin is in /usr", async () => {
    const system = await readHostSystem(listing("bin usr/bin\nlib usr/lib\nlib64 usr/lib64"));
    expect(system.links.map((link) => `${link.path} -> ${link.target}`)).toEqual([
      "bin -> usr/bin",
      "lib -> usr/lib",
      "lib64 -> usr/lib64",
    ]);
    expect(system.folders).toEqual(["/usr", "/etc"]);
  });

  it("has places to mount the folders of a host whose /bin is a folder", async () => {
    const system = await readHostSystem(listing("bin\nlib"));
    expect(system).toEqual({ links: [], folders: ["/usr", "/etc", "/bin", "/lib"] });
    expect(listed(skeleton(system))).toEqual(expect.arrayContaining(["bin/", "lib/"]));
  });

  it("is read by tar, with its folders, links and permissions", () => {
    const lines = execFileSync("tar", ["tvf", "-"], { input: skeleton(merged), encoding: "utf8" });
    expect(lines).toMatch(/^drwxr-xr-x .* etc\/$/m);
    expect(lines).toMatch(/^drwxrwxrwt .* tmp\/$/m);
    expect(lines).toMatch(/^l.* bin -> usr\/bin$/m);
    expect(lines).toMatch(/^l.* var\/run -> \.\.\/run$/m);
  });

  it("has the same name for the same host and another for another", () => {
    expect(hostImageName(merged)).toBe(hostImageName(structuredClone(merged)));
    expect(hostImageName(merged)).not.toBe(hostImageName(split));
    expect(hostImageName(merged)).toMatch(/^proxy-lab-host:[0-9a-f]{12}$/);
  });

  it("is made of tar headers whose checksums are right, whatever the paths", () => {
    const name = fc.stringMatching(/^[a-z0-9._-]{1,40}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), fc.option(name), (paths, target) => {
        const archive = tarOf(paths.map((path) => (target === null ? { path } : { path, target })));
        expect(archive.length).toBe(512 * (paths.length + 2));
        for (let at = 0; at < paths.length * 512; at += 512) {
          const header = Buffer.from(archive.subarray(at, at + 512));
          const stated = Number.parseInt(header.toString("latin1", 148, 154), 8);
          expect(header.fill(" ", 148, 156).reduce((sum, byte) => sum + byte, 0)).toBe(stated);
        }
      }),
    );
  });

  it("refuses a path that no tar header holds", () => {
    expect(() => tarOf([{ path: "a".repeat(100) }])).toThrow(/too long/);
  });
});

function listed(archive: Buffer): string[] {
  return execFileSync("tar", ["tf", "-"], { input: archive, encoding: "utf8" }).trim().split("\n");
}

describe("the choice of the image", () => {
  const host = listing("bin usr/bin");

  it("is the host's program where there is one", async () => {
    const source = await imageFor(launchOf({ image: "haproxy:lts" }), host, {});
    expect(source.image).toBe(hostImageName(merged));
    expect(source.system).toEqual(merged);
  });

  it("is the official image where the host has no program", async () => {
    const { executable: _, ...rest } = launchOf({ image: "haproxy:lts" });
    expect(await imageFor(rest, host, {})).toEqual({ image: "haproxy:lts" });
  });

  it("is the one that the options name", async () => {
    const launch = launchOf({ image: "haproxy:lts" });
    expect(await imageFor(launch, host, { imageSource: "official" })).toEqual({ image: "haproxy:lts" });
    expect(await imageFor(launch, host, { imageSource: "mine:1" })).toEqual({ image: "mine:1" });
  });

  it("fails with the reason when nothing has the program", async () => {
    const { executable: _, ...rest } = launchOf();
    await expect(imageFor(rest, host, { imageSource: "host" })).rejects.toThrow("haproxy is not installed");
    await expect(imageFor(rest, host, {})).rejects.toThrow("names no container image");
  });

  it("refuses an imageSource that is no text", () => {
    expect(() => imageOption({ imageSource: 3 })).toThrow("imageSource must be");
  });
});

describe("the limits that Docker is given", () => {
  const anyLimits = fc.record(
    {
      cpu: fc.double({ min: 0.01, max: 64, noNaN: true }),
      memoryBytes: fc.integer({ min: 6 * MiB, max: 2 ** 40 }),
      periodSeconds: fc.double({ min: 0.1, max: 1, noNaN: true }),
    },
    { requiredKeys: [] },
  );

  it("say the same CPU bandwidth, to the microsecond of quota, and never allow swap", () => {
    fc.assert(
      fc.property(anyLimits, (limits) => {
        const { CpuPeriod, CpuQuota, Memory, MemorySwap } = dockerLimits(limits);
        expect(MemorySwap).toBe(Memory);
        if (limits.cpu === undefined) expect(CpuQuota).toBe(-1);
        else expect(Math.abs(CpuQuota - limits.cpu * CpuPeriod)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it("are in force when the kernel reports them, whole pages of memory and microseconds apart", () => {
    fc.assert(
      fc.property(anyLimits, (limits) => {
        const { CpuPeriod, CpuQuota } = dockerLimits(limits);
        const kernel = {
          ...(limits.cpu === undefined ? {} : { cpu: CpuQuota / CpuPeriod, periodSeconds: CpuPeriod / 1e6 }),
          ...(limits.memoryBytes === undefined
            ? {}
            : { memoryBytes: limits.memoryBytes - (limits.memoryBytes % 4096) }),
        };
        expect(difference(limits, kernel)).toBeUndefined();
      }),
    );
  });

  it("are not in force when the kernel says otherwise", () => {
    const wanted = { cpu: 0.3, memoryBytes: 64 * MiB };
    expect(difference(wanted, { cpu: 0.6, memoryBytes: 64 * MiB })).toBe("0.6 CPU instead of 0.3");
    expect(difference(wanted, { memoryBytes: 64 * MiB })).toContain("no limit on CPU");
    expect(difference(wanted, { cpu: 0.3, memoryBytes: 128 * MiB })).toContain("134217728 bytes instead of 67108864");
    expect(difference(wanted, { cpu: 0.3, memoryBytes: 32 * MiB })).toContain("33554432 bytes instead of 67108864");
    expect(difference(wanted, { cpu: 0.3 })).toContain("no bytes instead of 67108864");
    expect(difference({}, { cpu: 0.3 })).toBe("0.3 CPU instead of none");
  });

  it("are refused where the quota would be shorter than the kernel takes", () => {
    expect(() => dockerLimits({ cpu: 0.05, periodSeconds: 0.01 })).toThrow("500 us in each period of 10000 us");
  });
});

describe("the container", () => {
  const source = { image: hostImageName(merged), system: merged };
  const bindsOf = (launch: Launch) => containerOptions(launch, {}, source, owner).HostConfig?.Binds;

  it("runs the host's program by its path, in the given environment, as the user of the lab", () => {
    const options = containerOptions(launchOf(), {}, source, owner);
    expect(options.Entrypoint).toEqual(["/usr/sbin/haproxy", "-f", "/tmp/s/haproxy.cfg"]);
    expect(options.Env).toEqual(["HOME=/tmp/s", "PATH=/usr/sbin"]);
    expect(options.WorkingDir).toBe("/tmp/s");
    expect(options.User).toBe("1000:1000");
    expect(options.Labels).toEqual({ "proxy-lab": "haproxy", "proxy-lab.owner": "1" });
  });

  it("runs an image's program by its name and mounts nothing of the host but the scratch folder", () => {
    const options = containerOptions(launchOf(), {}, { image: "haproxy:lts" }, owner);
    expect(options.Entrypoint).toEqual(["haproxy", "-f", "/tmp/s/haproxy.cfg"]);
    expect(options.HostConfig?.Binds).toEqual(["/tmp/s:/tmp/s:rw"]);
  });

  it("has the limits as quota and period, the cores and the limit on open files", () => {
    const limits = { cpu: 0.3, memoryBytes: 64 * MiB };
    const { HostConfig } = containerOptions(launchOf({ cores: [0, 1] }), limits, source, owner);
    expect(HostConfig).toMatchObject({
      CpuPeriod: 100_000,
      CpuQuota: 30_000,
      Memory: 64 * MiB,
      MemorySwap: 64 * MiB,
      CpusetCpus: "0,1",
      Ulimits: [{ Name: "nofile", Soft: 8192, Hard: 8192 }],
      NetworkMode: "host",
      LogConfig: { Type: "none" },
      AutoRemove: true,
      Init: false,
    });
    expect(HostConfig).not.toHaveProperty("NanoCpus");
  });

  it("starts without a memory limit where none is asked for", () => {
    const { HostConfig } = containerOptions(launchOf(), { cpu: 1 }, source, owner);
    expect(HostConfig).not.toHaveProperty("Memory");
    expect(HostConfig).not.toHaveProperty("CpusetCpus");
  });

  it("sees the program's folders read-only and its scratch folder read-write, each once", () => {
    const launch = launchOf({ executable: "/opt/tool/bin/tool", readOnlyDirs: ["/opt/tool", "/usr/local/share"] });
    expect(bindsOf(launch)).toEqual(["/usr:/usr:ro", "/etc:/etc:ro", "/opt/tool:/opt/tool:ro", "/tmp/s:/tmp/s:rw"]);
  });

  it("sees the folder of a program that names no folder to read", () => {
    expect(bindsOf(launchOf({ executable: "/srv/proxy" }))).toContain("/srv:/srv:ro");
  });

  it("mounts nothing over a link of the image", () => {
    expect(bindsOf(launchOf({ executable: "/bin/sh" }))).toEqual(["/usr:/usr:ro", "/etc:/etc:ro", "/tmp/s:/tmp/s:rw"]);
  });
});

describe("the end of a container", () => {
  it("is a signal where Docker's code stands for one", () => {
    expect(exitOf(0)).toEqual({ code: 0 });
    expect(exitOf(3)).toEqual({ code: 3 });
    expect(exitOf(137)).toEqual({ signal: "SIGKILL" });
    expect(exitOf(143)).toEqual({ signal: "SIGTERM" });
    expect(exitOf(255)).toEqual({ code: 255 });
  });
});

describe("looking for a daemon", () => {
  const dir = mkdtempSync(join(tmpdir(), "docker-test-"));
  afterAll(() => rmSync(dir, { recursive: true }));
  const info: DaemonInfo = {
    ServerVersion: "28.0.1",
    KernelVersion: "6.1.0",
    CgroupDriver: "systemd",
    CgroupVersion: "2",
    CpuCfsQuota: true,
    MemoryLimit: true,
    SecurityOptions: ["name=seccomp,profile=builtin"],
  };
  const detectAt = (url: string) => detectDaemon(hostOf({ env: { DOCKER_HOST: url } }));

  it("gives its version and how it makes control groups", () => {
    expect(judge(info, "6.1.0\n")).toEqual({ available: true, version: "28.0.1 (systemd, cgroup v2)" });
    const { CgroupVersion: _, ...old } = { ...info, SecurityOptions: null };
    expect(judge(old, undefined)).toEqual({ available: true, version: "28.0.1 (systemd, cgroup v1)" });
  });

  it.each([
    ["a daemon in a virtual machine", { KernelVersion: "5.15.0-vm" }, "another kernel (5.15.0-vm)"],
    ["a rootless daemon", { SecurityOptions: ["name=rootless"] }, "rootless"],
    ["a kernel without CPU quotas", { CpuCfsQuota: false }, "cannot limit CPU"],
    ["a kernel without memory limits", { MemoryLimit: false }, "cannot limit memory"],
  ])("refuses %s with the reason", (_, changes, reason) => {
    const found = judge({ ...info, ...changes }, "6.1.0\n");
    expect(found.available === false && found.reason).toContain(reason);
  });

  it("refuses a daemon on another machine without asking it", async () => {
    const found = await detectAt("tcp://192.0.2.1:2375");
    expect(found.available === false && found.reason).toContain("on another machine");
    expect(await detectAt("ssh://someone@example.org")).toMatchObject({ available: false });
  });

  it("refuses systems where Docker needs a virtual machine", async () => {
    expect(await detectDaemon(hostOf({ platform: "darwin" }))).toMatchObject({ available: false });
  });

  it("says that there is no socket", async () => {
    const found = await detectAt(`unix://${dir}/absent.sock`);
    expect(found).toMatchObject({
      available: false,
      reason: `no Docker daemon: there is no socket at unix://${dir}/absent.sock`,
    });
    expect(found).toHaveProperty("help");
  });

  it("says that the daemon is not running when its socket is left over", async () => {
    writeFileSync(join(dir, "dead.sock"), "");
    expect(await detectAt(`unix://${dir}/dead.sock`)).toMatchObject({
      available: false,
      reason: expect.stringMatching(/not running/),
    });
  });

  it("gives up on a daemon that does not answer", async () => {
    const server = createServer(() => {}).listen(join(dir, "mute.sock"));
    const start = performance.now();
    const found = await detectAt(`unix://${dir}/mute.sock`);
    server.close();
    expect(found).toMatchObject({ available: false, reason: expect.stringMatching(/does not answer within 2 s/) });
    expect(performance.now() - start).toBeLessThan(4_000);
  });
});
