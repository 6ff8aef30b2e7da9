import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type DaemonInfo, detectDaemon, judgeDaemon } from "../../../../src/plugins/limiters/docker/daemon.ts";
import { hostOf } from "./sketches.ts";

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
  const detectAt = (url: string) => detectDaemon(hostOf({ env: { DOCKER_HOST: url } }), {});

  const here = { kernel: "6.1.0\n", platform: "linux", forced: false };

  it("gives its version and how it makes control groups", () => {
    expect(judgeDaemon(info, here)).toEqual({ available: true, version: "28.0.1 (systemd, cgroup v2)" });
    const { CgroupVersion: _, ...old } = { ...info, SecurityOptions: null };
    expect(judgeDaemon(old, { ...here, kernel: undefined })).toEqual({
      available: true,
      version: "28.0.1 (systemd, cgroup v1)",
    });
  });

  it.each([
    ["a daemon in a virtual machine", { KernelVersion: "5.15.0-vm" }, "another kernel (5.15.0-vm)"],
    ["a rootless daemon", { SecurityOptions: ["name=rootless"] }, "rootless"],
    ["a kernel without CPU quotas", { CpuCfsQuota: false }, "cannot limit CPU"],
    ["a kernel without memory limits", { MemoryLimit: false }, "cannot limit memory"],
  ])("refuses %s with the reason", (_, changes, reason) => {
    const found = judgeDaemon({ ...info, ...changes }, here);
    expect(found.available === false && found.reason).toContain(reason);
  });

  it("refuses a daemon on another machine without asking it", async () => {
    const found = await detectAt("tcp://192.0.2.1:2375");
    expect(found.available === false && found.reason).toContain("on another machine");
    expect(await detectAt("ssh://someone@example.org")).toMatchObject({ available: false });
  });

  it("refuses systems where Docker needs a virtual machine", () => {
    expect(judgeDaemon(info, { ...here, platform: "darwin" })).toMatchObject({
      available: false,
      reason: expect.stringContaining("virtual machine"),
    });
  });

  it("takes a daemon apart from the machine where the user says that it shares the loopback", () => {
    const forced = { ...here, forced: true };
    expect(judgeDaemon({ ...info, KernelVersion: "5.15.0-vm" }, forced)).toMatchObject({
      available: true,
      details: ["the daemon runs on another kernel (5.15.0-vm), in a virtual machine most likely"],
    });
    expect(judgeDaemon({ ...info, CpuCfsQuota: false }, forced)).toMatchObject({ available: false });
  });

  it("says that there is no socket", async () => {
    const found = await detectAt(`unix://${dir}/absent.sock`);
    expect(found).toMatchObject({
      available: false,
      reason: expect.stringContaining(`unix://${dir}/absent.sock`),
    });
    expect(found).toHaveProperty("help", "apt-get install docker.io, or as docs.docker.com/engine/install says");
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
    const found = await detectAt(`unix://${dir}/mute.sock`);
    server.close();
    expect(found).toMatchObject({ available: false, reason: expect.stringMatching(/\b2 s\b/) });
  });
});
