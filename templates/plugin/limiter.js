import { defineLimiter } from "proxy-lab/contract";

/** CPU bandwidth by the kernel's control groups, to begin with something that works. */
export default defineLimiter({
  id: "my-plugin",
  title: "My plugin",
  supports: { cpu: true, memory: false, liveUpdate: true, images: false, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 1 },

  async detect({ root, cgroupVersion: version }) {
    if (root && version) return { available: true, version };
    return {
      available: false,
      reason: "control groups need root, and a Linux that has them",
      help: "run the lab as root",
    };
  },

  async start(launch, limits, host) {
    const name = host.uniqueName();
    const v2 = host.cgroupVersion === "v2";
    const folders = (v2 ? [""] : ["/cpu", "/cpuacct"]).map((part) => `/sys/fs/cgroup${part}/${name}`);
    const owned = folders.map((path) => host.own({ kind: "cgroup", path }));
    const remove = async () => {
      for (const folder of folders) await host.removeDir(folder);
      for (const disown of owned) disown();
    };
    const limit = async (cores = 0) => {
      const quota = cores > 0 ? Math.round(cores * 100_000) : undefined;
      if (v2) return host.writeText(`${folders[0]}/cpu.max`, `${quota ?? "max"} 100000`);
      await host.writeText(`${folders[0]}/cpu.cfs_quota_us`, `${quota ?? -1}`);
    };
    try {
      if (v2) await host.writeText("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
      for (const folder of folders) await host.makeDir(folder);
      await limit(limits.cpu);
      const counters = await host.controlGroup(`/${name}`);
      const child = await host.launch(launch, { cgroups: folders });
      let over = false;
      const ended = child.exited.then(async (exit) => {
        over = true;
        const usage = await counters.usage();
        await remove();
        return { exit, usage };
      });
      return {
        ...child,
        exited: ended.then(({ exit }) => exit),
        stop: (graceMs) => Promise.all([child.stop(graceMs), ended]).then(() => {}),
        usage: async () => (over ? (await ended).usage : counters.usage()),
        limits: () => counters.limits(),
        update: ({ cpu }) => limit(cpu),
      };
    } catch (error) {
      await remove();
      throw error;
    }
  },
});
