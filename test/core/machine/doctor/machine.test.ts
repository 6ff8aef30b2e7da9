import { describe, expect, it } from "vitest";
import type { Host } from "../../../../src/core/contract/index.ts";
import { readMachine } from "../../../../src/core/machine/doctor/machine.ts";

/** A Linux with version 1 of control groups on which only these files can be read. */
function hostWith(...files: readonly string[]): Host {
  return {
    platform: "linux",
    cores: 2,
    memoryBytes: 2 ** 30,
    root: true,
    cgroupVersion: "v1",
    env: {},
    findProgram: async () => ({ available: false, reason: "not on this machine" }),
    probe: async () => undefined,
    readText: async (path) => (files.includes(path) ? "1\n" : undefined),
  };
}

describe("what is read of a machine", () => {
  it("names no controller of version 1 that the kernel does not have", async () => {
    const files = ["cpu", "cpuacct"].map((name) => `/sys/fs/cgroup/${name}/cgroup.procs`);
    const { controllers } = await readMachine(hostWith(...files), "/nowhere");
    expect(controllers.map(({ name }) => name)).toEqual(["cpu", "cpuacct"]);
  });
});
