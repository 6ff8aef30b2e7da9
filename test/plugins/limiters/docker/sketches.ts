import type { Host, Launch } from "../../../../src/core/contract/index.ts";

export const MiB = 1024 * 1024;

/** System folders of a machine whose /bin is a link into /usr. */
export const merged = { links: [{ path: "bin", target: "usr/bin" }], folders: ["/usr", "/etc"] };

export function launchOf(changes: Partial<Launch> = {}): Launch {
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

export function hostOf(changes: Partial<Host> = {}): Host {
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

/** A machine that answers any command with this. */
export function listing(stdout: string): Host {
  return hostOf({ probe: async () => ({ code: 0, stdout, stderr: "" }) });
}
