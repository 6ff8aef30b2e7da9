import { describe, expect, it } from "vitest";
import type { Launch } from "../../../../src/core/contract/index.ts";
import { hostImageName } from "../../../../src/plugins/limiters/docker/hostImage.ts";
import { containerOptions } from "../../../../src/plugins/limiters/docker/options.ts";
import { exitOf } from "../../../../src/plugins/limiters/docker/watch.ts";
import { launchOf, MiB, merged } from "./sketches.ts";

const owner = { name: "proxy-lab-1-0", labels: { "proxy-lab": "haproxy" }, user: "1000:1000" };

describe("the container", () => {
  const source = { image: hostImageName(merged), system: merged };
  const scratch = { Type: "bind", Source: "/tmp/s", Target: "/tmp/s" };
  const bindsOf = (launch: Launch) => containerOptions(launch, {}, source, owner).HostConfig?.Binds;

  it("runs the host's program by its path, in the given environment, as the user of the lab", () => {
    const options = containerOptions(launchOf(), {}, source, owner);
    expect(options.Entrypoint).toEqual(["/usr/sbin/haproxy", "-f", "/tmp/s/haproxy.cfg"]);
    expect(options.Env).toEqual(["HOME=/tmp/s", "PATH=/usr/sbin"]);
    expect(options.WorkingDir).toBe("/tmp/s");
    expect(options.User).toBe("1000:1000");
    expect(options.Labels).toEqual({ "proxy-lab": "haproxy" });
  });

  it("runs an image's program by its name and mounts nothing of the host but the scratch folder", () => {
    const options = containerOptions(launchOf(), {}, { image: "haproxy:lts" }, owner);
    expect(options.Entrypoint).toEqual(["haproxy", "-f", "/tmp/s/haproxy.cfg"]);
    expect(options.HostConfig).toMatchObject({ Binds: [], Mounts: [scratch] });
  });

  it("leaves it to an image where its programs are", () => {
    expect(containerOptions(launchOf(), {}, { image: "haproxy:lts" }, owner).Env).toEqual(["HOME=/tmp/s"]);
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
    expect(bindsOf(launch)).toEqual(["/usr:/usr:ro", "/etc:/etc:ro", "/opt/tool:/opt/tool:ro"]);
    expect(containerOptions(launch, {}, source, owner).HostConfig?.Mounts).toEqual([scratch]);
  });

  it("sees the folder of a program that names no folder to read", () => {
    expect(bindsOf(launchOf({ executable: "/srv/proxy" }))).toContain("/srv:/srv:ro");
  });

  it("mounts nothing over a link of the image", () => {
    expect(bindsOf(launchOf({ executable: "/bin/sh" }))).toEqual(["/usr:/usr:ro", "/etc:/etc:ro"]);
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
